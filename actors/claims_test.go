package actors

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chatserver/net/cluster"
)

func TestAClaimThatIsHeldIsNotWaitedFor(t *testing.T) {
	c := newClaims()
	first, again := &waiting{first: 1}, &waiting{first: 1}
	if !c.want([]cluster.Key{1}, false, first) {
		t.Fatal("a new claim has to be written")
	}
	c.take(10)
	done, _, _ := c.wrote([]cluster.Claimed{{Fresh: true, Others: []cluster.NodeID{"b/1"}}})
	if len(done) != 1 || done[0] != first || len(first.found.Others) != 1 {
		t.Fatalf("told was %+v", done)
	}
	if c.want([]cluster.Key{1}, false, again) {
		t.Error("it is held")
	}
	if !c.want([]cluster.Key{1}, true, again) {
		t.Error("a turn is only had by writing it again")
	}
}

func TestWhatIsWantedAndDroppedInTurnEndsAsItWasLastWanted(t *testing.T) {
	c := newClaims()
	who := func() *waiting { return &waiting{} }
	c.want([]cluster.Key{1, 2}, false, who())
	c.take(10)
	c.drop([]cluster.Key{1}, who()) // while it is being claimed
	c.drop([]cluster.Key{2}, who())
	c.want([]cluster.Key{2}, false, who())
	c.wrote([]cluster.Claimed{{}, {}})

	next := c.take(10)
	if len(next) != 2 || next[0].wanted || !next[1].wanted {
		t.Fatalf("then is written %+v", next)
	}
	c.wrote([]cluster.Claimed{{}})
	if c.has(1) || !c.has(2) || len(c.keys) != 1 {
		t.Errorf("left are %v", c.keys)
	}
}

func TestWhoWaitsForSeveralKeysIsToldOnce(t *testing.T) {
	c := newClaims()
	w := &waiting{first: 3}
	c.want([]cluster.Key{3, 4, 5}, false, w)
	c.take(2)
	if done, _, _ := c.wrote([]cluster.Claimed{{}, {}}); len(done) != 0 {
		t.Fatal("told too early")
	}
	c.take(2)
	if told := c.failed(); len(told) != 1 {
		t.Fatalf("told were %d", len(told))
	}
	if told := c.abandon(); len(told) != 0 {
		t.Error("told twice")
	}
}

func TestAClaimThatFailedIsLateUntilItIsWrittenOrDropped(t *testing.T) {
	c := newClaims()
	c.want([]cluster.Key{1, 2}, false, &waiting{})
	c.take(10)
	c.failed()
	if c.late != 2 {
		t.Fatalf("%d are late", c.late)
	}
	c.drop([]cluster.Key{2}, &waiting{})
	c.take(10)
	c.wrote([]cluster.Claimed{{}})
	if c.late != 0 {
		t.Errorf("%d are late still", c.late)
	}
}

func TestAClaimIsMadeAgainOnceAMinuteAndItsLossIsSeen(t *testing.T) {
	c := newClaims()
	var keys []cluster.Key
	for key := range cluster.Key(300) {
		keys = append(keys, key+1)
	}
	c.want(keys, false, &waiting{})
	c.take(len(keys))
	c.wrote(make([]cluster.Claimed, len(keys)))

	again, most, losses := 0, 0, 0
	for range 60 {
		c.assert()
		batch := c.take(len(keys))
		again, most = again+len(batch), max(most, len(batch))
		found := make([]cluster.Claimed, len(batch))
		for i, w := range batch {
			found[i].Fresh = w.key == 7
		}
		if _, lost, _ := c.wrote(found); lost {
			losses++
		}
	}
	if again != 300 || most > 5 || losses != 1 {
		t.Errorf("%d claims were made again, at most %d at once, %d losses seen", again, most, losses)
	}
}

// Whatever is wanted, dropped, written, failed and forgotten, in the end the bus has what is wanted and
// everybody who waited was told once.
func TestTheBusEndsWithWhatIsWanted(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 0))
		c, bus, want := newClaims(), map[cluster.Key]bool{}, map[cluster.Key]bool{}
		waits, told := map[*waiting]bool{}, map[*waiting]int{}
		tell := func(who []*waiting) {
			for _, w := range who {
				told[w]++
			}
		}
		flight := false
		land := func(fails bool) {
			if !flight {
				return
			}
			flight = false
			if fails {
				tell(c.failed())
				return
			}
			var found []cluster.Claimed
			for _, w := range c.flight {
				if w.wanted {
					found = append(found, cluster.Claimed{Fresh: !bus[w.key]})
				}
				bus[w.key] = w.wanted
			}
			done, _, _ := c.wrote(found)
			tell(done)
		}
		for range 200 {
			key, w := cluster.Key(1+r.IntN(5)), &waiting{}
			switch r.IntN(9) {
			case 0, 1:
				want[key] = true
				waits[w] = c.want([]cluster.Key{key, cluster.Key(9)}, false, w)
				want[9] = true
			case 2, 3:
				want[key] = false
				waits[w] = c.drop([]cluster.Key{key}, w)
			case 4, 5:
				if !flight {
					flight = len(c.take(3)) > 0
				}
			case 6:
				land(r.IntN(3) == 0)
			case 7:
				if !flight && r.IntN(5) == 0 {
					clear(bus)
					c.lose()
				}
			case 8:
				c.assert()
				if r.IntN(5) == 0 {
					tell(c.abandon())
				}
			}
		}
		for range 100 {
			land(false)
			flight = len(c.take(3)) > 0
		}
		for key, wanted := range want {
			if bus[key] != wanted || c.has(key) != wanted {
				t.Fatalf("seed %d: key %d: wanted %v, on the bus %v", seed, key, wanted, bus[key])
			}
		}
		if c.late != 0 || len(c.flight)+len(c.changed) != 0 {
			t.Fatalf("seed %d: left are %+v", seed, c)
		}
		for w, waited := range waits {
			if waited && told[w] != 1 || !waited && told[w] != 0 {
				t.Fatalf("seed %d: one who waits (%v) was told %d times", seed, waited, told[w])
			}
		}
		if held := slices.Collect(func(yield func(string) bool) {
			for key, one := range c.keys {
				if !one.wanted && !yield(fmt.Sprint(key)) {
					return
				}
			}
		}); len(held) > 0 {
			t.Fatalf("seed %d: remembered are %v, which nobody wants", seed, held)
		}
	}
}
