package sqlstore

import (
	"time"

	"chatserver/persistence"
)

// batch is what Append was given and what became of it so far. It decides; it has no SQL.
type batch struct {
	drafts   []persistence.Draft
	outcomes []persistence.Outcome
	open     []int // the drafts without an outcome, in the order given
	find     bool  // look for cids that are stored: the unique key told that there is one, or nobody knows
}

// key is what makes a message the same one.
type key struct {
	sender persistence.UserID
	cid    string
}

func newBatch(drafts []persistence.Draft) *batch {
	b := &batch{drafts: drafts, outcomes: make([]persistence.Outcome, len(drafts)), open: make([]int, len(drafts))}
	for i := range drafts {
		b.open[i] = i
	}
	return b
}

func (b *batch) key(i int) key { return key{b.drafts[i].Sender, b.drafts[i].CID} }

// leads are the open drafts to store: the first of each key. The others follow it.
func (b *batch) leads() []int {
	seen := make(map[key]bool, len(b.open))
	var leads []int
	for _, i := range b.open {
		if k := b.key(i); !seen[k] {
			seen[k] = true
			leads = append(leads, i)
		}
	}
	return leads
}

// settle gives an outcome to the open drafts that are stored already or may not be, and reports
// whether there was one. One whose conversation is not locked, for another draft leads its key, stays open
// until it leads itself: its group's version is not known before.
func (b *batch) settle(known *known, heads map[persistence.Conv]head) bool {
	var open []int
	for _, i := range b.open {
		d := b.drafts[i]
		h, locked := heads[d.Conv]
		if m, ok := known.messages[b.key(i)]; ok && !locked {
			open = append(open, i)
		} else if ok {
			b.outcomes[i] = repeated(d, m, h.ver)
		} else if err := known.refuse(d); err != nil {
			b.outcomes[i] = persistence.Outcome{Err: err}
		} else {
			open = append(open, i)
		}
	}
	settled := len(open) < len(b.open)
	b.open = open
	return settled
}

// number gives each lead the next number of its conversation.
func (b *batch) number(leads []int, heads map[persistence.Conv]head, ts int64) {
	for _, i := range leads {
		conv := b.drafts[i].Conv
		h := heads[conv]
		h.seq++
		heads[conv] = h
		b.outcomes[i] = persistence.Outcome{Seq: h.seq, At: time.UnixMilli(ts), Ver: h.ver}
	}
}

// stored closes the batch once its leads, numbered, are in the store.
func (b *batch) stored(leads []int) {
	lead := make(map[key]int, len(leads))
	for _, i := range leads {
		lead[b.key(i)] = i
	}
	for _, i := range b.open {
		if first := lead[b.key(i)]; first != i {
			d, o := b.drafts[first], b.outcomes[first]
			m := persistence.Message{Conv: d.Conv, Seq: o.Seq, Body: d.Body, At: o.At}
			b.outcomes[i] = repeated(b.drafts[i], m, o.Ver)
		}
	}
	b.open = nil
}

// repeated is the outcome of a draft whose key m is stored under.
func repeated(d persistence.Draft, m persistence.Message, ver uint64) persistence.Outcome {
	if d.Conv != m.Conv || d.Body != m.Body {
		return persistence.Outcome{Err: persistence.ErrConflict}
	}
	return persistence.Outcome{Seq: m.Seq, At: m.At, Ver: ver, Dup: true}
}
