package bench

import (
	"fmt"
	"strconv"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// source is one sender that a listener hears.
type source struct {
	flight *flight
	ear    *ear
}

// listener is the reading side of one connection: it checks and counts what comes. One goroutine
// runs it; once that has ended what it found may be read.
type listener struct {
	run     string // that messages are of
	number  int    // of the sender on this connection
	conn    *client.Conn
	own     *flight        // what this connection sends; nil: nothing
	sources map[int]source // by the number of the sender
	clock   func() time.Duration

	delivered, acked *meter
	seqs             seqs
	faults           Faults
	slowed           int64 // requests that the server asked to send again
}

// listen reads until the connection ends, and returns why it did.
func (l *listener) listen() error {
	for {
		re, reply, err := l.conn.Next()
		if err != nil {
			return fmt.Errorf("the server ended it: %w", err)
		}
		if err := l.hear(re, reply); err != nil {
			return err
		}
	}
}

// hear takes one reply. Its error ends the run.
func (l *listener) hear(re wire.Re, reply wire.Reply) error {
	switch reply := reply.(type) {
	case wire.Push:
		l.pushed(reply)
	case wire.Stored:
		l.stored(re.RID, reply)
	case wire.Refused:
		return l.refused(re, reply.Fault)
	}
	return nil // of hints and answers to PING there is nothing to check
}

// pushed checks a message. One that is not of this run was left over by another.
func (l *listener) pushed(p wire.Push) {
	sender, n, ours := parse(l.run, p.Msg)
	if !ours {
		return
	}
	if sender == l.number && l.own != nil {
		l.acknowledged(n, p.Seq)
		return
	}
	from, known := l.sources[sender]
	if !known {
		l.faults.Strange++
		return
	}
	switch from.ear.hear(n) {
	case strange:
		l.faults.Strange++
	case doubled:
		l.faults.Doubled++
	case late:
		l.deliver(from.flight, n, p.Seq, true)
	case fresh:
		l.deliver(from.flight, n, p.Seq, false)
	}
}

// deliver counts a message that was not heard before. One that is late is out of order, unless it
// had to be sent again: then the server was free to store later ones before it.
func (l *listener) deliver(from *flight, n, seq uint64, late bool) {
	rises := l.seqs.push(seq)
	news := from.deliver(n, seq)
	if !news.known {
		l.faults.Strange++
		return
	}
	if !rises || late && !news.refused {
		l.faults.Reordered++
	}
	if !news.same {
		l.faults.Misnumbered++
	}
	l.delivered.note(news.sent, l.clock())
}

// stored takes the ACK of a message, which carries its number as rid.
func (l *listener) stored(rid wire.RID, s wire.Stored) {
	if n, err := strconv.ParseUint(string(rid), 10, 64); err == nil && l.own != nil {
		l.acknowledged(n, s.Seq)
		return
	}
	l.faults.Strange++
}

// acknowledged counts a message of this connection that is known to be stored: by its ACK, by its
// own push, or by both.
func (l *listener) acknowledged(n, seq uint64) {
	news := l.own.acknowledge(n, seq)
	if !news.known {
		return
	}
	l.seqs.fill(seq)
	if !news.same {
		l.faults.Misnumbered++
	}
	l.acked.note(news.sent, l.clock())
}

// refused has a message sent again where the server asks for that; all else ends the run. A classic
// refusal does not say which message it is of.
func (l *listener) refused(re wire.Re, f wire.Fault) error {
	n, err := strconv.ParseUint(string(re.RID), 10, 64)
	if f.Errno != wire.SlowDown && f.Errno != wire.Unavailable || err != nil || l.own == nil {
		return fmt.Errorf("the server refused %v with %v: %s", re.ID, f.Errno, f.Text)
	}
	l.slowed++
	l.own.refuse(n, l.clock(), f.Retry)
	return nil
}

// judge adds what only shows at the end.
func (l *listener) judge() {
	for _, from := range l.sources {
		l.faults.Lost += from.ear.lost(from.flight.started())
	}
	if l.own == nil || l.own.acks { // a classic sender is not told the seqs of its own messages
		l.faults.Misnumbered += l.seqs.holes()
	}
	if l.own != nil {
		l.faults.Unacknowledged += l.own.unacknowledged()
	}
}
