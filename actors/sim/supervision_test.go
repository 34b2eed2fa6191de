package sim_test

import (
	"slices"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

func TestAfterAPanicMessagesWaitForTheRestart(t *testing.T) {
	sim.Seeds(t, 50, func(t *testing.T, w *sim.World) {
		w.ExpectError("panic of users/42: boom")
		users, ann := w.Probe("users"), w.Probe("ann")
		user := users.Spawn("42", counter())

		ann.Ask(user, "count")
		ann.Ask(user, "count")
		ann.Ask(user, "boom")
		ann.Ask(user, "count")
		w.Settle()

		ann.Want(1, 2, 1) // the third went to the new one
		users.Want()
	})
}

func TestAStoppedChildIsToldOfAndItsMessagesAreLost(t *testing.T) {
	sim.Seeds(t, 50, func(t *testing.T, w *sim.World) {
		w.ExpectError("panic of users/42: boom")
		users, ann := w.Probe("users", ending()), w.Probe("ann")
		user := users.Spawn("42", counter())
		ann.Watch(user)
		w.Settle()

		ann.Ask(user, "boom")
		ann.Ask(user, "count")
		w.Settle()

		ann.Want(&actor.Terminated{Who: user})
		users.Want(&actor.Terminated{Who: user})
		if names := w.Actors(); len(names) > 0 {
			t.Errorf("alive: %v", names)
		}
	})
}

func TestWhoWatchesTheDeadIsToldSo(t *testing.T) {
	w := sim.New(t)
	ann, gone := w.Probe("ann"), w.System().NewLocalPID("users/9")

	ann.Watch(gone)
	ann.Ask(gone, "hello")
	w.Settle()

	ann.Want(&actor.Terminated{Who: gone, Why: actor.TerminatedReason_NotFound}, &actor.DeadLetterResponse{})
}

func TestAnActorWithoutAParentIsRestartedOrHasItsGuardiansFate(t *testing.T) {
	w := sim.New(t)
	w.ExpectError("boom")
	ann := w.Probe("ann")
	again := w.Spawn("again", counter())
	stop := func(any) actor.Directive { return actor.StopDirective }
	gone := w.Spawn("gone", counter().Configure(actor.WithGuardian(actor.NewOneForOneStrategy(0, 0, stop))))

	for range 20 { // more often than the engine's own guardian allows
		ann.Ask(again, "boom")
	}
	ann.Ask(gone, "boom")
	w.Settle()

	if names := w.Actors(); !slices.Equal(names, []string{"again"}) {
		t.Errorf("alive: %v", names)
	}
}

func TestChildrenOfActorsLiveInTheWorldToo(t *testing.T) {
	w := sim.New(t)
	parent := actor.PropsFromFunc(func(ctx actor.Context) {
		if _, ok := ctx.Message().(*actor.Started); ok {
			if _, err := ctx.SpawnNamed(actor.PropsFromFunc(func(actor.Context) {}, w.Props()...), "7"); err != nil {
				t.Error(err)
			}
		}
	})
	groups := w.Spawn("groups", parent)
	w.Settle()
	if names := w.Actors(); !slices.Equal(names, []string{"groups", "groups/7"}) {
		t.Errorf("alive: %v", names)
	}

	w.System().Root.Stop(groups)
	w.Settle()

	if names := w.Actors(); len(names) > 0 {
		t.Errorf("still alive: %v", names)
	}
}

func TestANameIsFreeAgainAfterAStop(t *testing.T) {
	w := sim.New(t)
	users, ann := w.Probe("users"), w.Probe("ann")
	first := users.Spawn("42", counter())
	ann.Ask(first, "count")
	w.Settle()
	w.System().Root.Stop(first)
	w.Settle()

	ann.Ask(users.Spawn("42", counter()), "count")
	w.Settle()

	ann.Want(1, 1)
	users.Want(&actor.Terminated{Who: first})
}
