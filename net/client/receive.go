package client

import (
	"time"

	"chatserver/net/wire"
)

const typingEach = 3 * time.Second // one TYPING a conversation

// pushed takes a message. One's own is an acknowledgement, too.
func (l *loop) pushed(p wire.Push) {
	l.recognise(p)
	l.ledger.place(l.conv(p), p)
}

func (l *loop) recognise(p wire.Push) {
	if p.From == l.me.ID {
		l.stored(p.CID, wire.Stored{Seq: p.Seq, At: p.At})
	}
}

// conv is where a message belongs, from this side.
func (l *loop) conv(p wire.Push) wire.Conv {
	switch {
	case p.Kind == wire.GroupChatID:
		return wire.InGroup(p.To)
	case p.From == l.me.ID:
		return wire.WithUser(p.To)
	}
	return wire.WithUser(p.From)
}

// sync asks for what is missing, one SYNC at a time.
func (l *loop) sync(now time.Time) {
	if l.syncing || len(l.queue) >= stall {
		return
	}
	if now.Before(l.syncAfter) {
		l.lookAt(l.syncAfter)
		return
	}
	asked, ok := l.ledger.due()
	if !ok {
		return
	}
	l.syncing = true
	l.request(asked, question{done: func(reply wire.Reply, fault *wire.Fault) {
		l.syncing = false
		l.synced(asked, reply, fault)
	}})
}

func (l *loop) synced(asked wire.Sync, reply wire.Reply, fault *wire.Fault) {
	ack, ok := reply.(wire.SyncAck)
	switch {
	case ok:
		for _, p := range ack.Msgs {
			l.recognise(p)
		}
		l.ledger.synced(asked, ack)
	case fault == nil:
		l.lost(strange(wire.SyncID, reply), 0)
	case passing(fault):
		l.syncAfter = time.Now().Add(max(fault.Retry, leastRetry))
		l.ledger.unsynced(asked)
	default: // the user left the group meanwhile
		l.ledger.forgo(asked.Conv)
	}
}

// read notes what the user has read; the server hears of it with the next keep.
func (l *loop) read(conv wire.Conv, seq uint64) {
	l.marks.reach(conv, mark{read: seq})
	l.unsettle()
}

// mark tells the server how far the user has come.
func (l *loop) mark() {
	if !l.online {
		return
	}
	for _, r := range l.marks.due() {
		l.request(r, question{done: func(_ wire.Reply, fault *wire.Fault) {
			if fault != nil && passing(fault) {
				l.marks.failed(r)
				l.unsettle()
			}
		}})
	}
}

func (l *loop) typing(conv wire.Conv) {
	now := time.Now()
	if l.online && now.Sub(l.typed[conv]) >= typingEach {
		l.typed[conv] = now
		l.say(wire.Typing{Conv: conv})
	}
}
