package sim

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

func TestSeedsGoOnUntilTheirTimeHasPassed(t *testing.T) {
	tests := map[string]struct {
		plan *plan
		want []uint64
	}{
		"a number":                         {planned(1, 3, 0), []uint64{1, 2, 3, 0, 0}},
		"a single one":                     {planned(17, 1, 0), []uint64{17, 0, 0, 0, 0}},
		"a number, and more":               {planned(1, 3, time.Hour), []uint64{1, 2, 3, 4, 5}},
		"no more time":                     {planned(1, 3, -time.Hour), []uint64{1, 2, 3, 0, 0}},
		"a number from a seed on":          {planned(2001, 3, 0), []uint64{2001, 2002, 2003, 0, 0}},
		"a number from a seed on and more": {planned(2001, 3, time.Hour), []uint64{2001, 2002, 2003, 2004, 2005}},
		"from none on":                     {planned(0, 3, 0), []uint64{1, 2, 3, 0, 0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []uint64
			for range test.want {
				got = append(got, test.plan.next())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("seeds: %v", got)
			}
		})
	}
}

func TestInParallelTheLowestSeedThatFailsIsToldOf(t *testing.T) {
	for range 20 {
		var runs atomic.Int64
		r := Try(t, func(t testing.TB) {
			inParallel(t, &plan{last: 1000}, func(t testing.TB, seed uint64) {
				runs.Add(1)
				t.Log("seed", seed)
				if seed%50 >= 40 {
					t.Fatal("it fails")
				}
			})
		})

		if !slices.Equal(r.Complaints, []string{"seed=40: it fails"}) || !slices.Equal(r.Logs, []string{"seed 40"}) {
			t.Errorf("complaints: %q, logs: %q", r.Complaints, r.Logs)
		}
		if runs.Load() == 1000 {
			t.Error("it went on")
		}
	}
}

func TestInParallelAPassIsQuietAndRunsThemAll(t *testing.T) {
	var seen [101]atomic.Int64
	r := Try(t, func(t testing.TB) {
		inParallel(t, &plan{last: 100}, func(t testing.TB, seed uint64) { seen[seed].Add(1); t.Log("fine") })
	})

	if len(r.Complaints)+len(r.Logs) > 0 {
		t.Errorf("it said %q", r)
	}
	for seed := 1; seed <= 100; seed++ {
		if n := seen[seed].Load(); n != 1 {
			t.Errorf("seed %d ran %d times", seed, n)
		}
	}
}
