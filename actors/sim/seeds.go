package sim

import (
	"flag"
	"fmt"
	"testing"
)

var (
	seedFlag  = flag.Uint64("sim.seed", 0, "run the simulated worlds with this seed only")
	countFlag = flag.Int("sim.n", 0, "run sim.Seeds with this many seeds instead of the test's own number")
)

// Seeds runs the test in n worlds, with the seeds 1 to n, up to the first that fails; in fewer under
// the race detector. The flags -sim.n and -sim.seed run more of them, or a single one again.
func Seeds(t *testing.T, n int, test func(t *testing.T, w *World), opts ...Option) {
	t.Helper()
	first, last := uint64(1), uint64(max(1, n/fewer))
	if *countFlag > 0 {
		last = uint64(*countFlag)
	}
	if *seedFlag > 0 {
		first, last = *seedFlag, *seedFlag
	}
	for seed := first; seed <= last; seed++ {
		passed := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			test(t, New(t, append(opts[:len(opts):len(opts)], Seed(seed))...))
		})
		if !passed {
			return
		}
	}
}
