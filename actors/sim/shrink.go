package sim

import "slices"

// Shrink looks for the few of n things, 0 to n-1, that it takes for fails to hold, as it does with all
// of them: what was done in a world that ended badly. No single one of those it returns can be left
// out, unless it has asked fails as often as calls says and had to stop. fails decides by keep alone,
// which ascends and is its own to change.
//
// This is ddmin of Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE
// Transactions on Software Engineering 28(2), 2002, reduced to its complements: chunks are left out,
// half of all at first, then ever smaller ones, and single ones until none can be.
func Shrink(n, calls int, fails func(keep []int) bool) []int {
	keep := make([]int, n)
	for i := range keep {
		keep[i] = i
	}
	try := func(part []int) bool {
		calls--
		return calls >= 0 && fails(part)
	}
	for size := (n + 1) / 2; size > 0; {
		before := len(keep)
		for at := 0; at < len(keep); {
			end := min(at+size, len(keep))
			if try(slices.Concat(keep[:at], keep[end:])) {
				keep = slices.Delete(keep, at, end)
			} else {
				at = end
			}
		}
		if size > 1 || len(keep) == before {
			size /= 2
		}
	}
	return keep
}
