package client

import (
	"slices"
	"time"

	"chatserver/net/wire"
)

// window is how many messages may be on their way to the server. It allows 64 requests in flight
// to a session; the rest is for what people ask.
const window = 16

// outbox is what was sent and is not known to be stored, without I/O. It decides what goes out
// next: messages of one conversation in the order of Send, also when they go again.
type outbox struct {
	items  []*sending // in the order of Send
	byCID  map[string]*sending
	lanes  map[wire.Conv]*lane
	flying int
}

// sending is one message in the outbox.
type sending struct {
	Queued
	lane   *lane
	flying bool // it was sent on this connection, and no answer came
}

// lane is a conversation in the outbox.
type lane struct {
	items  int
	flying int
	again  bool      // one was turned down: once all answers are there, the lane goes again
	until  time.Time // not before
}

func newOutbox(kept []Queued) *outbox {
	b := &outbox{byCID: map[string]*sending{}, lanes: map[wire.Conv]*lane{}}
	for _, q := range kept {
		b.add(q)
	}
	return b
}

// add puts a message behind the others. Its cid is not in the outbox.
func (b *outbox) add(q Queued) {
	in := b.lanes[q.Conv]
	if in == nil {
		in = &lane{}
		b.lanes[q.Conv] = in
	}
	in.items++
	s := &sending{Queued: q, lane: in}
	b.items = append(b.items, s)
	b.byCID[q.CID] = s
}

// find returns the message with a cid.
func (b *outbox) find(cid string) (Queued, bool) {
	s := b.byCID[cid]
	if s == nil {
		return Queued{}, false
	}
	return s.Queued, true
}

// take removes a message that is done with.
func (b *outbox) take(cid string) (Queued, bool) {
	s := b.byCID[cid]
	if s == nil {
		return Queued{}, false
	}
	b.land(s)
	delete(b.byCID, cid)
	i := slices.Index(b.items, s)
	b.items = slices.Delete(b.items, i, i+1)
	if s.lane.items--; s.lane.items == 0 {
		delete(b.lanes, s.Conv)
	}
	return s.Queued, true
}

// turnedDown says that a message was refused until a time. What is behind it in its conversation
// goes again with it, so that the order stays.
func (b *outbox) turnedDown(cid string, until time.Time) {
	s := b.byCID[cid]
	if s == nil {
		return
	}
	b.land(s)
	s.lane.again = true
	if until.After(s.lane.until) {
		s.lane.until = until
	}
}

// land says that a message is no longer on its way.
func (b *outbox) land(s *sending) {
	if s.flying {
		s.flying = false
		s.lane.flying--
		b.flying--
	}
}

// reopened says that there is another connection: everything goes again.
func (b *outbox) reopened() {
	for _, s := range b.items {
		b.land(s)
	}
	for _, in := range b.lanes {
		in.again, in.until = false, time.Time{}
	}
}

// ready returns what is to be sent now and counts it as on its way.
func (b *outbox) ready(now time.Time) []Outgoing {
	var out []Outgoing
	for _, s := range b.items {
		if b.flying == window {
			break
		}
		if s.flying || !s.lane.ready(now) {
			continue
		}
		s.flying = true
		s.lane.flying++
		b.flying++
		out = append(out, s.Outgoing)
	}
	return out
}

// ready says whether messages of the lane may be sent. The first that is sent ends its pause.
func (in *lane) ready(now time.Time) bool {
	if in.again && in.flying == 0 && !now.Before(in.until) {
		in.again = false
	}
	return !in.again
}

// pause returns when the next lane may go again; false where none waits for a time.
func (b *outbox) pause() (until time.Time, ok bool) {
	for _, in := range b.lanes {
		if in.again && in.flying == 0 && (!ok || in.until.Before(until)) {
			until, ok = in.until, true
		}
	}
	return until, ok
}

// list returns the messages in the order of Send.
func (b *outbox) list() []Outgoing {
	out := make([]Outgoing, len(b.items))
	for i, s := range b.items {
		out[i] = s.Outgoing
	}
	return out
}
