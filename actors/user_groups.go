package actors

import (
	"errors"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

type (
	// Change asks to change lists or groups on the user's behalf. Answer: that of the query.
	Change struct {
		Ref uint64
		Do  query
	}
	// Unseated says that the user was found to be in a group no longer, since version Ver.
	Unseated struct {
		User  persistence.UserID
		Group persistence.GroupID
		Ver   uint64
	}
)

// change puts a session's change to the store, sees to what follows from it, then answers.
func (u *User) change(ctx actor.Context, msg Change) {
	session := ctx.Sender()
	u.ask(ctx, msg.Do, func(ctx actor.Context, a Answer) {
		u.changed(ctx, msg.Do, a)
		ctx.Send(session, Answer{msg.Ref, a.Value, a.Err})
	})
}

// changed lets those know who have to, or like to.
func (u *User) changed(ctx actor.Context, do query, a Answer) {
	if a.Err != nil {
		u.unchanged(ctx, do, a.Err)
		return
	}
	switch do := do.(type) {
	case befriend:
		event := hint(wire.Event{Kind: wire.FriendAdded, ID: int64(do.friend), By: int64(u.id)})
		u.share(ctx, event, nil)
		u.spread(ctx, cluster.Hint{To: []persistence.UserID{do.friend}, From: u.id, Object: event})
	case block:
		u.blocked(ctx, do.other)
	case unblock:
		u.unblocked(ctx, do.other)
	case found:
		group := a.Value.(persistence.GroupID)
		u.enter(ctx, Seat{Group: group, Ver: 1})
		u.refreshElsewhere(ctx)
		u.announce(ctx, group, wire.GroupJoined, u.id, "")
	case join:
		m := a.Value.(persistence.Membership)
		u.enter(ctx, Seat{do.group, m.Since, m.Ver})
		u.refreshElsewhere(ctx)
		u.announce(ctx, do.group, wire.GroupJoined, do.user, "")
	case leave:
		u.at.left(ctx, u.env, do.group, u.id, a.Value.(persistence.UserID))
		u.look(ctx, do.group) // it may be in again, by another of its sessions
	case kick:
		u.announce(ctx, do.group, wire.GroupKicked, do.user, "")
	case ban:
		if a.Value.(bool) {
			u.announce(ctx, do.group, wire.GroupKicked, do.user, "")
		}
	case invite:
		event := wire.Event{Kind: wire.GroupInvited, Group: int64(do.group), ID: int64(do.user), By: int64(u.id)}
		u.spread(ctx, cluster.Hint{To: []persistence.UserID{do.user}, From: u.id, Object: hint(event)})
	case setRole:
		u.announce(ctx, do.group, wire.RoleChanged, do.user, do.role)
		if do.role == persistence.Creator {
			u.announce(ctx, do.group, wire.RoleChanged, u.id, persistence.Admin)
		}
	case setGroup:
		u.announce(ctx, do.group, wire.GroupChanged, 0, "")
	case disband:
		u.announce(ctx, do.group, wire.GroupLeft, 0, "")
	}
}

// unchanged finds out what may have been done without a word of it: this change, or an earlier join where
// the user is a member already.
func (u *User) unchanged(ctx actor.Context, do query, err error) {
	if _, ok := do.(join); ok && errors.Is(err, persistence.ErrExists) {
		u.outdate(ctx)
	}
	if errnoOf(err) == wire.Unavailable {
		u.at.doubt(u.env)
	}
}

func (u *User) announce(ctx actor.Context, group persistence.GroupID, kind wire.EventKind, about persistence.UserID, role persistence.Role) {
	u.spread(ctx, announcement(group, kind, u.id, about, role))
}

// enter takes a seat in a group that the user is in since a moment ago, then reads what was
// said between that moment and the seat.
func (u *User) enter(ctx actor.Context, seat Seat) {
	if len(u.sessions) == 0 || !u.isNews(seat) {
		return
	}
	u.sit(seat)
	ref := u.asks.add(ctx, u.env, func(ctx actor.Context, _ Answer) { u.look(ctx, seat.Group) })
	ctx.Request(u.at.groups, Enter{ref, u.id, []Seat{seat}})
}

// isNews tells whether a seat is none that the user has or had, nor older: it may have been read long ago.
func (u *User) isNews(seat Seat) bool {
	ver, in := u.groups[seat.Group]
	over, left := u.left[seat.Group]
	return (!in || ver < seat.Ver) && (!left || over < seat.Ver)
}

// sit notes a seat, and lets through what comes after it.
func (u *User) sit(seat Seat) {
	if u.groups == nil {
		u.groups = map[persistence.GroupID]uint64{}
	}
	u.groups[seat.Group] = seat.Ver
	u.inbox.start(persistence.GroupConv(seat.Group), seat.Since)
}

// exit gives a seat back. What sessions that are catching up have not been pushed yet, they are not.
func (u *User) exit(ctx actor.Context, group persistence.GroupID) {
	if !u.isIn(group) {
		return
	}
	conv := persistence.GroupConv(group)
	if u.left == nil {
		u.left = map[persistence.GroupID]uint64{}
	}
	u.left[group] = u.groups[group]
	delete(u.groups, group)
	u.inbox.forget(conv)
	for _, s := range u.sessions {
		s.since = slices.DeleteFunc(s.since, func(p *Parcel) bool { return p.Conv == conv })
	}
	ctx.Send(u.at.groups, Exit{u.id, []persistence.GroupID{group}})
}

// barred says that the store refuses to let the user read: it is not in the group, or there is none.
func barred(err error) bool { return errors.Is(err, persistence.ErrForbidden) || isNotFound(err) }

// unseated leaves a group that the user was removed from, unless it came back meanwhile.
func (u *User) unseated(ctx actor.Context, msg Unseated) {
	u.seen++
	if ver, in := u.groups[msg.Group]; in && ver < msg.Ver {
		u.exit(ctx, msg.Group)
	}
}

// look reads how far a group has come whose seat was just taken, or that the user may have left. That it was
// removed again nobody may have told.
func (u *User) look(ctx actor.Context, group persistence.GroupID) {
	if !u.isIn(group) {
		return
	}
	conv := persistence.GroupConv(group)
	seat := u.seat(conv)
	u.ask(ctx, read{user: u.id, conv: conv}, func(ctx actor.Context, a Answer) {
		switch {
		case seat != u.seat(conv):
		case barred(a.Err):
			u.exit(ctx, group)
		case a.Err != nil:
			u.env.Clock.After(retry, ctx.Self(), lookDue{group})
		default:
			u.heard(ctx, persistence.Head{Conv: conv, Seq: a.Value.(persistence.Slice).Head})
		}
	})
}
