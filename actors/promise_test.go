package actors

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"chatserver/actors/sim"
)

var shrinkFlag = flag.Int("sim.shrink", 300, "try so often to leave steps out of a script that failed")

// What a trial is at least.
const (
	leastWishes = 200
	leastFaults = 5
	rush        = 30 // steps at the end, all of which say something or move a client: nothing comes later that would heal what they miss
)

// TestPromise is what GUARANTEES.md says of it.
func TestPromise(t *testing.T) {
	t.Parallel()
	seen := newCensus()
	sim.SeedsInParallel(t, 500, func(t testing.TB, w *sim.World) {
		s := script{seed: w.Seed()}
		defer func() { shorten(t, s) }()
		seen.add(play(t, w, s.draw()))
	}, sim.Tail(200), sim.Witness(seen.see))
	seen.wantAll(t)
	t.Log(seen)
}

// TestPromiseOfOld plays the scripts again that once showed a defect.
func TestPromiseOfOld(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/promise/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text := must[[]byte](t)(os.ReadFile(file))
			s := must[script](t)(parse(string(text)))
			play(t, sim.New(t, sim.Seed(s.seed)), given(s.steps))
		})
	}
}

// play makes a trial of what next has to offer.
func play(t testing.TB, w *sim.World, next source) *trial {
	trial := newTrial(t, w, moodOf(w.Seed()))
	trial.play(next)
	trial.finish()
	return trial
}

// source is where steps come from; false: there are no more.
type source func(*trial) (step, bool)

// draw draws the steps of the script's seed, and notes them: until enough was done, and then a rush.
func (s *script) draw() source {
	r, left := rand.New(rand.NewPCG(s.seed, 3)), rush
	return func(t *trial) (step, bool) {
		enough := t.wishes() >= leastWishes && t.faults() >= leastFaults
		if enough {
			left--
		}
		one := draw(r)
		for !t.mood.has(one) || enough && one.verb != "say" && one.verb != "roam" {
			one = draw(r)
		}
		if left >= 0 {
			s.steps = append(s.steps, one)
		}
		return one, left >= 0
	}
}

// given are steps that are known.
func given(steps []step) source {
	return func(*trial) (one step, ok bool) {
		if len(steps) == 0 {
			return one, false
		}
		one, steps = steps[0], steps[1:]
		return one, true
	}
}

// shorten logs the few steps of a script that failed which it takes to fail in the same way. Without some
// of them all else happens in another order, so each few are played in several.
func shorten(t testing.TB, s script) {
	if !t.Failed() {
		return
	}
	whole, best := tried(t, s), s
	few := sim.Shrink(len(s.steps), *shrinkFlag, func(keep []int) bool {
		for i := range uint64(orders) {
			short := s.only(keep)
			short.seed = best.seed + i*seedStep
			if slices.ContainsFunc(tried(t, short), func(what string) bool { return slices.Contains(whole, what) }) {
				best.seed = short.seed
				return true
			}
		}
		return false
	})
	best.steps = s.only(few).steps
	t.Logf("of %d steps it takes %d; as a file in testdata/promise they are played again:\n%s", len(s.steps), len(few), best)
}

const (
	orders   = 8       // in which each part of a script is played
	seedStep = 1 << 20 // between their seeds, which are alike in all but the order
)

// only is the script with some of its steps.
func (s script) only(keep []int) script {
	few := script{seed: s.seed}
	for _, i := range keep {
		few.steps = append(few.steps, s.steps[i])
	}
	return few
}

// tried is what a script's trial complains of, without its numbers.
func tried(t testing.TB, s script) (what []string) {
	verdict := sim.Try(t, func(t testing.TB) { play(t, sim.New(t, sim.Seed(s.seed), sim.Tail(1)), given(s.steps)) })
	for _, text := range verdict.Complaints {
		first, _, _ := strings.Cut(text, "\n")
		what = append(what, strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return -1
			}
			return r
		}, first))
	}
	return what
}
