package sim_test

import (
	"testing"

	"chatserver/actors/sim"
)

// A world to begin with is the engine's registry of 1024 maps.
func BenchmarkNewWorld(b *testing.B) {
	for b.Loop() {
		sim.Try(b, func(t testing.TB) { sim.New(t) })
	}
}

// The small world of a typical test: some actors, some dozens of messages, crashes and timers.
func BenchmarkSmallWorld(b *testing.B) {
	for b.Loop() {
		sim.Try(b, func(t testing.TB) { babble(sim.New(t)) })
	}
}

// A turn is one delivery, with its line of the trace kept and not written.
func BenchmarkTurn(b *testing.B) { benchmarkTurn(b, sim.New(b)) }

// The same in a world that runs for long, and has known faults.
func BenchmarkTurnOfALongHistory(b *testing.B) {
	w := sim.New(b, sim.Tail(1000))
	for range 100 {
		w.Drop(sim.To("")).Heal()
	}
	benchmarkTurn(b, w)
}

func benchmarkTurn(b *testing.B, w *sim.World) {
	echo := w.Spawn("echo", echo())
	b.ReportAllocs()
	for b.Loop() {
		w.System().Root.Send(echo, 1)
		w.Step()
	}
}
