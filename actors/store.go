package actors

import (
	"strconv"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// Store is the parent of the Writers. It only routes: a panic here ends the process.
type Store struct {
	env     *Env
	at      places
	writers []*actor.PID
	turn    int
	busy    int // writers that are not drained yet
	drainer *actor.PID
}

type (
	// Append asks to store a message and to hand it on. Answer: persistence.Outcome.
	Append struct {
		Ref    uint64
		Draft  persistence.Draft
		Name   string     // the sender's
		Origin *actor.PID // the session that sends it
	}
	// SaveMarks writes down how far a user has come. Answer: nothing.
	SaveMarks struct {
		Ref   uint64
		Marks []persistence.Mark
	}
	// Query is one other call of the store. Answer: what its run returns.
	Query struct {
		Ref uint64
		Do  query
	}
)

// NewStore makes the parent of Limits.Writers writers.
func NewStore(env *Env, at places) *Store { return &Store{env: env, at: at} }

// Receive makes Store an actor.
func (s *Store) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Started:
		s.start(ctx)
	case Append:
		ctx.Forward(s.writerOf(msg.Draft.Conv))
	case SaveMarks:
		ctx.Forward(s.next())
	case Query:
		ctx.Forward(s.next())
	case Drain:
		s.drain(ctx)
	case Drained:
		s.drained(ctx)
	default:
		s.env.unknown(ctx)
	}
}

func (s *Store) start(ctx actor.Context) {
	for i := range s.env.Limits.Writers {
		writer := s.env.props(func() actor.Actor { return NewWriter(s.env, s.at) }, nil)
		s.writers = append(s.writers, spawn(ctx, strconv.Itoa(i), writer))
	}
}

// writerOf gives a conversation the same writer always, so that its messages keep their order.
func (s *Store) writerOf(conv persistence.Conv) *actor.PID {
	return s.writers[int(conv%persistence.Conv(len(s.writers)))]
}

func (s *Store) next() *actor.PID {
	s.turn++
	return s.writers[s.turn%len(s.writers)]
}

func (s *Store) drain(ctx actor.Context) {
	s.drainer = ctx.Sender()
	s.busy = len(s.writers)
	for _, w := range s.writers {
		ctx.Request(w, Drain{})
	}
}

func (s *Store) drained(ctx actor.Context) {
	if s.busy--; s.busy == 0 {
		ctx.Send(s.drainer, Drained{})
	}
}
