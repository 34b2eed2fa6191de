// Package client is the client's end of a connection: requests go in, replies and
// pushes come out, both as the typed messages of package wire. It knows nothing of
// what is shown to people.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"chatserver/net/wire"
)

// largest is how long an object from the server may be, in bytes. A LOGIN_ACK for a server
// that keeps to no classic limit is the longest one there is.
const largest = 16 << 20

// Conn is a connection to a node in one dialect. Send and Finish are for one
// goroutine, Next for one, which may be another; Close is for any.
type Conn struct {
	stream  stream
	dialect wire.Dialect
	in      *wire.Reader
	out     []byte // Send's, used again
}

// stream is a connection whose sending side can end alone.
type stream interface {
	net.Conn
	CloseWrite() error
}

// Dial connects to a node at a TCP address. The context bounds the dialling only.
func Dial(ctx context.Context, addr string, in wire.Dialect) (*Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{stream: conn.(*net.TCPConn), dialect: in, in: wire.NewReader(conn, largest)}, nil
}

// Send hands a request to the network. nil does not mean that anybody received it.
func (c *Conn) Send(rid wire.RID, r wire.Request) error {
	c.out = wire.AppendRequest(c.out[:0], r, rid)
	if _, err := c.stream.Write(c.out); err != nil {
		return fmt.Errorf("send %v: %w", r.MsgID(), err)
	}
	return nil
}

// Next waits for the next object from the server, tells what request it answers, and skips those of a msgid that it does not
// know. Its error is for good; io.EOF means that the server ended the connection in order.
func (c *Conn) Next() (wire.Re, wire.Reply, error) {
	for {
		object, err := c.in.Next()
		if err != nil {
			return wire.Re{}, nil, err
		}
		re, reply, err := wire.DecodeReply(object, c.dialect)
		if unknown := (*wire.Fault)(nil); errors.As(err, &unknown) && unknown.Errno == wire.Unknown {
			continue
		}
		return re, reply, err
	}
}

// Finish ends the sending side. The server answers what it was asked until then and ends the
// connection, which Next reports as io.EOF: so everything was handled. Next fails if that takes
// longer than patience.
func (c *Conn) Finish(patience time.Duration) error {
	return errors.Join(
		c.stream.SetReadDeadline(time.Now().Add(patience)),
		c.stream.CloseWrite(),
	)
}

// Close ends the connection at once. A Next that waits fails.
func (c *Conn) Close() error { return c.stream.Close() }
