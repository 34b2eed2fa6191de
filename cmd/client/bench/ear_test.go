package bench

import (
	"slices"
	"testing"
)

func TestEarTellsWhatIsFreshLateDoubledAndStrange(t *testing.T) {
	for name, c := range map[string]struct {
		heard []uint64
		want  []verdict
		lost  int64 // of 4 that were sent
	}{
		"all in order":      {[]uint64{0, 1, 2, 3}, []verdict{fresh, fresh, fresh, fresh}, 0},
		"nothing":           {nil, nil, 4},
		"one in the middle": {[]uint64{0, 2, 3}, []verdict{fresh, fresh, fresh}, 1},
		"the last ones":     {[]uint64{0, 1}, []verdict{fresh, fresh}, 2},
		"two swapped":       {[]uint64{0, 2, 1, 3}, []verdict{fresh, fresh, late, fresh}, 0},
		"one doubled":       {[]uint64{0, 1, 1, 2, 3}, []verdict{fresh, fresh, doubled, fresh, fresh}, 0},
		"a late one twice":  {[]uint64{0, 2, 1, 1, 3}, []verdict{fresh, fresh, late, doubled, fresh}, 0},
		"not sent yet":      {[]uint64{0, 5, 1, 2, 3}, []verdict{fresh, strange, fresh, fresh, fresh}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(4)

			var got []verdict
			for _, n := range c.heard {
				got = append(got, e.hear(n))
			}

			if !slices.Equal(got, c.want) || e.lost(4) != c.lost {
				t.Errorf("verdicts %v, lost %d; want %v, %d", got, e.lost(4), c.want, c.lost)
			}
		})
	}
}

func TestNumbersOfAConversationAreWithoutHoles(t *testing.T) {
	for name, c := range map[string]struct {
		pushed, acked []uint64
		falls         int // pushes that were not above all before
		holes         int64
	}{
		"none":                       {nil, nil, 0, 0},
		"from wherever they start":   {[]uint64{7, 8, 9}, nil, 0, 0},
		"ACKs fill between pushes":   {[]uint64{7, 9}, []uint64{8, 10}, 0, 0},
		"one is missing":             {[]uint64{7, 9}, nil, 0, 1},
		"two are, before an ACK":     {[]uint64{7}, []uint64{10}, 0, 2},
		"one comes behind a later":   {[]uint64{8, 7, 9}, nil, 1, 0},
		"one number for two of them": {[]uint64{7, 7}, nil, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var s seqs
			falls := 0
			for _, seq := range c.pushed {
				if !s.push(seq) {
					falls++
				}
			}
			for _, seq := range c.acked {
				s.fill(seq)
			}

			if falls != c.falls || s.holes() != c.holes {
				t.Errorf("%d fall, %d holes; want %d, %d", falls, s.holes(), c.falls, c.holes)
			}
		})
	}
}
