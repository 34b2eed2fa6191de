package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// Hints are what people like to see at once and can do without: who came, who types, how far
// somebody has read, what changed in a group. They are never stored and may be lost. Only v2
// sessions are told.
type (
	// Tell is a hint for a session.
	Tell struct {
		Number uint64
		Object []byte
	}
	// Compose says that the user is writing. Answer: nothing.
	Compose struct {
		Ref  uint64
		Conv persistence.Conv
	}
	// Come says how far the user has come in a conversation. Answer: nothing.
	Come struct {
		Ref             uint64
		Conv            persistence.Conv
		Delivered, Read uint64
	}
	// ListConvs asks how far the user has come in its conversations behind After, at most Limit of
	// them, by Conv. Answer: []persistence.ConvState.
	ListConvs struct {
		Ref   uint64
		After persistence.Conv
		Limit int
	}

	absent struct{ rests uint64 } // Timer: nobody has been here for long enough to say so.
)

// hint encodes what nobody asked for.
func hint(reply wire.Reply) []byte { return wire.AppendReply(nil, wire.Re{}, reply) }

func (u *User) hinted(ctx actor.Context, msg cluster.Hint) {
	u.seen++
	if !slices.Contains(u.blocks, msg.From) {
		u.tell(ctx, msg.Object, nil)
	}
}

// tell shows a hint on all sessions but one. One that attaches is shown it after its LOGIN_ACK, which may
// be older.
func (u *User) tell(ctx actor.Context, object []byte, but *actor.PID) {
	for _, s := range u.sessions {
		switch {
		case s.in != wire.V2 || s.pid.Equal(but):
		case s.live:
			ctx.Send(s.pid, Tell{s.number, object})
		case len(s.hints) < u.env.Limits.Held:
			s.hints = append(s.hints, object)
		}
	}
}

// share is tell for the user's sessions on all nodes.
func (u *User) share(ctx actor.Context, object []byte, but *actor.PID) {
	u.tell(ctx, object, but)
	ctx.Send(u.at.router, cluster.Hint{To: []persistence.UserID{u.id}, Object: object})
}

// convOf is conv as user names it.
func convOf(conv persistence.Conv, user persistence.UserID) wire.Conv {
	if group, ok := conv.Group(); ok {
		return wire.InGroup(int64(group))
	}
	return wire.WithUser(int64(conv.Peer(user)))
}

// confide hints something of the user to another one, unless it blocks that one, to whom it is offline.
func (u *User) confide(ctx actor.Context, to persistence.UserID, reply wire.Reply) {
	if !slices.Contains(u.blocks, to) {
		u.spread(ctx, cluster.Hint{To: []persistence.UserID{to}, From: u.id, Object: hint(reply)})
	}
}

// compose relays that the user is writing.
func (u *User) compose(ctx actor.Context, msg Compose) {
	typed := wire.Typed{ID: int64(u.id)}
	group, ok := msg.Conv.Group()
	switch {
	case !ok:
		peer := msg.Conv.Peer(u.id)
		typed.Conv, typed.To = convOf(msg.Conv, peer), int64(peer)
		u.confide(ctx, peer, typed)
	case u.isIn(group):
		typed.Conv = convOf(msg.Conv, u.id)
		u.spread(ctx, cluster.Relay{Group: group, From: u.id, Object: hint(typed)})
	default:
		ctx.Respond(Answer{Ref: msg.Ref, Err: persistence.ErrForbidden})
		return
	}
	ctx.Respond(Answer{Ref: msg.Ref})
}

// come moves marks forward, up to the head: what a session read from the store may be more than
// was pushed.
func (u *User) come(ctx actor.Context, msg Come) {
	session := ctx.Sender()
	if !u.reads(msg.Conv) {
		ctx.Respond(Answer{Ref: msg.Ref, Err: persistence.ErrForbidden})
		return
	}
	if u.inbox.passed(msg.Conv, max(msg.Delivered, msg.Read)) {
		u.came(ctx, session, msg)
		ctx.Respond(Answer{Ref: msg.Ref})
		return
	}
	u.ask(ctx, headOf{msg.Conv}, func(ctx actor.Context, a Answer) {
		if a.Err == nil {
			head := a.Value.(uint64)
			msg.Delivered, msg.Read = min(msg.Delivered, head), min(msg.Read, head)
			u.came(ctx, session, msg)
		}
		ctx.Send(session, Answer{Ref: msg.Ref, Err: a.Err})
	})
}

