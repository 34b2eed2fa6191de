package actors

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/persistence"
)

// markSizes is a store that keeps how many marks each call of Mark brings.
type markSizes struct {
	persistence.Store
	sizes []int
}

func (s *markSizes) Mark(ctx context.Context, marks []persistence.Mark) error {
	s.sizes = append(s.sizes, len(marks))
	return s.Store.Mark(ctx, marks)
}

func TestMarksThatPiledUpAreWrittenDownABatchAtATime(t *testing.T) {
	w := sim.New(t)
	env := newEnv(t, w)
	store := &markSizes{Store: env.Store}
	env.Store, env.Limits.Batch = store, 2
	writer := w.Spawn("store/0", env.props(func() actor.Actor { return NewWriter(env, places{router: w.Probe("router").PID()}) }, nil))
	asker := w.Probe("asker")
	mark := []persistence.Mark{{User: 1, Conv: annBob, Delivered: 1}}

	for ref := range uint64(7) {
		asker.Ask(writer, SaveMarks{Ref: ref, Marks: mark})
	}
	w.Settle()

	if got := asker.Got(); len(got) != 7 {
		t.Errorf("answered %d of 7: %v", len(got), got)
	}
	if largest := slices.Max(store.sizes); largest > 2 {
		t.Errorf("%d marks in one transaction: %v", largest, store.sizes)
	}
}

func TestABatchInFlightIsAnsweredWhenItsWriterDiesForALaterOneMayOvertakeIt(t *testing.T) {
	w := sim.New(t)
	env := newEnv(t, w)
	router, asker := w.Probe("router"), w.Probe("asker")
	writer := w.Spawn("store/0", env.props(func() actor.Actor { return NewWriter(env, places{router: router.PID()}) }, nil))
	w.DelayJobs("store/0", time.Second).At(1)
	asker.Ask(writer, Append{Ref: 1, Draft: persistence.Draft{Conv: annBob, Sender: 1}})
	w.Settle()
	w.Panic(sim.Of[Query]("store/0"))

	asker.Ask(writer, Query{2, headOf{annBob}})
	w.Settle()

	asker.Want(Answer{Ref: 1, Err: errLost})
}

// torn is a store that panics where it is asked for a head.
type torn struct{ persistence.Store }

func (torn) Head(context.Context, persistence.Conv) (uint64, error) { panic("torn page") }

func TestAPanicOfTheStoreIsAnsweredCountedAndLoggedWithItsStack(t *testing.T) {
	w := sim.New(t)
	env := newEnv(t, w)
	env.Store = torn{env.Store}
	w.ExpectError("torn page")
	writer := w.Spawn("store/0", env.props(func() actor.Actor { return NewWriter(env, places{router: w.Probe("router").PID()}) }, nil))
	asker := w.Probe("asker")

	asker.Ask(writer, Query{1, headOf{annBob}})
	w.Settle()

	if got := asker.Got(); len(got) != 1 || got[0].(Answer).Err == nil {
		t.Errorf("answered %v", got)
	}
	if got := env.Meter.(*counts).crashed; !slices.Equal(got, []string{"crew"}) {
		t.Errorf("counted %q", got)
	}
	if logs := strings.Join(w.Logs(), "\n"); !strings.Contains(logs, "torn.Head") {
		t.Errorf("the stack is not in the log:\n%s", logs)
	}
}

// lost is a store that cannot be used any more.
type lost struct{ persistence.Store }

func (lost) Append(context.Context, []persistence.Draft) ([]persistence.Outcome, error) {
	return nil, fmt.Errorf("append: %w", persistence.ErrLost)
}

func TestALostStoreEndsTheProcess(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Store = lost{e.Store} })
	n.register("ann", "bob")
	n.w.ExpectError("fatal: the store")
	n.w.ExpectError("a batch was not stored")

	n.enter(1).ask(to(2, "hi")).want("ACK ONE_CHAT 110 the server cannot tell whether this was done, try again in a moment")
}
