package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// Hints are what people like to see at once and can do without: who came, who types, how far
// somebody has read, what changed in a group. They are never stored and may be lost. Only v2
// sessions are told.
type (
	// Hint hands a user what it may like to know, in the bytes that its sessions are sent. It is
	// dropped where the user blocks From; 0: nobody in particular.
	Hint struct {
		To, From persistence.UserID
		Object   []byte
	}
	// Relay hands a hint to all members of a group who are online, but From.
	Relay struct {
		Group  persistence.GroupID
		From   persistence.UserID
		Object []byte
	}
	// Announce tells the members of a group, online, what changed in it; the group reads its
	// memberships again.
	Announce struct {
		Group persistence.GroupID
		Event wire.Event
	}
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
	// spotted says that a list showed the user as offline.
	spotted struct{ User persistence.UserID }
)

// hint encodes what nobody asked for.
func hint(reply wire.Reply) []byte { return wire.AppendReply(nil, wire.Re{}, reply) }

func (u *User) hinted(ctx actor.Context, msg Hint) {
	u.seen++
	if !slices.Contains(u.blocks, msg.From) {
		u.tell(ctx, msg.Object, nil)
	}
}

// tell shows a hint on all sessions but one.
func (u *User) tell(ctx actor.Context, object []byte, but *actor.PID) {
	for _, s := range u.sessions {
		if s.in == wire.V2 && s.live && !s.pid.Equal(but) {
			ctx.Send(s.pid, Tell{s.number, object})
		}
	}
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
		ctx.Send(u.at.users, Hint{to, u.id, hint(reply)})
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
		ctx.Send(u.at.groups, Relay{group, u.id, hint(typed)})
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
	if _, group := m.Conv.Group(); group || m.Conv.Peer(u.id) == u.id {
		return
	}
	peer := m.Conv.Peer(u.id)
	marked.Conv = convOf(m.Conv, peer)
	u.confide(ctx, peer, marked)
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
	u.showTo(ctx, other, false)
}

func (u *User) unblocked(ctx actor.Context, other persistence.UserID) {
	u.blocks = slices.DeleteFunc(u.blocks, func(id persistence.UserID) bool { return id == other })
	u.showTo(ctx, other, true)
}

// showTo says to one user, if it watches this one, whether it is online.
func (u *User) showTo(ctx actor.Context, other persistence.UserID, online bool) {
	u.ask(ctx, friendsOf{other}, func(ctx actor.Context, a Answer) {
		friends, _ := a.Value.([]persistence.Peer)
		if slices.ContainsFunc(friends, func(p persistence.Peer) bool { return p.ID == u.id }) {
			ctx.Send(u.at.users, Hint{other, u.id, hint(wire.Presence{ID: int64(u.id), Online: online})})
		}
	})
}

// appear says that the user came, unless those who watch it have not seen it go.
func (u *User) appear(ctx actor.Context) {
	ctx.Send(u.at.users, Appeared{u.id})
	if !u.shown {
		u.shown = true
		u.tellWatchers(ctx)
	}
}

// vanish says that the user went, now or when it has been absent for long enough.
func (u *User) vanish(ctx actor.Context, now bool) {
	ctx.Send(u.at.users, Vanished{u.id})
	if now {
		u.shown = false
		u.tellWatchers(ctx)
		return
	}
	u.env.Clock.After(u.env.Limits.Absence, ctx.Self(), absent{u.rests})
}

func (u *User) absent(ctx actor.Context, msg absent) {
	if msg.rests == u.rests && len(u.sessions) == 0 {
		u.shown = false
		u.tellWatchers(ctx)
	}
}

// spotted makes sure that those hear of it who saw the user offline when it comes back, or if it
// just did.
func (u *User) spotted(ctx actor.Context) {
	u.seen++
	u.shown = false
	if u.awake {
		u.appear(ctx)
	}
}

func (u *User) tellWatchers(ctx actor.Context) {
	if u.draining {
		return
	}
	u.ask(ctx, watchersOf{u.id, u.env.Limits.Watchers}, func(ctx actor.Context, a Answer) {
		watchers, _ := a.Value.([]persistence.UserID)
		object := hint(wire.Presence{ID: int64(u.id), Online: u.shown}) // as it is by now
		for _, w := range watchers {
			ctx.Send(u.at.users, Hint{w, u.id, object})
		}
	})
}
