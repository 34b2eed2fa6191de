package sim_test

import (
	"context"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

// jobOf is a job that returns this at once.
func jobOf(result any) func(context.Context) any {
	return func(context.Context) any { return result }
}

func TestTimersComeInTheOrderOfTime(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	w.After(3*time.Second, ann.PID(), "third")
	w.After(time.Second, ann.PID(), "first")
	w.After(2*time.Second, ann.PID(), "second")
	w.After(2*time.Second, ann.PID(), "second, set later")
	w.After(0, ann.PID(), "at once")

	w.Settle()
	ann.Want("at once")

	w.Advance(2 * time.Second)
	ann.Want("first", "second", "second, set later")

	w.Advance(time.Second - 1)
	ann.Want()
	if n := w.Timers(); n != 1 {
		t.Errorf("%d timers are left", n)
	}

	w.Advance(1)
	ann.Want("third")
}

func TestTimePassesInAdvanceOnly(t *testing.T) {
	w := sim.New(t)
	start := w.Now()
	var seen []time.Duration
	ticker := actor.PropsFromFunc(func(ctx actor.Context) {
		switch ctx.Message().(type) {
		case *actor.Started, string:
			seen = append(seen, w.Now().Sub(start))
			w.After(time.Second, ctx.Self(), "tick")
		}
	})
	w.Spawn("ticker", ticker)

	w.Settle()
	w.Advance(2500 * time.Millisecond)

	if len(seen) != 3 || seen[0] != 0 || seen[1] != time.Second || seen[2] != 2*time.Second {
		t.Errorf("ticks at %v", seen)
	}
	if now := w.Now().Sub(start); now != 2500*time.Millisecond {
		t.Errorf("in the end it is %v", now)
	}
}

func TestAClockThatJumpsMovesNoTimer(t *testing.T) {
	w := sim.New(t)
	ann, right, wrong := w.Probe("ann"), w.Clock(), w.Clock()
	wrong.After(time.Second, ann.PID(), "set before")

	wrong.Jump(time.Hour)
	wrong.After(time.Second, ann.PID(), "set after")
	wrong.Jump(-time.Minute)
	w.Advance(time.Second)

	ann.Want("set before", "set after")
	if off := wrong.Now().Sub(w.Now()); off != 59*time.Minute || !right.Now().Equal(w.Now()) {
		t.Errorf("wrong by %v, and the other one by %v", off, right.Now().Sub(w.Now()))
	}
}

func TestATimerOfTheDeadIsADeadLetter(t *testing.T) {
	w := sim.New(t)
	w.After(time.Second, w.System().NewLocalPID("users/9"), "idle")

	w.Advance(time.Minute)

	if got := w.DeadLetters(); len(got) != 1 || got[0] != `1s       users/9          ! dead letter "idle"` {
		t.Errorf("dead letters: %q", got)
	}
}

func TestJobsEndInAnyOrder(t *testing.T) {
	orders := map[string]bool{}
	for seed := range uint64(50) {
		w := sim.New(t, sim.Seed(seed))
		ann := w.Probe("ann")
		for _, name := range []string{"a", "b", "c"} {
			w.Crew().Run(ann.PID(), jobOf(name))
		}
		if n := w.Jobs(); n != 3 {
			t.Errorf("%d jobs wait", n)
		}
		w.Settle()

		order := ""
		for _, name := range ann.Got() {
			order += name.(string)
		}
		orders[order] = true
	}
	if len(orders) != 6 {
		t.Errorf("the orders seen: %v", orders)
	}
}
