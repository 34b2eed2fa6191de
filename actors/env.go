package actors

import (
	"context"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// Env is the world as the actors find it. They have no other: no wall clock, no
// randomness, no goroutine and no logger but these, so the same actors run in the
// node and in a simulation.
type Env struct {
	Store     persistence.Store
	Bus       cluster.Bus
	Clock     Clock
	Crew      Crew
	Passwords Passwords
	Meter     Meter
	Log       *slog.Logger
	Limits    Limits
	Login     LoginPolicy
	Classic   Classic
	Name      string                       // of this node, as clients are told it
	Zone      *time.Location               // the "time" of a push is rendered in it; the same on every node
	NewID     func() string                // a fresh name, ordered by time: the cid of a classic message, a session
	NewSecret func() string                // a fresh token, which nobody can guess
	Props     []actor.PropsOption          // the mailbox and dispatcher of every actor
	Fatal     func(who string, reason any) // an actor died that nothing works without: ends the process
}

// Clock tells time and gives it back as messages.
type Clock interface {
	Now() time.Time
	// After sends msg to the actor once d has passed. It cannot be taken back: msg carries what makes it stale.
	After(d time.Duration, to *actor.PID, msg any)
}

// Crew does the work that blocks, so that actors need not.
type Crew interface {
	// Run does job beside the actors and sends its result, which is not nil, to the actor. The
	// context ends at the deadline that the crew sets for all jobs. It returns at once; jobs have no order.
	Run(to *actor.PID, job func(ctx context.Context) any)
}

// Passwords hashes and checks, slowly on purpose. Its methods block for tens of milliseconds.
type Passwords interface {
	Hash(password string) string
	Verify(hash, password string) bool
}

// Conn is a client's connection as its session sees it. Its methods never block.
// It tells the session, from the time of Open on, with Frame, Written, HungUp and Closed.
type Conn interface {
	// Open starts reading; what is read and written is told to the session from now on.
	Open(session *actor.PID)
	// Upgrade makes it a connection of v2: what is queued goes out in as few writes as it can, with
	// no pace and no Written, though one may still come for what is being written. A client that then
	// sends nothing for Limits.Silence is hung up on, with a *wire.Fault that closes as wire.Silent.
	Upgrade()
	// Send queues one object, which ends with LF and is not changed any more. Objects are written in
	// order; before Upgrade each by one write, the classic pace apart. Nothing is queued after Close.
	Send(object []byte)
	// Done gives back the credit that one Frame took: at Limits.InFlight frames without it the
	// connection stops reading.
	Done()
	// Close ends the connection when what is queued was written. Only the first call counts.
	Close(reason wire.Reason)
}

// What a Conn tells its session.
type (
	// Frame is one object from the client. The bytes are the session's to keep.
	Frame struct{ Object []byte }
	// Written says that the next N objects that were sent have been handed to the socket without error.
	Written struct{ N int }
	// HungUp says that no Frame will follow. Err is nil where the client ended its side properly
	// between two objects, a *wire.Fault where it broke the framing or was silent, else what the network said.
	HungUp struct{ Err error }
	// Closed says that no Written will follow. It is the last.
	Closed struct{}
)

// Meter counts what operators watch. Its methods are called from many goroutines.
type Meter interface {
	Session(delta int)                          // open sessions
	Online(delta int)                           // users with a session here
	Refused(id wire.MsgID, errno wire.Errno)    // requests that failed
	Closed(reason wire.Reason)                  // connections that ended
	Committed(messages int, took time.Duration) // batches the store took
	Relayed(envelopes int)                      // sent to other nodes
	Dropped(envelopes int)                      // not sent to other nodes, which read the store instead
	Gap()                                       // something was found to have been missed
	Deaf(bool)                                  // whether something keeps other nodes from being heard
	Crashed(kind string)                        // panics of actors, by the name of their parent; those of the crew's jobs, by "crew"
}

// LoginPolicy says what a login does when the account has a session already.
type LoginPolicy string

// The login policies.
const (
	Multi   LoginPolicy = "multi"   // both live
	Reject  LoginPolicy = "reject"  // the later one is refused with errno 2
	Replace LoginPolicy = "replace" // the earlier one is closed
)

// Classic says how classic clients are spoken to.
type Classic struct {
	MaxObject int // bytes of an object with its LF; 1023 is what the original's clients can read; 0 for no such limit, but that of LOGIN_ACK is then half of Limits.Outbound
}
