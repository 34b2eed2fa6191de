package sim_test

import (
	"slices"
	"testing"

	"chatserver/actors/sim"
)

// having holds where all of these are kept.
func having(needed ...int) func([]int) bool {
	return func(keep []int) bool {
		return !slices.ContainsFunc(needed, func(i int) bool { return !slices.Contains(keep, i) })
	}
}

func TestShrinkKeepsWhatItTakes(t *testing.T) {
	even := func(keep []int) bool { return len(keep)%2 == 0 && having(5)(keep) } // only pairs can go
	either := func(keep []int) bool { return having(3, 60)(keep) || having(40)(keep) }
	chain := func(keep []int) bool { // each needs the one after it
		return !slices.ContainsFunc(keep, func(i int) bool { return i < 9 && !slices.Contains(keep, i+1) })
	}
	tests := []struct {
		name     string
		n, calls int
		fails    func([]int) bool
		want     []int
	}{
		{"nothing there", 0, 100, having(), []int{}},
		{"none needed", 100, 100, having(), []int{}},
		{"one, not needed", 1, 100, having(), []int{}},
		{"one, needed", 1, 100, having(0), []int{0}},
		{"the first", 100, 100, having(0), []int{0}},
		{"the last", 101, 100, having(100), []int{100}},
		{"some far apart", 200, 200, having(0, 99, 100, 199), []int{0, 99, 100, 199}},
		{"all", 5, 100, having(0, 1, 2, 3, 4), []int{0, 1, 2, 3, 4}},
		{"one of two ways", 100, 100, either, []int{40}},
		{"none alone can go", 8, 100, even, []int{4, 5}},
		{"going one by one, from the first", 10, 200, chain, []int{}},
		{"no calls", 3, 0, having(1), []int{0, 1, 2}},
		{"one call", 4, 1, having(3), []int{2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			calls := 0
			got := sim.Shrink(test.n, test.calls, func(keep []int) bool {
				calls++
				fails := test.fails(keep)
				clear(keep) // which must not matter
				return fails
			})

			if !slices.Equal(got, test.want) || calls > test.calls {
				t.Errorf("after %d calls: %v", calls, got)
			}
		})
	}
}

func TestOfWhatShrinkKeepsNoneCanBeLeftOut(t *testing.T) {
	r := sim.New(t).Rand()
	for range 200 {
		salt := r.Uint64()
		fails := func(keep []int) bool { // some monster, true of all
			sum := salt
			for _, i := range keep {
				sum = (sum ^ uint64(i)) * 0x9e3779b97f4a7c15
			}
			return len(keep) == 30 || sum>>32%3 == 0
		}

		kept := sim.Shrink(30, 10_000, fails)

		for i := range kept {
			if fails(slices.Delete(slices.Clone(kept), i, i+1)) {
				t.Errorf("salt %d: %v can do without its number %d", salt, kept, i)
			}
		}
	}
}
