package sim_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

// A server is a process that can crash. All that it does is marked with its life, and it must not hear
// of what another life did.
type server struct {
	t     testing.TB
	w     *sim.World
	life  int
	ends  int // actors that heard of an end
	heard int
}

type sign struct{ life, left int }

func (s *server) start() *actor.PID {
	return s.w.Spawn("n1", actor.PropsFromProducer(func() actor.Actor { return actor.ReceiveFunc(s.root) }))
}

func (s *server) root(ctx actor.Context) {
	if _, ok := ctx.Message().(*actor.Started); ok {
		ctx.Watch(s.w.System().NewLocalPID("bank"))
		for _, name := range []string{"a", "b", "c"} {
			child, err := ctx.SpawnNamed(actor.PropsFromFunc(s.child, s.w.Props()...), name)
			if err != nil {
				s.t.Errorf("life %d: %v", s.life, err)
			}
			ctx.Send(child, sign{s.life, 3})
		}
	}
	s.hear(ctx)
}

// child talks to the others of its life, to itself by clock and crew, and panics at times.
func (s *server) child(ctx actor.Context) {
	s.hear(ctx)
	msg, ok := ctx.Message().(sign)
	if !ok || msg.left == 0 {
		return
	}
	next := sign{s.life, msg.left - 1}
	for _, name := range []string{"a", "b", "c", "gone"} {
		ctx.Request(s.w.System().NewLocalPID("n1/"+name), next)
	}
	s.w.After(time.Duration(msg.left)*time.Second, ctx.Self(), next)
	s.w.Crew().Run(ctx.Self(), jobOf(next))
	if s.life == 1 && s.w.Rand().IntN(4) == 0 {
		panic("n1 is unwell")
	}
}

func (s *server) hear(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Stopping, *actor.Stopped, *actor.Restarting, *actor.Terminated:
		s.ends++
	case sign:
		s.heard++
		if msg.life != s.life {
			s.t.Errorf("%s of life %d heard of life %d", ctx.Self().Id, s.life, msg.life)
		}
	}
}

func TestWhoComesAfterACrashHearsNothingOfTheLifeBefore(t *testing.T) {
	sim.Seeds(t, 200, func(t *testing.T, w *sim.World) {
		w.AllowError("n1 is unwell")
		w.Delay(sim.Of[sign]("n1/"), time.Second).Often(0.1)
		w.DelayJobs("n1/", time.Second).Often(0.3)
		bank, first := w.Spawn("bank", echo()), &server{t: t, w: w, life: 1}
		first.start()
		for range w.Rand().IntN(150) {
			if !w.Step() {
				w.Advance(time.Second)
			}
		}

		w.Crash("n1")
		ends, heard := first.ends, first.heard
		if names := w.Actors(); !slices.Equal(names, []string{"bank"}) || w.Timers() > w.Jobs() {
			t.Errorf("after the crash there are %v, %d timers and %d jobs", names, w.Timers(), w.Jobs())
		}
		again := &server{t: t, w: w, life: 2}
		again.start()
		w.Settle()
		w.System().Root.Stop(bank)
		w.Advance(time.Minute)

		if first.ends != ends || first.heard != heard {
			t.Error("who crashed took another turn")
		}
		// a sign makes 5 with one less left: 3 times 1 + 5 + 25 + 125
		if again.heard != 468 || again.ends != 1 {
			t.Errorf("life 2 heard %d signs, and of %d ends but the bank's", again.heard, again.ends-1)
		}
		if w.Timers() != 0 || w.Jobs() != 0 {
			t.Errorf("%d timers and %d jobs are left", w.Timers(), w.Jobs())
		}
	})
}

