package actors

import (
	"slices"
	"testing"

	"chatserver/persistence"
)

func seqs(parcels []*Parcel) (out []uint64) {
	for _, p := range parcels {
		out = append(out, p.Seq)
	}
	return out
}

func TestInboxLetsEachMessageThroughOnceInOrder(t *testing.T) {
	tests := []struct {
		name     string
		start    uint64
		arrivals []uint64
		due      []uint64
		behind   bool
	}{
		{"in order", 0, []uint64{1, 2, 3}, []uint64{1, 2, 3}, false},
		{"from a position", 4, []uint64{3, 4, 5}, []uint64{5}, false},
		{"doubled", 0, []uint64{1, 1, 2, 1, 2}, []uint64{1, 2}, false},
		{"one early", 0, []uint64{2, 1}, []uint64{1, 2}, false},
		{"all backwards", 0, []uint64{4, 3, 2, 1}, []uint64{1, 2, 3, 4}, false},
		{"early and doubled", 0, []uint64{3, 3, 1, 2, 3}, []uint64{1, 2, 3}, false},
		{"a hole stays", 0, []uint64{1, 3, 4}, []uint64{1}, true},
		{"more behind a hole than is held", 0, []uint64{2, 3, 4, 5, 1}, []uint64{1, 2, 3, 4}, true},
	}
	const conv = persistence.Conv(7)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newInbox(3)
			b.start(conv, tt.start)
			var due []uint64
			for _, seq := range tt.arrivals {
				due = append(due, seqs(b.accept(&Parcel{Conv: conv, Seq: seq}))...)
			}
			if !slices.Equal(due, tt.due) {
				t.Errorf("let through %v, not %v", due, tt.due)
			}
			if behind := len(b.behind()) > 0; behind != tt.behind {
				t.Errorf("behind: %v, not %v", behind, tt.behind)
			}
		})
	}
}

func TestInboxReadsAHoleOnceAtATime(t *testing.T) {
	const conv = persistence.Conv(7)
	b := newInbox(3)
	b.accept(&Parcel{Conv: conv, Seq: 1})

	b.accept(&Parcel{Conv: conv, Seq: 4})
	if first, second := b.opened(conv), b.opened(conv); !first || second {
		t.Errorf("opened told %v, then %v", first, second)
	}
	after, ok := b.read(conv)
	if _, again := b.read(conv); !ok || again || after != 1 {
		t.Errorf("read after %d (%v), again %v", after, ok, again)
	}
	got := seqs(b.accept(&Parcel{Conv: conv, Seq: 2}))
	got = append(got, seqs(b.accept(&Parcel{Conv: conv, Seq: 3}))...)
	if !slices.Equal(got, []uint64{2, 3, 4}) {
		t.Errorf("let through %v", got)
	}
	if b.done(conv) {
		t.Error("behind when all had come")
	}
}

func TestInboxHearsOnlyNews(t *testing.T) {
	const conv = persistence.Conv(7)
	b := newInbox(3)
	b.start(conv, 5)
	if b.heard(conv, 5) {
		t.Error("5 was news to whom has 5")
	}
	if !b.heard(conv, 6) {
		t.Error("6 was no news")
	}
	b.start(conv, 6)
	if len(b.behind()) != 0 {
		t.Error("behind what it has")
	}
}
