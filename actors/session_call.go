package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// call is one request of the client, from its frame to its end.
type call struct {
	re   wire.Re
	req  wire.Request
	next phase // the session's when the call has ended; nil: it goes on as it is
}

// decode reads one object. It answers one that is no request, which is then done.
func (s *Session) decode(ctx actor.Context, msg Frame) (c call, ok bool) {
	re, req, fault := wire.Decode(msg.Object, s.in)
	if re.In != s.in && s.home == nil {
		s.upgrade()
	}
	c = call{re: re, req: req}
	if fault == nil {
		return c, true
	}
	if s.home == nil && fault.Errno == wire.Invalid && !beforeLogin(re.ID) {
		fault = errLoginFirst // what is missing does not matter yet
	}
	s.refuse(re, fault)
	if fault.Close != "" {
		s.phase = (*Session).ignoring
		s.leave(ctx, fault.Close)
	}
	s.done(ctx, c)
	return c, false
}

// beforeLogin tells whether a request is served before login; 0 is one that does not say what it is.
func beforeLogin(id wire.MsgID) bool {
	switch id {
	case wire.HelloID, wire.LoginID, wire.RegID, wire.PingID, 0:
		return true
	}
	return false
}

// upgrade speaks v2 from now on. What a classic client was handed is no more of interest: nobody
// is logged in.
func (s *Session) upgrade() {
	s.in, s.outbox, s.emptied = wire.V2, nil, nil
	s.conn.Upgrade()
}

// ask sends what make makes. A failure ends the call, then has to end it otherwise.
func (s *Session) ask(ctx actor.Context, c call, to *actor.PID, make func(ref uint64) any, then func(ctx actor.Context, value any)) {
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			s.reject(ctx, c, a.Err)
			return
		}
		then(ctx, a.Value)
	})
	ctx.Request(to, make(ref))
}

// query is ask for a call of the store.
func (s *Session) query(ctx actor.Context, c call, q query, then func(ctx actor.Context, value any)) {
	s.ask(ctx, c, s.at.store, func(ref uint64) any { return Query{ref, q} }, then)
}

// hold makes c a call behind which no other request is served before it ended.
func (s *Session) hold(c call) call {
	c.next, s.phase = s.phase, (*Session).holding
	return c
}

// finish ends a call that was done. Classic clients are not told.
func (s *Session) finish(ctx actor.Context, c call, reply wire.Reply) {
	if c.re.In == wire.V2 {
		s.reply(c, reply)
	}
	s.done(ctx, c)
}

func (s *Session) reply(c call, reply wire.Reply) { s.send(wire.AppendReply(nil, c.re, reply)) }

// reject ends a call that came to nothing, and tells the client why.
func (s *Session) reject(ctx actor.Context, c call, err error) {
	f := fault(c.req, err)
	s.env.Log.Debug("a request was refused", "user", s.user, "request", c.re.ID.String(), "errno", f.Errno.String(), "err", err)
	s.refuse(c.re, f)
	if f.Errno == wire.Unavailable {
		s.doubt(c.req)
	}
	s.done(ctx, c)
}

// doubt notes what a request may have done all the same.
func (s *Session) doubt(req wire.Request) {
	switch req.(type) {
	case wire.OneChat, wire.GroupChat:
		s.unsure = true
	}
}

func (s *Session) refuse(re wire.Re, f *wire.Fault) {
	s.env.Meter.Refused(re.ID, f.Errno)
	s.send(wire.AppendRefusal(nil, re, f))
}

// send queues an object. heads are what a classic client was delivered once it was written.
func (s *Session) send(object []byte, heads ...persistence.Head) {
	if s.in == wire.Classic {
		s.outbox.sent(s.home, heads)
	}
	s.conn.Send(object)
}

// done ends a call: it gives its credit back, lets a session that is leaving go, and serves what
// was held for it.
func (s *Session) done(ctx actor.Context, c call) {
	var early []Frame
	if c.next != nil {
		early, s.early, s.phase = s.early, nil, c.next
	}
	s.inFlight--
	s.conn.Done()
	s.left(ctx)
	for _, msg := range early {
		s.phase(s, ctx, msg)
	}
}
