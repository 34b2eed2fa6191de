package gateway

import (
	"errors"
	"sync"
	"time"

	"chatserver/actors"
	"chatserver/net/wire"
)

// errSlow is the cause of wire.SlowConsumer.
var errSlow = errors.New("too much waits for a client that reads too little")

// outbox is the half of a connection that is written to.
type outbox struct {
	mu      sync.Mutex
	queue   [][]byte
	queued  int           // bytes in queue
	writing bool          // a goroutine writes; it ends when queue is empty
	reason  wire.Reason   // why the connection ends; "" while it lives
	cause   error         // what made it end without its session's wish
	until   time.Time     // a Close waits no longer than this for what is queued
	closing chan struct{} // closed with the reason set
	flushed chan struct{} // closed when nothing will be written any more
}

// Send queues one object, see actors.Conn.
func (c *conn) Send(object []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason != "" {
		return
	}
	if c.queued+len(object) > c.gate.Limits.Outbound {
		c.fail(wire.SlowConsumer, errSlow)
		return
	}
	c.queue = append(c.queue, object)
	c.queued += len(object)
	c.wake()
}

// Close ends the connection when what is queued was written, see actors.Conn.
func (c *conn) Close(reason wire.Reason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason != "" {
		return
	}
	c.reason = reason
	c.until = time.Now().Add(c.gate.Limits.Write)
	close(c.closing)
	c.wake()
}

// abort ends the connection now, whatever is queued.
func (c *conn) abort(reason wire.Reason, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail(reason, cause)
}

// fail is abort under the lock. A connection that was closed keeps that reason.
func (c *conn) fail(reason wire.Reason, cause error) {
	c.socket.Close() // wakes whoever reads or writes
	if c.over() {
		return
	}
	if c.reason == "" {
		c.reason, c.cause = reason, cause
		close(c.closing)
	}
	c.queue, c.queued = nil, 0
	close(c.flushed)
}

// over says whether nothing will be written any more. Under the lock.
func (c *conn) over() bool {
	select {
	case <-c.flushed:
		return true
	default:
		return false
	}
}

// why is the cause of a connection that we ended ourselves, else what the network said.
func (c *conn) why(network error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil {
		return c.cause
	}
	return network
}

// wake starts the writer unless it runs. Under the lock.
func (c *conn) wake() {
	if !c.writing {
		c.writing = true
		c.gate.live.Go(c.write)
	}
}

// write hands what is queued to the socket and stays for the pace after each object, so
// that whoever is next, also a later writer, need not know when the last one was written.
func (c *conn) write() {
	for {
		object, deadline, ok := c.next()
		if !ok {
			return
		}
		c.socket.SetWriteDeadline(deadline)
		if _, err := c.socket.Write(object); err != nil {
			c.abort(wire.WriteFailed, err)
			continue
		}
		c.tell(actors.Written{N: 1})
		time.Sleep(c.gate.Pace)
	}
}

// next takes the first object off the queue and says when it must be written. Without one
// the writer ends, and with it a connection that was closed.
func (c *conn) next() (object []byte, deadline time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		c.queue, c.writing = nil, false
		if c.reason != "" && !c.over() {
			c.finish()
		}
		return nil, time.Time{}, false
	}
	object, c.queue = c.queue[0], c.queue[1:]
	c.queued -= len(object)
	deadline = time.Now().Add(c.gate.Limits.Write)
	if c.reason != "" && c.until.Before(deadline) {
		deadline = c.until
	}
	return object, deadline, true
}

// finish tells the client that all is said and gives it time to do the same. Under the lock.
func (c *conn) finish() {
	if half, ok := c.socket.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	c.socket.SetReadDeadline(time.Now().Add(linger))
	close(c.flushed)
}
