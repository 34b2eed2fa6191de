package actors

import (
	"testing"
	"time"

	"chatserver/net/cluster"
)

func TestALinkMissesWhatDoesNotFollowOn(t *testing.T) {
	const mail, quiet = true, false
	for name, tt := range map[string]struct {
		numbers []uint64
		kinds   []bool
		missed  []bool
	}{
		"from the first on":        {[]uint64{1, 2, 2}, []bool{mail, mail, quiet}, []bool{false, false, false}},
		"nothing was ever said":    {[]uint64{0, 0}, []bool{quiet, quiet}, []bool{false, false}},
		"the first was lost":       {[]uint64{2, 3}, []bool{mail, mail}, []bool{true, false}},
		"the last was lost":        {[]uint64{1, 2}, []bool{mail, quiet}, []bool{false, true}},
		"one in the middle":        {[]uint64{1, 3, 3}, []bool{mail, mail, quiet}, []bool{false, true, false}},
		"a first contact above 1":  {[]uint64{1}, []bool{quiet}, []bool{true}},
		"one came twice":           {[]uint64{1, 1, 2}, []bool{mail, mail, mail}, []bool{false, false, false}},
		"one was overtaken":        {[]uint64{2, 1, 3}, []bool{mail, mail, mail}, []bool{true, false, false}},
		"missed is told only once": {[]uint64{5, 5, 5}, []bool{mail, quiet, quiet}, []bool{true, false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLinks(false)
			for i, n := range tt.numbers {
				b := cluster.Batch{From: "a/1", Number: n}
				if tt.kinds[i] {
					b.Envelopes = []cluster.Envelope{cluster.Refresh{User: 1}}
				}
				if missed := l.heard(b, time.Time{}); missed != tt.missed[i] {
					t.Errorf("batch %d of %v: missed %v", i, tt.numbers, missed)
				}
			}
		})
	}
}

func TestANodeThatLivedBeforeBeginsWithAGap(t *testing.T) {
	for _, lived := range []bool{false, true} {
		out, in := newLinks(lived), newLinks(false)
		first := cluster.Batch{From: "a/1", Number: out.last("b/1")}
		if missed := in.heard(first, time.Time{}); missed != lived {
			t.Errorf("lived %v: missed %v", lived, missed)
		}
	}
}

func TestANodeIsHeardForTheFirstTimeUntilItHasANumber(t *testing.T) {
	l := newLinks(false)
	l.meet("a/1", time.Time{})
	l.heard(cluster.Batch{From: "a/1"}, time.Time{})
	if !l.first("a/1") || !l.first("b/1") {
		t.Error("no number of them was heard")
	}
	l.heard(cluster.Batch{From: "a/1", Number: 1}, time.Time{})
	if l.first("a/1") {
		t.Error("one was")
	}
}

func TestANodeWasLastHeardInAnEarlierLifeOrWhenThisOneBegan(t *testing.T) {
	at := func(s time.Duration) time.Time { return time.Unix(1000, 0).Add(s) }
	p := newPast(at(0))
	for _, tt := range []struct {
		node cluster.NodeID
		now  time.Duration
		last time.Duration
	}{
		{"a/1", 5, 0},
		{"a/1", 7, 5},
		{"a/2", 9, 7},
		{"b/1", 9, 0},
		{"a/2", 2 * missTime, missTime},
	} {
		if last := p.lastHeard(tt.node, at(tt.now)); !last.Equal(at(tt.last)) {
			t.Errorf("at %v %s was last heard at %v, not %v", tt.now, tt.node, last.Sub(at(0)), tt.last)
		}
	}
}

func TestALinkOfANodeThatLivesIsSilentAfterAWhile(t *testing.T) {
	l, now := newLinks(false), time.Unix(0, 0)
	l.meet("a/1", now)
	l.heard(cluster.Batch{From: "b/1"}, now)
	now = now.Add(silence)
	if l.silent([]cluster.NodeID{"a/1", "b/1"}, now) {
		t.Error("silent too early")
	}
	l.heard(cluster.Batch{From: "b/1"}, now)
	now = now.Add(1)
	if !l.silent([]cluster.NodeID{"a/1", "b/1"}, now) || l.silent([]cluster.NodeID{"b/1"}, now) {
		t.Error("a is silent and b is not")
	}
	l.part("a/1")
	if l.silent([]cluster.NodeID{"a/1"}, now) {
		t.Error("who parted is not waited for")
	}
}

func TestARepairReachesBackToTheLastGoodTime(t *testing.T) {
	good := time.Unix(1000, 0)
	at := func(s int) time.Time { return time.Unix(1000+int64(s), 0) }
	p := repairs{good: &good}

	if p.keep(at(1), false) || !good.Equal(at(1)) {
		t.Fatal("nothing is owed, and all is good")
	}
	if !p.keep(at(4), true) || !good.Equal(at(1)) {
		t.Fatal("while a gap is open a repair is due and the good time stands still")
	}
	if ago, ok := p.begin(at(4)); !ok || ago != 3*time.Second+repairWindow {
		t.Fatalf("it looks %v back", ago)
	}
	if _, ok := p.begin(at(4)); ok {
		t.Fatal("one at a time")
	}
	p.end(at(4), false)
	if !p.keep(at(5), true) || !good.Equal(at(1)) {
		t.Fatal("one that failed is owed")
	}
	p.begin(at(5))
	p.end(at(5), true)
	if !good.Equal(at(5)) {
		t.Fatal("what was stored before it began has come here")
	}
	if !p.keep(at(6), false) {
		t.Fatal("what came while the gap closed is read once more")
	}
	p.begin(at(6))
	p.end(at(6), true)
	if p.keep(at(7), false) {
		t.Fatal("then all is good")
	}
	p.since(at(2))
	if ago, _ := p.begin(at(8)); ago != 6*time.Second+repairWindow {
		t.Errorf("what was lost since a time is looked for from then on, not %v back", ago)
	}
	p.since(at(1))
	p.end(at(8), true)
	if ago, _ := p.begin(at(9)); ago != 8*time.Second+repairWindow {
		t.Errorf("what was found lost during a repair is looked for by the next one, not %v back", ago)
	}
}
