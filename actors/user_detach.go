package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
)

func (u *User) detach(ctx actor.Context, msg Detach) {
	u.seen++
	session := ctx.Sender()
	u.drop(ctx, msg.Logout, func(s *attached) bool { return s.pid.Equal(session) && s.number <= msg.Number })
	if !u.has(session) {
		ctx.Unwatch(session)
	}
	if msg.Ref != 0 {
		u.saveMarks(ctx, func(ctx actor.Context, a Answer) { ctx.Send(session, Answer{Ref: msg.Ref, Err: a.Err}) })
	}
}

func (u *User) expel(ctx actor.Context, msg cluster.Expel) {
	u.seen++
	u.displace(ctx, wire.Replaced, func(s *attached) bool { return s.turn < msg.Turn })
}

// displace takes sessions off and ends them.
func (u *User) displace(ctx actor.Context, reason wire.Reason, which func(*attached) bool) {
	for _, s := range u.sessions {
		if which(s) {
			ctx.Unwatch(s.pid)
			ctx.Send(s.pid, Displaced{s.number, reason})
		}
	}
	u.drop(ctx, reason != wire.Replaced, which)
}

// lost takes off a session that died.
func (u *User) lost(ctx actor.Context, session *actor.PID) {
	u.drop(ctx, false, func(s *attached) bool { return s.pid.Equal(session) })
}

// drop takes sessions off. With the last one the user goes to rest; bye: it will not be back soon.
func (u *User) drop(ctx actor.Context, bye bool, gone func(*attached) bool) {
	n := len(u.sessions)
	u.sessions = slices.DeleteFunc(u.sessions, gone)
	if len(u.sessions) == n || len(u.sessions) > 0 {
		return
	}
	u.rests++
	if u.shown {
		u.vanish(ctx, bye)
	}
	u.awake = false
	u.inbox = newInbox(u.env.Limits.Held)
	u.leaveAll(ctx)
	u.saveMarks(ctx, u.restMarks)
	u.env.Clock.After(u.env.Limits.Idle, ctx.Self(), rested{u.rests})
	u.drained(ctx)
}
