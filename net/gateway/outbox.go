package gateway

import (
	"errors"
	"time"

	"chatserver/actors"
	"chatserver/net/wire"
)

// batch is how many bytes of small objects are copied together for one write: as many as the
// kernel takes, so that a larger one would wait for the client in any case.
const batch = sendBuffer

// errSlow is the cause of wire.SlowConsumer.
var errSlow = errors.New("too much waits for a client that reads too little")

// outbox is the half of a connection that is written to. It is under the connection's lock.
type outbox struct {
	queue   [][]byte
	queued  int       // bytes in queue
	writing bool      // a goroutine writes; it ends when queue is empty
	until   time.Time // a Close waits no longer than this for what is queued
	over    bool      // nothing is taken off the queue any more
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
	c.changed.Signal()
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
	if c.over {
		return
	}
	if c.reason == "" {
		c.reason, c.cause = reason, cause
	}
	c.queue, c.queued, c.over = nil, 0, true
	c.changed.Signal()
}

// wake starts the writer unless it runs. Under the lock.
func (c *conn) wake() {
	if !c.writing {
		c.writing = true
		c.gate.Pool.Schedule(c.write)
	}
}

// write hands what is queued to the socket. In a classic connection it stays for the pace after each
// object, so that whoever is next, also a later writer, need not know when the last one was written.
func (c *conn) write() {
	for {
		w, ok := c.next()
		if !ok {
			return
		}
		c.socket.SetWriteDeadline(w.deadline)
		_, err := c.socket.Write(w.bytes)
		if w.buffer != nil {
			c.gate.buffers.Put(w.buffer)
		}
		switch {
		case err != nil:
			c.abort(wire.WriteFailed, err)
		case w.classic:
			c.tell(actors.Written{N: 1})
			time.Sleep(c.gate.Pace)
		}
	}
}

// turn is one write.
type turn struct {
	bytes    []byte
	buffer   *[batch]byte // what bytes lie in; nil where they are one object
	deadline time.Time
	classic  bool
}

// next takes the next write off the queue. Without one the writer ends, and with it a connection that was closed.
func (c *conn) next() (w turn, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		c.queue, c.writing = nil, false
		if c.reason != "" && !c.over {
			c.finish()
		}
		c.changed.Signal()
		return turn{}, false
	}
	w.classic = !c.v2
	w.deadline = time.Now().Add(c.gate.Limits.Write)
	if c.reason != "" && c.until.Before(w.deadline) {
		w.deadline = c.until
	}
	if n := c.together(); n == 1 || w.classic {
		w.bytes = c.take()
	} else {
		w.buffer = c.gate.buffers.Get().(*[batch]byte)
		w.bytes = w.buffer[:0]
		for range n {
			w.bytes = append(w.bytes, c.take()...)
		}
	}
	return w, true
}

// together is how many objects at the front of the queue fit one write, at least 1. Under the lock.
func (c *conn) together() (n int) {
	for size := 0; n < len(c.queue); n++ {
		size += len(c.queue[n])
		if n > 0 && size > batch {
			break
		}
	}
	return n
}

// take takes the first object off the queue. Under the lock.
func (c *conn) take() []byte {
	object := c.queue[0]
	c.queue[0] = nil
	c.queue = c.queue[1:]
	c.queued -= len(object)
	return object
}

// finish tells the client that all is said and gives it time to do the same. Under the lock.
func (c *conn) finish() {
	if half, ok := c.socket.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	c.socket.SetReadDeadline(time.Now().Add(linger))
	c.over = true
}
