package bench

import (
	"context"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// sender is the writing side of a connection that sends messages. One goroutine runs it.
type sender struct {
	number int // of its connection
	conn   *client.Conn
	flight *flight
	to     wire.Conv
	clock  func() time.Duration
}

// send keeps the window full until ctx ends.
func (s *sender) send(ctx context.Context) error {
	var batch []message
	for {
		var wait time.Duration
		batch, wait = s.flight.take(s.clock(), batch[:0])
		if err := s.write(batch); err != nil {
			return err
		}
		var over <-chan time.Time
		if wait > 0 {
			over = time.After(wait)
		}
		select {
		case <-s.flight.wake:
		case <-over:
		case <-ctx.Done():
			return nil
		}
	}
}

// write sends messages in one piece.
func (s *sender) write(batch []message) error {
	if len(batch) == 0 {
		return nil
	}
	for _, m := range batch {
		out := client.Outgoing{Conv: s.to, CID: m.cid, Text: m.text}
		s.conn.Queue(wire.RID(m.number), out.Request())
	}
	return s.conn.Flush()
}
