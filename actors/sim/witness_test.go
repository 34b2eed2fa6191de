package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

func TestAWitnessSeesWhatActorsReceive(t *testing.T) {
	var seen []string
	w := sim.New(t, sim.Witness(func(who string, msg any) { seen = append(seen, fmt.Sprintf("%s %T", who, msg)) }))
	w.ExpectError("boom")
	ann := w.Probe("ann")
	n1 := w.Spawn("n1", counter().Configure(w.Props()...)) // twice
	w.Settle()
	w.Panic(sim.Of[int]("n1"))

	ann.Ask(n1, "count")
	ann.Ask(n1, "boom")
	ann.Ask(n1, 1)
	ann.Ask(n1, &actor.PoisonPill{})
	w.Settle()

	ann.Want(1)
	want := []string{
		"n1 *actor.Started", "n1 string", "n1 string", "n1 *actor.Restarting", "n1 *actor.Started", // of boom
		"n1 *actor.Restarting", "n1 *actor.Started", "n1 *actor.Stopping", "n1 *actor.Stopped",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("seen: %q", seen)
	}
}

func TestAWitnessChangesNothing(t *testing.T) {
	alone, seen := sim.New(t), sim.New(t, sim.Witness(func(string, any) {}))
	babble(alone)
	babble(seen)
	if alone.Trace() != seen.Trace() {
		t.Errorf("seen, they do:\n%s", seen.Trace())
	}
}
