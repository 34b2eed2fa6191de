package actors

import (
	"cmp"
	"maps"
	"slices"

	"chatserver/persistence"
)

// inbox puts what a user is to be pushed in order: each conversation's messages once, by seq,
// without a hole. It is all of a user's delivery that can be decided without sending anything.
type inbox struct {
	bound int                         // messages held behind a hole, per conversation
	pos   map[persistence.Conv]uint64 // the last seq let through
	gaps  map[persistence.Conv]*gap   // conversations that are behind
}

// gap is a conversation of which some messages are known to be missing.
type gap struct {
	head    uint64    // the highest seq heard of
	held    []*Parcel // what came before its turn, by seq
	reading bool      // the missing rows are being read
	told    bool      // opened has told of it
}

func newInbox(bound int) inbox { return inbox{bound: bound} }

// start lets through what comes after seq in conv, unless it is further already.
func (b *inbox) start(conv persistence.Conv, seq uint64) {
	b.put(conv, max(b.pos[conv], seq))
	b.settle(conv)
}

func (b *inbox) put(conv persistence.Conv, seq uint64) {
	if b.pos == nil {
		b.pos = map[persistence.Conv]uint64{}
	}
	b.pos[conv] = seq
}

// accept takes a message and returns those that are due now, in order.
func (b *inbox) accept(p *Parcel) (due []*Parcel) {
	pos := b.pos[p.Conv]
	switch {
	case p.Seq <= pos: // had it
	case p.Seq == pos+1:
		due = append(due, p)
		b.put(p.Conv, p.Seq)
		due = append(due, b.unhold(p.Conv)...)
		b.settle(p.Conv)
	default:
		b.hold(p)
	}
	return due
}

// forget drops what is known of conv.
func (b *inbox) forget(conv persistence.Conv) {
	delete(b.pos, conv)
	delete(b.gaps, conv)
}

// passed tells whether conv was let through up to seq.
func (b *inbox) passed(conv persistence.Conv, seq uint64) bool { return seq <= b.pos[conv] }

// heard notes that conv has come to seq, and tells whether that is news.
func (b *inbox) heard(conv persistence.Conv, seq uint64) bool {
	if seq <= b.pos[conv] {
		return false
	}
	g := b.gap(conv)
	g.head = max(g.head, seq)
	return true
}

// opened tells, once for each gap, that conv has one.
func (b *inbox) opened(conv persistence.Conv) bool {
	g := b.gaps[conv]
	if g == nil || g.told {
		return false
	}
	g.told = true
	return true
}

// behind are the conversations with a gap, in order.
func (b *inbox) behind() []persistence.Conv { return slices.Sorted(maps.Keys(b.gaps)) }

// read tells where to read conv from; false where nothing is missing or a read is under way.
// After a true, done must follow.
func (b *inbox) read(conv persistence.Conv) (after uint64, ok bool) {
	g := b.gaps[conv]
	if g == nil || g.reading {
		return 0, false
	}
	g.reading = true
	return b.pos[conv], true
}

// done ends a read, whatever it brought, and tells whether conv is still behind.
func (b *inbox) done(conv persistence.Conv) bool {
	if g := b.gaps[conv]; g != nil {
		g.reading = false
	}
	b.settle(conv)
	return b.gaps[conv] != nil
}

func (b *inbox) gap(conv persistence.Conv) *gap {
	g := b.gaps[conv]
	if g == nil {
		if b.gaps == nil {
			b.gaps = map[persistence.Conv]*gap{}
		}
		g = &gap{}
		b.gaps[conv] = g
	}
	return g
}

// hold keeps a message for its turn. Beyond the bound only its seq is kept: it is read again.
func (b *inbox) hold(p *Parcel) {
	g := b.gap(p.Conv)
	g.head = max(g.head, p.Seq)
	at, found := slices.BinarySearchFunc(g.held, p.Seq, func(h *Parcel, seq uint64) int { return cmp.Compare(h.Seq, seq) })
	if !found && len(g.held) < b.bound {
		g.held = slices.Insert(g.held, at, p)
	}
}

// unhold lets held messages through as far as they follow on.
func (b *inbox) unhold(conv persistence.Conv) (due []*Parcel) {
	g := b.gaps[conv]
	for g != nil && len(g.held) > 0 && g.held[0].Seq <= b.pos[conv]+1 {
		if g.held[0].Seq == b.pos[conv]+1 {
			due = append(due, g.held[0])
			b.pos[conv]++
		}
		g.held = g.held[1:]
	}
	return due
}

// settle forgets a gap that has closed.
func (b *inbox) settle(conv persistence.Conv) {
	if g := b.gaps[conv]; g != nil && g.head <= b.pos[conv] && !g.reading {
		delete(b.gaps, conv)
	}
}
