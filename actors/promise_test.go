package actors

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chatserver/actors/sim"
)

var shrinkFlag = flag.Int("sim.shrink", 300, "try so often to leave steps out of a script that failed")

// What a trial is at least.
const (
	leastWishes = 200
	leastFaults = 5
	rounds      = 4  // in which it is reached
	rush        = 30 // steps at the end of each, all of which say something or move a client: nothing comes later that would heal what they miss
)

// inRush are the verbs that happen in it.
var inRush = []string{"say", "roam", "gather"}

// TestPromise is what GUARANTEES.md says of it.
func TestPromise(t *testing.T) {
	t.Parallel()
	seen := newCensus()
	failed := sim.SeedsInParallel(t, 500, func(t testing.TB, w *sim.World) {
		s := script{seed: w.Seed()}
		seen.add(play(t, w, s.draw()))
	}, sim.Tail(200), sim.Witness(seen.see))
	if failed > 0 && *shrinkFlag > 0 {
		shorten(t, failed)
	}
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

// draw draws the steps of the script's seed, and notes them: rounds of doing much, and then a rush and a rest.
func (s *script) draw() source {
	r, round, left := rand.New(rand.NewPCG(s.seed, 3)), 1, rush
	return func(t *trial) (one step, more bool) {
		rushing := t.wishes() >= leastWishes*round/rounds && (round < rounds || t.faults() >= leastFaults)
		switch {
		case left > 0:
			one = draw(r)
			for !t.mood.has(one) || rushing && !slices.Contains(inRush, one.verb) {
				one = draw(r)
			}
		case round < rounds:
			one = step{verb: "rest"}
		default:
			return one, false
		}
		switch {
		case left == 0:
			round, left = round+1, rush
		case rushing:
			left--
		}
		s.steps = append(s.steps, one)
		return one, true
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

// shorten logs the few steps of a seed that failed which it takes to fail in the same way. Without some
// of them all else happens in another order, so each few are played in several.
func shorten(t testing.TB, seed uint64) {
	best := script{seed: seed}
	whole := tried(t, seed, best.draw())
	all := best
	few := sim.Shrink(len(all.steps), *shrinkFlag, func(keep []int) bool {
		for i := range uint64(orders) {
			seed := best.seed + i*seedStep
			if slices.ContainsFunc(tried(t, seed, given(all.only(keep))), func(what string) bool { return slices.Contains(whole, what) }) {
				best.seed = seed
				return true
			}
		}
		return false
	})
	best.steps = all.only(few)
	t.Logf("of %d steps it takes %d; as a file in testdata/promise they are played again:\n%s", len(all.steps), len(few), best)
}

const (
	orders   = 8       // in which each part of a script is played
	seedStep = 1 << 20 // between their seeds, which are alike in all but the order: see moodOf and policyOf
)

// only are some of the script's steps.
func (s script) only(keep []int) (few []step) {
	for _, i := range keep {
		few = append(few, s.steps[i])
	}
	return few
}

// tried are the kinds of complaints of a trial.
func tried(t testing.TB, seed uint64, next source) (kinds []string) {
	verdict := sim.Try(t, func(t testing.TB) { play(t, sim.New(t, sim.Seed(seed), sim.Tail(1)), next) })
	for _, text := range verdict.Complaints {
		kinds = append(kinds, kindOf(text))
	}
	return kinds
}

var figures = regexp.MustCompile(`[0-9][0-9a-zµ.]*`)

// kindOf is what a complaint is about: its first line up to a list, without numbers.
func kindOf(complaint string) string {
	first, _, _ := strings.Cut(complaint, "\n")
	about, _, _ := strings.Cut(first, "[")
	return figures.ReplaceAllString(about, "")
}
