package sim

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

var (
	seedFlag  = flag.Uint64("sim.seed", 0, "run the simulated worlds with this seed only")
	fromFlag  = flag.Uint64("sim.from", 1, "the first seed of sim.Seeds and its like")
	countFlag = flag.Int("sim.n", 0, "run sim.Seeds and its like with this many seeds instead of the test's own number")
	forFlag   = flag.Duration("sim.for", 0, "go on with further seeds until this time has passed, which -timeout has to allow")
)

// Seeds runs the test in n worlds, with the seeds 1 to n, up to the first that fails; in fewer under
// the race detector. The flag -sim.n runs more of them, -sim.for as many as begin within a time, but n
// at least; -sim.from begins with another seed than 1, and -sim.seed runs a single one again.
func Seeds(t *testing.T, n int, test func(t *testing.T, w *World), opts ...Option) {
	t.Helper()
	p := newPlan(n)
	for seed := p.next(); seed > 0; seed = p.next() {
		passed := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			test(t, New(t, append(opts[:len(opts):len(opts)], Seed(seed))...))
		})
		if !passed {
			return
		}
	}
}

// SeedsInParallel is Seeds on all cores, for a test whose runs share nothing. Each is a Try. Once one
// fails no further seed is begun, and of those that failed the lowest is told of, and returned: no lower
// one fails. 0: none did.
func SeedsInParallel(t testing.TB, n int, test func(t testing.TB, w *World), opts ...Option) (failed uint64) {
	t.Helper()
	return inParallel(t, newPlan(n), func(t testing.TB, seed uint64) {
		test(t, New(t, append(opts[:len(opts):len(opts)], Seed(seed))...))
	})
}

func inParallel(t testing.TB, p *plan, test func(t testing.TB, seed uint64)) (failed uint64) {
	t.Helper()
	s := &search{plan: p}
	var cores sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		cores.Go(func() {
			for seed := s.next(); seed > 0; seed = s.next() {
				s.judge(seed, Try(t, func(t testing.TB) { test(t, seed) }))
			}
		})
	}
	cores.Wait()
	for _, complaint := range s.verdict.Complaints {
		t.Errorf("seed=%d: %s", s.lowest, complaint)
	}
	for _, log := range s.verdict.Logs {
		t.Log(log)
	}
	return s.lowest
}

// search is what those who run seeds in parallel share.
type search struct {
	mu      sync.Mutex
	plan    *plan
	lowest  uint64 // that failed; 0 for none
	verdict Verdict
}

func (s *search) next() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lowest > 0 {
		return 0
	}
	return s.plan.next()
}

func (s *search) judge(seed uint64, v Verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(v.Complaints) > 0 && (s.lowest == 0 || seed < s.lowest) {
		s.lowest, s.verdict = seed, v
	}
}

// plan is which seeds a run has: those up to the last, and then more until some time.
type plan struct {
	seed, last uint64
	until      time.Time
}

func newPlan(n int) *plan {
	switch {
	case *seedFlag > 0:
		return planned(*seedFlag, 1, 0)
	case *countFlag > 0:
		return planned(*fromFlag, *countFlag, *forFlag)
	default:
		return planned(*fromFlag, max(1, n/fewer), *forFlag)
	}
}

// planned is n seeds from the first on, and more while the time lasts.
func planned(first uint64, n int, more time.Duration) *plan {
	before := max(1, first) - 1 // 0 is no seed
	return &plan{seed: before, last: before + uint64(n), until: time.Now().Add(more)}
}

// next is 0 where there is none.
func (p *plan) next() uint64 {
	if p.seed >= p.last && !time.Now().Before(p.until) {
		return 0
	}
	p.seed++
	return p.seed
}
