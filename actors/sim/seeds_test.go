package sim_test

import (
	"sync"
	"testing"

	"chatserver/actors/sim"
)

func TestEverySeedIsAWorldOfItsOwn(t *testing.T) {
	drawn := map[uint64]bool{}
	sim.Seeds(t, 5, func(t *testing.T, w *sim.World) {
		n := w.Rand().Uint64()
		if drawn[n] {
			t.Errorf("%d was drawn before", n)
		}
		drawn[n] = true
	})
	if len(drawn) == 0 {
		t.Error("no world was made")
	}
}

func TestInParallelEverySeedHasTheHistoryItHasAlone(t *testing.T) {
	var mu sync.Mutex
	histories := map[uint64]string{} // by the first number drawn
	sim.SeedsInParallel(t, 40, func(_ testing.TB, w *sim.World) {
		first := w.Rand().Uint64()
		babble(w)
		mu.Lock()
		defer mu.Unlock()
		histories[first] = w.Trace()
	})

	for seed := range uint64(40) {
		w := sim.New(t, sim.Seed(seed+1))
		first := w.Rand().Uint64()
		babble(w)
		if other, ok := histories[first]; ok && other != w.Trace() {
			t.Errorf("seed %d alone:\n%s\nand in parallel:\n%s", seed+1, w.Trace(), other)
		}
	}
	if len(histories) == 0 {
		t.Error("no world was made")
	}
}
