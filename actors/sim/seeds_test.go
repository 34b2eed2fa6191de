package sim_test

import (
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
