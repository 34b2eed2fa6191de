package actors

import (
	"net/netip"
	"strconv"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
)

// Sessions spawns a Session for each connection and counts them. It only routes: a panic here ends the process.
type Sessions struct {
	env     *Env
	at      places
	props   *actor.Props // of all sessions; it makes the one of next, before SpawnNamed returns
	next    Connected
	last    uint64 // names are never used twice
	drainer *actor.PID
}

// Connected asks for a session over a new connection.
type Connected struct {
	Conn Conn
	Addr netip.Addr // the client's; its Network is what is counted
}

// NewSessions makes the parent of all sessions.
func NewSessions(env *Env, at places) *Sessions {
	s := &Sessions{env: env, at: at}
	s.props = env.props(func() actor.Actor { return NewSession(env, at, s.next) }, nil)
	return s
}

// Receive makes Sessions an actor.
func (s *Sessions) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case Connected:
		s.connected(ctx, msg)
	case Drain:
		s.drain(ctx)
	case *actor.Terminated:
		s.ended(ctx)
	default:
		s.env.unknown(ctx)
	}
}

func (s *Sessions) connected(ctx actor.Context, msg Connected) {
	if s.drainer != nil {
		msg.Conn.Close(wire.Draining)
		return
	}
	s.last++
	s.next = msg
	spawn(ctx, strconv.FormatUint(s.last, 10), s.props)
	s.next = Connected{}
	s.env.Meter.Session(1)
}

func (s *Sessions) ended(ctx actor.Context) {
	s.env.Meter.Session(-1)
	s.drained(ctx)
}

func (s *Sessions) drain(ctx actor.Context) {
	s.drainer = ctx.Sender()
	for _, session := range ctx.Children() {
		ctx.Send(session, Drain{})
	}
	s.drained(ctx)
}

func (s *Sessions) drained(ctx actor.Context) {
	if s.drainer != nil && len(ctx.Children()) == 0 {
		ctx.Send(s.drainer, Drained{})
	}
}
