package actors

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// Router is this node among the others. It keeps the lease and the claims of this node, takes envelopes
// to the nodes that claim a receiver, hands on what comes from them, and sees to it that what got lost
// between nodes is read from the store. It holds nothing that cannot be had again: rebuilt on panic, it
// is another node to the others, claims all anew and repairs.
type Router struct {
	env  *Env
	at   places
	past *past

	self    cluster.NodeID // "": the bus is not open
	opening bool
	beating bool
	view    cluster.View
	echoed  time.Time // when the last batch to oneself was heard

	claims   claims
	told     int // answers to Reclaim: before both have come nobody knows who is here
	claiming bool

	links   links
	queue   []cluster.Envelope // to be located
	mail    []cluster.Mail     // to be published
	sending sending

	repairs repairs
	drainer *actor.PID
	over    bool // the bus is left for good
}

// sending is what is under way to the bus. One call of each kind at a time keeps the order.
type sending struct{ locating, publishing bool }

type (
	// Claim asks for keys of this node, after whose answer what is stored for them reaches it. Answer:
	// the cluster.Claimed of the first, without dead Others, and an Err where the bus is away: it will be claimed, and
	// what is missed until then repaired.
	Claim struct {
		Ref  uint64
		Keys []cluster.Key
		Turn bool // the caller wants one
	}
	// Release takes claims back. Answer: nothing.
	Release struct {
		Ref  uint64
		Keys []cluster.Key
	}
	// Reclaim asks a parent to claim all anew that it has claimed. The reply is a Claim without a Ref.
	Reclaim struct{}
	// Doubt says that something may have been stored and not handed on.
	Doubt struct{}
	// Viewed tells which nodes there are.
	Viewed struct{ View cluster.View }

	beat  struct{ by *Router } // Timer: the lease is to be renewed.
	heard struct {
		to    cluster.NodeID
		batch cluster.Batch
	}
	missed struct {
		to  cluster.NodeID
		err error
	}
)

// What the crew reports. by is the Router that set it to work.
type (
	opened struct {
		by  *Router
		as  cluster.NodeID
		err error
	}
	beaten struct {
		by   *Router
		view cluster.View
		err  error
	}
	located struct {
		by    *Router
		batch []cluster.Envelope
		at    map[cluster.Key][]cluster.NodeID
		err   error
	}
	published struct {
		by   *Router
		mail []cluster.Mail
		errs []error
	}
	closed struct {
		by  *Router
		err error
	}
)

// errAway answers who waits for a bus that does not answer.
var errAway = errors.New("the bus is away")

// past is what a router leaves behind that dies.
type past struct {
	born  time.Time               // since when there is somebody here to miss anything
	good  time.Time               // all that was stored before has come here
	lives map[cluster.NodeID]bool // of this node, that may be in view
	gone  map[string]time.Time    // when nodes were taken for dead, by their names
	heard map[string]time.Time    // when nodes were last heard, by their names

	unsaid bool // there was a life or a router before, which may have failed to say something
}

func newPast(now time.Time) *past {
	return &past{born: now, good: now, lives: map[cluster.NodeID]bool{}, gone: map[string]time.Time{}, heard: map[string]time.Time{}}
}

// NewRouter makes a router that has to open the bus first. past outlives it.
func NewRouter(env *Env, at places, past *past) *Router {
	return &Router{env: env, at: at, past: past, claims: newClaims(), repairs: repairs{good: &past.good, owed: true}}
}

// Receive makes Router an actor.
func (r *Router) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Started:
		r.start(ctx)
	case *actor.Restarting:
		r.abandon(ctx)
	case Claim:
		r.claim(ctx, msg)
	case Release:
		r.release(ctx, msg)
	case cluster.Envelope:
		r.enqueue(ctx, msg)
	case Doubt:
		r.doubt(ctx)
	case beat:
		r.beat(ctx, msg)
	case heard:
		r.heard(ctx, msg)
	case missed:
		r.missed(ctx, msg)
	case opened:
		r.opened(ctx, msg)
	case beaten:
		r.beaten(ctx, msg)
	case written:
		r.written(ctx, msg)
	case located:
		r.located(ctx, msg)
	case published:
		r.published(ctx, msg)
	case repaired:
		r.repaired(ctx, msg)
	case Drain:
		r.drain(ctx)
	case closed:
		r.closed(ctx, msg)
	default:
		r.env.unknown(ctx)
	}
}

func (r *Router) start(ctx actor.Context) {
	ctx.Send(r.at.users, Reclaim{})
	ctx.Send(r.at.groups, Reclaim{})
	r.open(ctx)
	r.env.Clock.After(cluster.BeatTime, ctx.Self(), beat{r})
}