func TestACrashTellsNobody(t *testing.T) {
	w := sim.New(t)
	root, ann := w.Probe("root"), w.Probe("ann")
	n1 := root.Spawn("n1", counter())
	ann.Watch(n1)
	ann.Ask(n1, "count")
	w.Settle()
	ann.Want(1)
	ann.Ask(n1, "count")
	w.After(time.Second, n1, "count")

	w.Crash("root/n1")
	ann.Ask(n1, "to nobody")
	w.Advance(time.Minute)

	root.Want()
	ann.Want(&actor.DeadLetterResponse{})
	if dead := w.DeadLetters(); len(dead) != 1 || !strings.HasSuffix(dead[0], `"to nobody" from ann`) {
		t.Errorf("dead letters: %q", dead)
	}
	if !strings.Contains(w.Trace(), "root/n1          ! crashed\n") {
		t.Errorf("the trace does not tell:\n%s", w.Trace())
	}
}

func TestACrashIsOfOneProcess(t *testing.T) {
	w := sim.New(t)
	for _, name := range []string{"n1", "n1/store", "n1/store/0", "n10", "n2"} {
		w.Spawn(name, echo())
	}

	w.Crash("n1")

	if names := w.Actors(); !slices.Equal(names, []string{"n10", "n2"}) {
		t.Errorf("alive: %v", names)
	}
}

func TestWhatTheCrashedAskedOfASupervisorOrAWatchedOneIsForgotten(t *testing.T) {
	w := sim.New(t)
	w.ExpectError("boom")
	root, ann := w.Probe("root"), w.Spawn("ann", echo())
	restarts, told := 0, 0
	props := func() *actor.Props {
		return actor.PropsFromFunc(func(ctx actor.Context) {
			switch msg := ctx.Message().(type) {
			case *actor.Started:
				ctx.Send(ctx.Self(), "watch")
			case *actor.Restarting:
				restarts++
			case *actor.Terminated:
				told++
			case string:
				if msg == "boom" {
					panic(msg)
				}
				if restarts+told == 0 && msg == "watch" {
					ctx.Watch(ann)
				}
			}
		}, w.Props()...)
	}
	n1 := root.Spawn("n1", props())
	w.Settle()
	w.Crash("root/n1") // its watch has been heard of
	root.Send(root.Spawn("n1", props()), "boom")
	for !strings.Contains(w.Trace(), "! panic: boom") {
		w.Step()
	}
	w.Crash("root/n1") // its failure, and another watch maybe, have not

	w.Spawn("root/n1", counter())
	w.System().Root.Stop(ann)
	w.Settle()

	if restarts != 0 || told != 0 {
		t.Errorf("restarted %d times, told of %d ends", restarts, told)
	}
	if strings.Contains(w.Trace(), n1.Id+"          *actor.Terminated") || strings.Contains(w.Trace(), "*actor.Restart") {
		t.Errorf("who took the name was meant:\n%s", w.Trace())
	}
}

func TestAJobOfTheCrashedIsDoneWithoutAnAnswerOrNotAtAll(t *testing.T) {
	done := map[int]int{}
	for seed := range uint64(100) {
		w := sim.New(t, sim.Seed(seed))
		n1, works := w.Spawn("n1", counter()), 0
		work := func(context.Context) any { works++; return "done" }
		told := w.Drop(sim.Of[string]("n1"))
		w.DelayJobs("n1", time.Second).At(1)
		w.Crew().Run(n1, work)
		w.Crew().Run(n1, work)
		w.Settle()
		w.Crew().Run(n1, work)
		before := works

		w.Crash("n1")
		left := w.Jobs()
		w.Crash("n1")
		w.Spawn("n1", counter())
		w.Advance(time.Minute)

		if works-before != left || told.Hits() != before || w.Jobs() != 0 {
			t.Errorf("seed %d: %d of %d jobs were run, %d wait, %d results sent, %d before",
				seed, works-before, left, w.Jobs(), told.Hits(), before)
		}
		done[left]++
	}
	if len(done) != 3 || done[1] < 30 {
		t.Errorf("how many jobs outlived how many crashes: %v", done)
	}
}

func TestATurnCannotCrash(t *testing.T) {
	w := sim.New(t)
	w.ExpectError("a crash was asked for from within a turn")
	w.Spawn("n1", actor.PropsFromFunc(func(ctx actor.Context) {
		if _, ok := ctx.Message().(*actor.Started); ok {
			w.Crash("n1")
		}
	}))
	for range 5 {
		w.Step()
	}
}
