package gateway

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"chatserver/actors"
	"chatserver/net/wire"
)

// settle is how long a client is quiet before its connection rests: long enough that those in a
// conversation mostly do not, short beside the minute between two PINGs.
const settle = time.Second

// errQuiet ends a read that may as well be another goroutine's.
var errQuiet = errors.New("the client is quiet")

// input is the half of a connection that is read from. It is its goroutine's alone.
type input struct {
	frames  *wire.Reader
	heard   time.Time // when the client last sent something, or was last let
	resting bool      // the read deadline is not settle's
}

// rest leaves reading to a new goroutine, whose stack is small: that of this one has grown by
// speaking to actors, and would stay so.
func (c *conn) rest() {
	c.resting = true
	c.frames.Rest()
	go c.attend()
}

// attend reads until the client is quiet, or until there is no more and the connection has ended.
func (c *conn) attend() {
	err := c.read()
	if err == errQuiet {
		c.rest()
		return
	}
	c.tell(actors.HungUp{Err: err})
	c.part()
}

// read hands frames to the session, whose credits were taken before. What it returns is HungUp's, or errQuiet.
func (c *conn) read() error {
	for {
		object, err := c.frames.Next()
		switch {
		case err == nil:
			c.tell(actors.Frame{Object: bytes.Clone(object)})
			err = c.credit()
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			err = c.late()
		default:
			err = c.why(err)
		}
		if err != nil {
			return err
		}
	}
}

// Read reads from the socket for the frames. A deadline is moved when it has passed, not with each
// read: that would cost more than all else here.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.socket.Read(p)
	if n > 0 {
		c.heard = time.Now()
		if c.resting {
			c.resting = false
			c.wakeAt(c.heard.Add(settle))
		}
	}
	return n, err
}

// credit takes the credit of the next Frame, and waits for it where there is none.
func (c *conn) credit() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.inFlight >= c.gate.Limits.InFlight && c.reason == "" {
		c.changed.Wait()
		c.heard = time.Now() // a client that nobody reads is not silent
	}
	if c.reason != "" {
		return cmp.Or(c.cause, net.ErrClosed)
	}
	c.inFlight++
	return nil
}

// late sets the next read deadline where one has passed, or says that the client is quiet, or that
// there is nothing more to wait for.
func (c *conn) late() error {
	quiet, silence := time.Since(c.heard), c.gate.Limits.Silence
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.reason != "":
		return cmp.Or(c.cause, net.ErrClosed)
	case c.v2 && quiet >= silence:
		text := fmt.Sprintf("nothing came from you for %v, send PING at least every %v", silence, silence*2/3)
		return &wire.Fault{Errno: wire.Invalid, Text: text, Close: wire.Silent}
	case quiet < settle:
		c.socket.SetReadDeadline(c.heard.Add(settle))
		return nil
	case c.v2:
		c.socket.SetReadDeadline(c.heard.Add(silence))
	default:
		c.socket.SetReadDeadline(time.Time{})
	}
	return errQuiet
}

// wakeAt sets the read deadline, but for a connection that ends: that one has its own.
func (c *conn) wakeAt(deadline time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason == "" {
		c.socket.SetReadDeadline(deadline)
	}
}

// why is the cause of a connection that we ended ourselves, else what the network said.
func (c *conn) why(network error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cmp.Or(c.cause, network)
}
