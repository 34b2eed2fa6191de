package sim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

func TestOneActorsMessagesComeInTheOrderSent(t *testing.T) {
	orders := map[string]bool{}
	for seed := range uint64(100) {
		w := sim.New(t, sim.Seed(seed))
		ann := w.Probe("ann")
		for _, name := range []string{"a", "b"} {
			pid := w.Spawn(name, echo())
			for _, n := range []string{"1", "2", "3"} {
				ann.Ask(pid, name+n)
			}
		}
		w.Settle()

		var got []string
		for _, msg := range ann.Got() {
			got = append(got, msg.(string))
		}
		of := func(name string) []string {
			return slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !strings.HasPrefix(s, name) })
		}
		if a := of("a"); !slices.Equal(a, []string{"a1", "a2", "a3"}) {
			t.Errorf("seed %d: a answered %v", seed, a)
		}
		if b := of("b"); !slices.Equal(b, []string{"b1", "b2", "b3"}) {
			t.Errorf("seed %d: b answered %v", seed, b)
		}
		orders[strings.Join(got, " ")] = true
	}
	if len(orders) < 15 { // there are 20
		t.Errorf("100 seeds have %d orders", len(orders))
	}
}

func TestSystemMessagesComeFirstAndAStopLosesTheRest(t *testing.T) {
	w := sim.New(t)
	echo, ann := w.Spawn("echo", echo()), w.Probe("ann")
	ann.Ask(echo, "before")
	w.Settle()

	ann.Ask(echo, "too late")
	w.System().Root.Stop(echo)
	w.Settle()

	ann.Want("before")
	if !strings.Contains(w.Trace(), `echo             ! lost "too late" from ann`) {
		t.Errorf("the trace does not tell of the loss:\n%s", w.Trace())
	}
}

func TestStepDeliversExactlyOne(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	w.Settle()
	ann.Send(ann.PID(), 1)
	ann.Send(ann.PID(), 2)

	first := w.Step()
	ann.Want(1)
	second := w.Step()
	ann.Want(2)

	if third := w.Step(); !first || !second || third {
		t.Errorf("turns taken: %t %t %t", first, second, third)
	}
}

// babble lets many actors talk, with timers, jobs and crashes.
func babble(w *sim.World) {
	names := []string{"a", "b", "c", "d", "e"}
	pids := map[string]*actor.PID{}
	for i, name := range names {
		pids[name] = w.Spawn(name, actor.PropsFromFunc(func(ctx actor.Context) {
			n, ok := ctx.Message().(int)
			if !ok || n == 0 {
				return
			}
			ctx.Send(pids[names[(i+1)%len(names)]], n-1)
			ctx.Request(pids[names[(i+n)%len(names)]], n-1)
			w.After(time.Duration(n)*time.Second, ctx.Self(), "tick")
			w.Crew().Run(ctx.Self(), jobOf("done"))
		}))
	}
	w.Panic(sim.To("")).Often(0.05)
	w.Delay(sim.Of[string]("a"), time.Second).Often(0.2)
	w.System().Root.Send(pids["a"], 4)
	w.Settle()
	w.Advance(time.Minute)
}

func TestASeedIsAHistory(t *testing.T) {
	histories := map[string]bool{}
	for seed := range uint64(100) {
		once, again := sim.New(t, sim.Seed(seed)), sim.New(t, sim.Seed(seed))
		babble(once)
		babble(again)
		if once.Trace() != again.Trace() {
			t.Fatalf("seed %d has two histories:\n%s\nand\n%s", seed, once.Trace(), again.Trace())
		}
		histories[once.Trace()] = true
	}
	if len(histories) != 100 {
		t.Errorf("100 seeds have %d histories", len(histories))
	}
}

func TestRandLeavesTheOrderAlone(t *testing.T) {
	plain, drawn := sim.New(t), sim.New(t)
	for range 10 {
		drawn.Rand().Uint64()
	}
	talk := func(w *sim.World) string {
		ann := w.Probe("ann")
		for _, name := range []string{"a", "b", "c"} {
			ann.Ask(w.Spawn(name, echo()), name)
		}
		w.Settle()
		return w.Trace()
	}
	if talk(plain) != talk(drawn) {
		t.Error("drawing a number changed whose turn came next")
	}
}

func TestAWorldThatRunsInCirclesFails(t *testing.T) {
	r := sim.Try(t, func(t testing.TB) {
		w := sim.New(t, sim.Budget(50))
		dog := w.Spawn("dog", actor.PropsFromFunc(func(ctx actor.Context) {
			if msg, ok := ctx.Message().(string); ok {
				ctx.Send(ctx.Self(), msg)
			}
		}))
		w.System().Root.Send(dog, "own tail")
		w.Settle()
	})

	if len(r.Complaints) != 1 || !strings.Contains(r.Complaints[0], "50 turns at 0s and no end") {
		t.Errorf("complaints: %q", r.Complaints)
	}
	if log := strings.Join(r.Logs, ""); strings.Count(log, `"own tail"`) != 40 {
		t.Errorf("the log does not show the last 40 turns: %s", log)
	}
}

func TestATurnCannotMoveTheWorld(t *testing.T) {
	w := sim.New(t)
	w.ExpectError("told to go on from within a turn")
	w.Spawn("restless", actor.PropsFromFunc(func(ctx actor.Context) {
		if _, ok := ctx.Message().(*actor.Started); ok {
			w.Settle()
		}
	}))
	for range 5 {
		w.Step()
	}
}
