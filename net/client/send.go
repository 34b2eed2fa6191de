package client

import (
	"fmt"
	"time"

	"chatserver/net/wire"
)

// leastRetry is for a server that says "again" and not when.
const leastRetry = 100 * time.Millisecond

// posting is a message whose sender waits for it to be durable.
type posting struct {
	Queued
	fresh  bool // it is not a repeated one
	result chan error
}

// post puts a message in the outbox; commit, which follows, makes it durable or takes it out.
func (l *loop) post(p *posting) {
	if l.ended != nil {
		p.result <- l.ended
		return
	}
	switch known, ok := l.outbox.find(p.CID); {
	case !ok:
		l.last++
		p.N, p.fresh = l.last, true
		l.outbox.add(p.Queued)
	case known.Conv != p.Conv || known.Text != p.Text:
		p.result <- &wire.Fault{Errno: wire.Conflict, Text: "this cid names another message that waits to be sent"}
		return
	default:
		p.Queued = known
	}
	l.posts = append(l.posts, p)
}

func (l *loop) commit() {
	var queue []Queued
	for _, p := range l.posts {
		if p.fresh {
			queue = append(queue, p.Queued)
		}
	}
	var err error
	if len(queue) > 0 {
		if err = l.State.Save(Change{Queue: queue}); err != nil {
			err = fmt.Errorf("keep the message: %w", err)
		}
	}
	for _, p := range l.posts {
		if err != nil && p.fresh {
			l.outbox.take(p.CID)
		}
		p.result <- err
	}
	l.posts = nil
}

// dispatch sends what the outbox has ready.
func (l *loop) dispatch(now time.Time) {
	for _, o := range l.outbox.ready(now) {
		l.request(o.Request(), question{done: func(reply wire.Reply, fault *wire.Fault) {
			l.settled(o, reply, fault)
		}})
	}
	if until, ok := l.outbox.pause(); ok {
		l.lookAt(until)
	}
}

// settled is the server's answer to a message.
func (l *loop) settled(o Outgoing, reply wire.Reply, fault *wire.Fault) {
	ack, ok := reply.(wire.Stored)
	switch {
	case ok:
		if l.stored(o.CID, ack) {
			l.ledger.place(o.Conv, l.own(o, ack))
		}
	case fault == nil:
		l.lost(strange(o.Request().MsgID(), reply), 0)
	case passing(fault):
		l.outbox.turnedDown(o.CID, time.Now().Add(max(fault.Retry, leastRetry)))
	default:
		if q, ok := l.outbox.take(o.CID); ok {
			l.gone = append(l.gone, q.N)
			l.unsettle()
			l.tell(Refused{o, *fault})
		}
	}
}

// stored tells of an own message that is durable, once.
func (l *loop) stored(cid string, ack wire.Stored) bool {
	q, ok := l.outbox.take(cid)
	if ok {
		l.gone = append(l.gone, q.N)
		l.unsettle()
		l.tell(Stored{q.Outgoing, ack.Seq, ack.At, ack.Dup})
	}
	return ok
}

// own is a message of this client as others are pushed it.
func (l *loop) own(o Outgoing, ack wire.Stored) wire.Push {
	return wire.Push{Kind: o.Request().MsgID(), From: l.me.ID, Name: l.me.Name, To: o.Conv.ID,
		Msg: o.Text, CID: o.CID, Seq: ack.Seq, At: ack.At}
}

// passing says whether a fault is worth another try.
func passing(f *wire.Fault) bool {
	return f.Errno == wire.SlowDown || f.Errno == wire.Unavailable
}
