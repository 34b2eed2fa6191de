package sim_test

import (
	"testing"

	"chatserver/actors/sim"
)

// A world to begin with is the engine's registry of 1024 maps.
func BenchmarkNewWorld(b *testing.B) {
	for b.Loop() {
		sim.New(&recorder{TB: b})
	}
}

// The small world of a typical test: some actors, some dozens of messages, crashes and timers.
func BenchmarkSmallWorld(b *testing.B) {
	for b.Loop() {
		babble(sim.New(&recorder{TB: b}))
	}
}

// A turn is one delivery, with its line of the trace kept and not written.
func BenchmarkTurn(b *testing.B) {
	w := sim.New(b)
	ann := w.Probe("ann")
	for b.Loop() {
		ann.Send(ann.PID(), 1)
		w.Step()
	}
}