// abandon answers those whose requests die with this Router: what they asked for is asked again by
// their parents.
func (r *Router) abandon(ctx actor.Context) {
	r.past.unsaid = true
	r.answer(ctx, errLost, r.claims.failed()...)
	r.answer(ctx, errLost, r.claims.abandon()...)
	if r.drainer != nil {
		ctx.Send(r.drainer, Drained{})
	}
}

// ear tells the router what the bus hears for one NodeID.
type ear struct {
	root   *actor.RootContext
	router *actor.PID
	self   cluster.NodeID
}

func (e ear) Heard(b cluster.Batch) { e.root.Send(e.router, heard{e.self, b}) }
func (e ear) Missed(err error)      { e.root.Send(e.router, missed{e.self, err}) }

// open begins a life on the bus, under a name that nobody knows. In an earlier one the node may have
// failed to say something: it begins with a gap then.
func (r *Router) open(ctx actor.Context) {
	r.self, r.opening, r.links = "", true, newLinks(r.past.unsaid || r.links.base > 0)
	self := cluster.NewNodeID(r.env.Name, r.env.NewID())
	ear := ear{ctx.ActorSystem().Root, ctx.Self(), self}
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		_, err := guard(r.env, func() (any, error) { return nil, r.env.Bus.Open(ctx, self, ear) })
		return opened{r, self, err}
	})
}

func (r *Router) opened(ctx actor.Context, msg opened) {
	if msg.by != r {
		return
	}
	r.opening = false
	if msg.err != nil {
		r.env.Log.Debug("the bus could not be opened", "err", msg.err)
		r.late(ctx, r.claims.abandon()...)
		return
	}
	r.self, r.echoed = msg.as, r.env.Clock.Now()
	r.past.lives[r.self], r.past.unsaid = true, true
	r.claims.lose()
	r.renew(ctx)
	r.write(ctx)
	r.locate(ctx)
}

// beat is what happens once a second: the lease is renewed, links and claims are kept up, and what was
// missed is repaired.
func (r *Router) beat(ctx actor.Context, msg beat) {
	if msg.by != r || r.over {
		return
	}
	r.env.Clock.After(cluster.BeatTime, ctx.Self(), msg)
	if r.self == "" && !r.opening {
		r.open(ctx)
	}
	if r.self != "" {
		r.renew(ctx)
		r.greet(ctx)
		r.claims.assert()
		r.write(ctx)
	}
	r.check(ctx)
}

func (r *Router) renew(ctx actor.Context) {
	if r.beating {
		return
	}
	r.beating = true
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		view, err := guard(r.env, func() (cluster.View, error) { return r.env.Bus.Beat(ctx) })
		return beaten{r, view, err}
	})
}

func (r *Router) beaten(ctx actor.Context, msg beaten) {
	if msg.by != r {
		return
	}
	r.beating = false
	// A router that died may have had the bus opened, late, under its own name.
	stranger := msg.err == nil && !slices.Contains(msg.view.Live, r.self)
	switch {
	case r.opening:
	case errors.Is(msg.err, cluster.ErrLapsed), stranger:
		r.env.Log.Warn("the lease of this node had ended, it begins anew", "node", r.self)
		r.repairs.owe()
		r.open(ctx)
	case msg.err != nil:
		r.env.Log.Debug("the lease was not renewed", "err", msg.err)
	default:
		r.viewed(ctx, msg.view)
	}
}

// deaf says that what is sent to this node does not reach it.
func (r *Router) deaf() bool {
	return r.self == "" || r.env.Clock.Now().Sub(r.echoed) > silence
}

func (r *Router) drain(ctx actor.Context) {
	r.drainer = ctx.Sender()
	r.drained(ctx)
}

// drained leaves the bus once all was sent. A bus that is away is not waited for.
func (r *Router) drained(ctx actor.Context) {
	switch {
	case r.drainer == nil, r.over, r.claiming, r.sending != sending{}, len(r.queue)+len(r.mail) > 0 && !r.deaf():
		return
	}
	r.over = true
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any { return closed{r, r.env.Bus.Close(ctx)} })
}

func (r *Router) closed(ctx actor.Context, msg closed) {
	if msg.by != r {
		return
	}
	if msg.err != nil {
		r.env.Log.Warn("the bus was not left in order, other nodes learn of it when the lease ends", "err", msg.err)
	}
	ctx.Send(r.drainer, Drained{})
	r.self, r.drainer = "", nil
}
