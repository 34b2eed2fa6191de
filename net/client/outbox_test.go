package client

import (
	"strings"
	"testing"
)

func TestOutboxDecidesWhatGoesNext(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(b *box)
		want string
	}{
		"in the order of Send": {func(b *box) {
			b.add("a1", "b1", "a2")
			b.ready(0)
			b.ready(0)
		}, "a1 b1 a2|"},
		"one that is turned down holds up its conversation only": {func(b *box) {
			b.add("a1")
			b.ready(0)
			b.turnedDown("a1", 2)
			b.add("a2", "b1")
			b.ready(1)
			b.ready(2)
		}, "a1|b1|a1 a2"},
		"those behind it go again after it": {func(b *box) {
			b.add("a1", "a2", "a3")
			b.ready(0)
			b.turnedDown("a1", 1)
			b.turnedDown("a2", 5)
			b.turnedDown("a3", 3)
			b.ready(4)
			b.ready(5)
		}, "a1 a2 a3||a1 a2 a3"},
		"once all have their answer": {func(b *box) {
			b.add("a1", "a2", "a3")
			b.ready(0)
			b.turnedDown("a1", 1)
			b.ready(1)
			b.take("a2")
			b.ready(2)
			b.turnedDown("a3", 1)
			b.ready(3)
		}, "a1 a2 a3|||a1 a3"},
		"all go again on another connection": {func(b *box) {
			b.add("a1", "b1")
			b.ready(0)
			b.turnedDown("b1", 9)
			b.take("a1")
			b.add("a2")
			b.reopened()
			b.ready(0)
		}, "a1 b1|b1 a2"},
		"an answer that comes twice changes nothing": {func(b *box) {
			b.add("a1", "a2")
			b.ready(0)
			b.take("a1")
			b.take("a1")
			b.turnedDown("a1", 1)
			b.take("a2")
			b.add("a3")
			b.ready(0)
		}, "a1 a2|a3"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &box{outbox: newOutbox(nil)}

			c.do(b)

			if got := strings.Join(b.went, "|"); got != c.want {
				t.Errorf("went %s, want %s", got, c.want)
			}
		})
	}
}

func TestOutboxSaysWhenToLookAgain(t *testing.T) {
	b := &box{outbox: newOutbox(nil)}
	b.add("a1", "a2", "b1")
	b.ready(0)
	b.turnedDown("a1", 1)
	_, flying := b.pause()
	b.turnedDown("a2", 1)
	b.turnedDown("b1", 3)
	first, ok := b.pause()
	b.ready(1)
	second, _ := b.pause()

	if flying || !ok || !first.Equal(at(1)) || !second.Equal(at(3)) {
		t.Errorf("while one flies: %v; then at %v, %v, then at %v", flying, first, ok, second)
	}
}

// box is an outbox whose messages are named by their conversation, a or b, and a number. Its
// times are seconds.
type box struct {
	*outbox
	went []string // what each ready returned
}

func (b *box) add(cids ...string) {
	for _, cid := range cids {
		conv := bob
		if cid[0] == 'b' {
			conv = team
		}
		b.outbox.add(Queued{Outgoing: Outgoing{Conv: conv, CID: cid}})
	}
}

func (b *box) ready(second uint64) {
	var cids []string
	for _, o := range b.outbox.ready(at(second)) {
		cids = append(cids, o.CID)
	}
	b.went = append(b.went, strings.Join(cids, " "))
}

func (b *box) turnedDown(cid string, second uint64) { b.outbox.turnedDown(cid, at(second)) }
