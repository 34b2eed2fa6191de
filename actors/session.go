package actors

import (
	"net/netip"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// Session is one connection. It decodes what the client sends, keeps its bounds, knows who is
// speaking and answers. It never waits: what it asked for is in asks, and the connection reads
// on until Limits.InFlight requests are unanswered. Stopped on panic, and the connection with it.
type Session struct {
	env  *Env
	at   places
	conn Conn
	from netip.Addr // the client's
	in   wire.Dialect
	asks asks
	rate bucket

	phase    phase
	inFlight int         // frames that were not answered
	early    []Frame     // came while a request was held for
	syncing  bool        // a SYNC is under way
	unsure   bool        // a message was answered with Unavailable, and may be stored
	leaving  wire.Reason // why the session ends once all is answered; "": it does not
	farewell *wire.Fault // is told last; nil: nothing is

	user   persistence.UserID  // of the last login
	home   *actor.PID          // its User, while logged in
	number uint64              // of the attachment; pushes of an earlier one are dropped
	token  persistence.TokenID // that the login has, 0 for none

	outbox  outbox              // of a classic client
	emptied func(actor.Context) // what waits until all that is queued was written; nil: nothing does
}

// phase is what the session makes of a frame, in one state of its life: greeting, holding, member
// or ignoring. Each frame ends with one call of done.
type phase func(*Session, actor.Context, Frame)

// NewSession makes the session of a new connection.
func NewSession(env *Env, at places, from Connected) *Session {
	return &Session{env: env, at: at, conn: from.Conn, from: from.Addr, phase: (*Session).greeting, rate: newBucket(env.Limits.Rate)}
}

// Receive makes Session an actor.
func (s *Session) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Started:
		s.conn.Open(ctx.Self())
	case *actor.Stopped:
		s.conn.Close(wire.Crashed) // has no effect where it was closed for a reason
	case *actor.Terminated:
		s.orphaned(ctx, msg)
	case Frame:
		s.frame(ctx, msg)
	case Written:
		s.written(ctx, msg)
	case HungUp:
		s.hungUp(ctx, msg)
	case Closed:
		ctx.Stop(ctx.Self())
	case Push:
		s.push(ctx, msg)
	case Page:
		s.page(ctx, msg)
	case Tell:
		s.tell(msg)
	case Displaced:
		s.displaced(ctx, msg)
	case Answer:
		s.asks.answer(ctx, msg)
	case overdue:
		s.asks.expire(ctx, s.env)
	case Drain:
		s.drain(ctx)
	default:
		s.env.unknown(ctx)
	}
}

func (s *Session) frame(ctx actor.Context, msg Frame) {
	if s.leaving != "" {
		return
	}
	s.inFlight++
	s.phase(s, ctx, msg)
}

// hungUp ends the session when what the client had asked is answered.
func (s *Session) hungUp(ctx actor.Context, msg HungUp) {
	switch err := msg.Err.(type) {
	case nil:
		s.leave(ctx, wire.ClientLeft)
	case *wire.Fault:
		s.farewell = err
		s.leave(ctx, err.Close)
	default:
		s.env.Log.Debug("a connection broke", "user", s.user, "addr", s.from, "err", err)
		s.leave(ctx, wire.ReadFailed)
	}
}

// drain asks the client to connect elsewhere, and ends the session.
func (s *Session) drain(ctx actor.Context) {
	if s.in == wire.V2 && s.leaving == "" {
		s.send(hint(wire.GoAway{Reason: wire.Draining, After: s.env.Limits.GoAway}))
	}
	s.leave(ctx, wire.Draining)
}

// leave takes no more requests, and ends the session when those it has are answered.
func (s *Session) leave(ctx actor.Context, reason wire.Reason) {
	if s.leaving != "" {
		return
	}
	s.leaving = reason
	s.left(ctx)
}

func (s *Session) left(ctx actor.Context) {
	if s.leaving == "" || s.inFlight > 0 {
		return
	}
	if s.farewell != nil {
		s.refuse(wire.Re{In: s.in}, s.farewell)
	}
	if s.leaving == wire.ClientLeft && s.in == wire.Classic && s.home != nil {
		s.part(ctx)
		return
	}
	s.end(ctx, s.leaving)
}

// part hangs up on a classic client that left when all that it was handed is written down: it is not
// handed that again, on whatever node it comes next.
func (s *Session) part(ctx actor.Context) {
	s.whenEmptied(ctx, func(ctx actor.Context) {
		ref := s.asks.add(ctx, s.env, func(ctx actor.Context, _ Answer) { s.end(ctx, wire.ClientLeft) })
		ctx.Request(s.at.users, Detach{Ref: ref, User: s.user, Number: s.number})
	})
}

// end closes the connection behind what it has queued, and nothing that was asked is answered
// any more. The session lives on until the connection says Closed, because what is written until
// then was delivered.
func (s *Session) end(ctx actor.Context, reason wire.Reason) {
	s.leaving, s.early, s.emptied = reason, nil, nil
	s.asks.forget()
	s.detach(ctx, false)
	s.conn.Close(reason)
}

// detach lets the user go.
func (s *Session) detach(ctx actor.Context, logout bool) {
	if s.home == nil {
		return
	}
	ctx.Unwatch(s.home)
	s.home = nil
	s.release(ctx, s.user, logout)
}

// release takes an attachment back, whether it came about or not.
func (s *Session) release(ctx actor.Context, user persistence.UserID, logout bool) {
	ctx.Request(s.at.users, Detach{User: user, Number: s.number, Logout: logout})
	s.number++
}

// orphaned ends a session whose user died. What it asked is lost; the client reconnects.
func (s *Session) orphaned(ctx actor.Context, msg *actor.Terminated) {
	if msg.Who.Equal(s.home) {
		s.end(ctx, wire.Crashed)
	}
}

// displaced ends a session that its user does not have any more.
func (s *Session) displaced(ctx actor.Context, msg Displaced) {
	if msg.Number != s.number {
		return
	}
	switch {
	case s.home == nil && msg.Reason == wire.Revoked: // its login is not answered yet
		s.leaving, s.early = msg.Reason, nil
		s.asks.refuse(ctx, errGone)
	case s.home == nil:
	case s.in == wire.V2 && msg.Reason != wire.Crashed:
		s.send(hint(wire.Event{Kind: wire.Kicked, ID: int64(s.user)}))
	}
	s.end(ctx, msg.Reason)
}
