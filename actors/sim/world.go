package sim

import (
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	cmap "github.com/orcaman/concurrent-map"
)

// The engine's registry is 1024 maps of SHARD_COUNT locked shards each, made anew for every
// system. Here nothing contends for them, and with one shard instead of 32 a world is thirty
// times cheaper to make. It has to be set before the first system of the process, and only
// tests import this package, so: at init.
func init() { cmap.SHARD_COUNT = 1 }

// World is an actor system in which nothing happens but what a test lets happen: one message at
// a time, on the caller's goroutine, in an order drawn from the seed, on a clock of its own.
// One seed is one history. A World is for one goroutine.
type World struct {
	t      testing.TB
	seed   uint64
	budget int
	system *actor.ActorSystem
	root   *actor.RootContext

	order  *rand.Rand // picks whose turn it is
	chance *rand.Rand // decides what else is left to chance; apart, so that it leaves the order alone
	ready  []turn
	within bool // a turn is being taken

	elapsed time.Duration
	timers  []timer // by time, then by age
	calm    bool    // what is posted now is beyond all faults
	faults  faults
	pending int // jobs that wait for their turn or their delay

	boxes   []*mailbox // of all actors that are alive, in the order of their start
	events  tail[event]
	dead    tail[event]
	logs    tail[string]
	grief   []string
	excuses []*excuse

	see  func(who string, msg any)
	seen map[*actor.Props]bool // which let see see
}

// Option adjusts a new World.
type Option func(*World)

// Seed selects the history. Without it, it is the one that -sim.seed names, else 1.
func Seed(n uint64) Option { return func(w *World) { w.seed = n } }

// Budget is how many turns may be taken without time passing before the world is taken to run
// in circles, which fails the test. The default is 100,000.
func Budget(turns int) Option { return func(w *World) { w.budget = turns } }

// Tail keeps no more than the last n > 0 events of the trace, dead letters and logs. Without it all are
// kept, and with them every message: too much for a long history.
func Tail(n int) Option {
	return func(w *World) { w.events.most, w.dead.most, w.logs.most = n, n, n }
}

// New makes an empty world, which is examined when the test ends: see ExpectError.
func New(t testing.TB, opts ...Option) *World {
	w := &World{t: t, seed: max(1, *seedFlag), budget: 100_000}
	for _, opt := range opts {
		opt(w)
	}
	w.order = rand.New(rand.NewPCG(w.seed, 1))
	w.chance = rand.New(rand.NewPCG(w.seed, 2))
	w.system = actor.NewActorSystem(
		actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return w.logger(slog.LevelError) }),
		// The engine throttles its log of dead letters with a goroutine that sleeps. It cannot be
		// turned off; like this it ends at once, and never calls back.
		actor.WithDeadLetterThrottleCount(math.MaxInt32),
		actor.WithDeadLetterThrottleInterval(1),
	)
	w.system.ID = "sim" // the one random thing about a system
	w.system.EventStream.Subscribe(w.deadLetter)
	// The engine's own fate for an actor without a parent counts restarts by the wall clock.
	w.root = w.system.Root.Copy().WithGuardian(actor.NewRestartingStrategy())
	t.Cleanup(w.examine)
	return w
}

// System is the engine that the world runs.
func (w *World) System() *actor.ActorSystem { return w.system }

// Props put an actor into the world. Every Props of an actor under test needs them: an actor
// without them would run beside the world, on goroutines of the engine.
func (w *World) Props() []actor.PropsOption {
	mailboxes := actor.WithMailbox(func() actor.Mailbox { return &mailbox{world: w} })
	if w.see == nil {
		return []actor.PropsOption{mailboxes}
	}
	return []actor.PropsOption{mailboxes, w.witness}
}

// Spawn starts an actor that has no parent. Its fate at a panic is to be restarted, unless the
// props name another with actor.WithGuardian. The name may be a path, "users/42"; for a parent
// that the test plays, see Probe.Spawn.
func (w *World) Spawn(name string, props *actor.Props) *actor.PID {
	w.t.Helper()
	pid, err := w.root.SpawnNamed(props.Configure(w.Props()...), name)
	if err != nil {
		w.t.Fatalf("sim: spawn %s: %v", name, err)
	}
	return pid
}

// Rand is for what the test itself leaves to chance. It is drawn from the seed; drawing from
// it does not change whose turn comes next.
func (w *World) Rand() *rand.Rand { return w.chance }

// Actors are the names of those alive, sorted, without probes. With Timers and Jobs it tells
// whether something was left behind.
func (w *World) Actors() []string {
	var names []string
	for _, box := range w.boxes {
		if !box.probe {
			names = append(names, box.self.Id)
		}
	}
	slices.Sort(names)
	return names
}

// Seed is that of this world.
func (w *World) Seed() uint64 { return w.seed }
