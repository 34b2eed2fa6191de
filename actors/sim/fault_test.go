package sim_test

import (
	"context"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

func TestADroppedMessageNeverArrives(t *testing.T) {
	w := sim.New(t)
	ann, bob := w.Probe("ann"), w.Probe("bob")
	fault := w.Drop(sim.Of("bob", func(s string) bool { return s == "secret" }))

	ann.Send(bob.PID(), "secret")
	ann.Send(bob.PID(), "hello")
	ann.Send(ann.PID(), "secret")
	w.Settle()

	bob.Want("hello")
	ann.Want("secret")
	if fault.Hits() != 1 {
		t.Errorf("it struck %d times", fault.Hits())
	}
}

func TestAHealedFaultIsOver(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	fault := w.Drop(sim.To(""))
	ann.Send(ann.PID(), "lost")

	fault.Heal()
	ann.Send(ann.PID(), "found")
	w.Settle()

	ann.Want("found")
}

func TestAFaultThatHealsItselfLeavesTheOthersAlone(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	var fault *sim.Fault
	fault = w.Drop(sim.Of("ann", func(string) bool { fault.Heal(); return true }))
	w.Duplicate(sim.To("ann"))

	ann.Send(ann.PID(), "dropped")
	ann.Send(ann.PID(), "twice")
	w.Settle()

	ann.Want("twice", "twice")
}

func TestADelayedMessageIsOvertaken(t *testing.T) {
	w := sim.New(t)
	ann, bob := w.Probe("ann"), w.Probe("bob")
	w.Delay(sim.Of[int]("bob"), time.Second).At(2)

	for n := range 3 {
		ann.Ask(bob.PID(), n+1)
	}
	w.Settle()
	bob.Want(1, 3)

	w.Advance(time.Second)
	bob.Want(2)
	if bob.Sender().Id != "ann" {
		t.Errorf("it came from %v", bob.Sender())
	}
}

func TestADuplicatedMessageComesTwice(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	w.Duplicate(sim.To("ann")).At(1)

	ann.Send(ann.PID(), 1)
	ann.Send(ann.PID(), 2)
	w.Settle()

	ann.Want(1, 1, 2)
}

func TestAPanicInsteadOfTheNthMessageLosesIt(t *testing.T) {
	w := sim.New(t)
	users, ann := w.Probe("users"), w.Probe("ann")
	user := users.Spawn("42", counter())
	w.Panic(sim.To("users/42")).At(2)

	for range 4 {
		ann.Ask(user, "count")
	}
	w.Settle()

	ann.Want(1, 1, 2)
}

func TestAPanicAfterTheNthMessageLosesOnlyWhatTheActorKnew(t *testing.T) {
	w := sim.New(t)
	users, ann := w.Probe("users"), w.Probe("ann")
	user := users.Spawn("42", counter())
	w.PanicAfter(sim.To("users/")).At(2)

	for range 4 {
		ann.Ask(user, "count")
	}
	w.Settle()

	ann.Want(1, 2, 1, 2)
}

func TestTheSupervisorSeesAnInjectedPanicAsTheActorsOwn(t *testing.T) {
	w := sim.New(t)
	var reason any
	decide := func(r any) actor.Directive { reason = r; return actor.StopDirective }
	users := w.Probe("users", actor.WithSupervisor(actor.NewOneForOneStrategy(0, 0, decide)))
	user := users.Spawn("42", counter())
	w.Panic(sim.To("users/42"))

	users.Send(user, "count")
	w.Settle()

	if reason != (sim.Injected{Who: "users/42"}) {
		t.Errorf("the reason is %v", reason)
	}
	users.Want(&actor.Terminated{Who: user})
}

func TestAFaultOfChanceStrikesNowAndThen(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	fault := w.Drop(sim.To("ann")).Often(0.3)

	for n := range 1000 {
		ann.Send(ann.PID(), n)
	}
	w.Settle()

	if got := len(ann.Got()); fault.Hits() < 250 || fault.Hits() > 350 || got+fault.Hits() != 1000 {
		t.Errorf("%d dropped, %d arrived", fault.Hits(), got)
	}
}

func TestTimersComeWhateverTheFaults(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	w.Drop(sim.To(""))
	w.Duplicate(sim.To(""))

	w.After(time.Second, ann.PID(), "tick")
	w.Advance(time.Second)

	ann.Want("tick")
}

func TestJobsFailStallAndAreLost(t *testing.T) {
	w := sim.New(t)
	store := w.Probe("store/0")
	begun := w.Now()
	job := func(name string) func(context.Context) any {
		return func(ctx context.Context) any { return outcome{name, w.Now().Sub(begun), ctx.Err()} }
	}
	run := func(name string) { w.Crew().Run(store.PID(), job(name)) }
	w.FailJobs("store/").At(2)
	w.LoseJobs("store/").At(3)
	w.DelayJobs("store/", time.Second).At(4)

	run("good")
	w.Settle()
	store.Want(outcome{job: "good"})
	run("failed")
	w.Settle()
	store.Want(outcome{job: "failed", err: context.DeadlineExceeded})
	run("lost")
	run("late")
	w.Settle()
	store.Want()
	w.Advance(time.Second)
	store.Want(outcome{job: "late", at: time.Second})
	if n := w.Jobs(); n != 0 {
		t.Errorf("%d jobs wait", n)
	}
}

type outcome struct {
	job string
	at  time.Duration
	err error
}

func TestAJobsResultIsAMessage(t *testing.T) {
	w := sim.New(t)
	store, done := w.Probe("store/0"), 0
	w.Drop(sim.Of[string]("store/0"))

	w.Crew().Run(store.PID(), func(context.Context) any { done++; return "committed" })
	w.Settle()

	store.Want()
	if done != 1 {
		t.Errorf("done %d times", done)
	}
}