// came notes marks and lets the other side, and the user's other sessions, know.
func (u *User) came(ctx actor.Context, session *actor.PID, msg Come) {
	msg.Delivered = max(msg.Delivered, msg.Read) // who has read it was handed it
	if !u.marks.move(msg.Conv, msg.Delivered, msg.Read, true) {
		return
	}
	u.marksSoon(ctx)
	now := u.marks.now[msg.Conv]
	u.receipt(ctx, persistence.Mark{User: u.id, Conv: msg.Conv, Delivered: now.delivered, Read: now.read}, session)
}

// receipt lets the user's sessions but one, and the other side of a direct conversation, know how
// far the user has come.
func (u *User) receipt(ctx actor.Context, m persistence.Mark, but *actor.PID) {
	marked := wire.Marked{Conv: convOf(m.Conv, u.id), ID: int64(u.id), Delivered: m.Delivered, Read: m.Read}
	u.tell(ctx, hint(marked), but)
	ctx.Send(u.at.router, cluster.Marked{Mark: m})
	if _, group := m.Conv.Group(); group || m.Conv.Peer(u.id) == u.id {
		return
	}
	peer := m.Conv.Peer(u.id)
	marked.Conv = convOf(m.Conv, peer)
	u.confide(ctx, peer, marked)
}

// marked takes over how far the user has come on another node, which tells all others. It is written
// down here as well: what is read here next may depend on it.
func (u *User) marked(ctx actor.Context, m persistence.Mark) {
	u.seen++
	if u.awake && u.reads(m.Conv) && u.marks.move(m.Conv, m.Delivered, m.Read, true) {
		u.marksSoon(ctx)
		now := u.marks.now[m.Conv]
		u.tell(ctx, hint(wire.Marked{Conv: convOf(m.Conv, u.id), ID: int64(u.id), Delivered: now.delivered, Read: now.read}), nil)
	}
}

// listConvs tells of what the user has marked also where that is not written down yet: those who
// heard of it must not be told less.
func (u *User) listConvs(ctx actor.Context, msg ListConvs) {
	session := ctx.Sender()
	u.ask(ctx, convsOf{u.id, msg.After, msg.Limit}, func(ctx actor.Context, a Answer) {
		states, _ := a.Value.([]persistence.ConvState)
		u.marks.lift(states)
		ctx.Send(session, Answer{msg.Ref, states, a.Err})
	})
}

// blocked makes the user offline to one whom it blocks.
func (u *User) blocked(ctx actor.Context, other persistence.UserID) {
	if !slices.Contains(u.blocks, other) {
		u.blocks = append(u.blocks, other)
	}
	u.reblocked(ctx)
	u.showTo(ctx, other, false)
}

func (u *User) unblocked(ctx actor.Context, other persistence.UserID) {
	u.blocks = slices.DeleteFunc(u.blocks, func(id persistence.UserID) bool { return id == other })
	u.reblocked(ctx)
	u.showTo(ctx, other, true)
}

// reblocked lets go what is just being read of the user's blocks, here and elsewhere.
func (u *User) reblocked(ctx actor.Context) {
	u.stale = u.stale || u.refreshing
	u.refreshElsewhere(ctx)
}

// showTo says to one user, if it watches this one, whether it is online.
func (u *User) showTo(ctx actor.Context, other persistence.UserID, online bool) {
	u.ask(ctx, friendsOf{other}, func(ctx actor.Context, a Answer) {
		friends, _ := a.Value.([]persistence.Peer)
		if slices.ContainsFunc(friends, func(p persistence.Peer) bool { return p.ID == u.id }) {
			object := hint(wire.Presence{ID: int64(u.id), Online: online})
			u.spread(ctx, cluster.Hint{To: []persistence.UserID{other}, Object: object})
		}
	})
}

// vanish takes the claim back and says that the user went, now or when it has been absent for long enough.
func (u *User) vanish(ctx actor.Context, now bool) {
	u.release(ctx, absent{u.rests}, now)
	if !now {
		u.env.Clock.After(u.env.Limits.Absence, ctx.Self(), absent{u.rests})
	}
}

// release takes the claim back, and again where the bus is away for long.
func (u *User) release(ctx actor.Context, left absent, now bool) {
	ref := u.asks.add(ctx, u.env, func(ctx actor.Context, a Answer) {
		switch {
		case left.rests != u.rests || len(u.sessions) > 0:
		case a.Err != nil && !u.draining:
			u.release(ctx, left, now)
		case now:
			u.absent(ctx, left)
		}
	})
	ctx.Request(u.at.users, Release{ref, []cluster.Key{cluster.UserKey(u.id)}})
}

func (u *User) absent(ctx actor.Context, msg absent) {
	if msg.rests == u.rests && len(u.sessions) == 0 && !u.draining {
		u.shown = false
		ctx.Send(u.at.presence, Left{cluster.UserKey(u.id)})
	}
}
