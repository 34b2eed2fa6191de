package client

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"chatserver/net/wire"
)

// largest is how long an object from the server may be, in bytes. A LOGIN_ACK for a server
// that keeps to no classic limit is the longest one there is.
const largest = 16 << 20

// ahead is how many bytes are read at once: about 20 messages. With the kilobyte of a wire.Reader,
// receiving a group's messages takes a fourth more of the processor.
const ahead = 4 << 10

var errNowhere = errors.New("name at least one server, as host:port")

// Conn is a connection to a node in one dialect. Send, Queue and Flush are for one goroutine,
// Next for one, which may be another; Ask is both. Close is for any.
type Conn struct {
	stream  net.Conn
	dialect wire.Dialect
	in      *wire.Reader
	out     []byte // what was queued
}

// Dial connects to a node at a TCP address. The context bounds the dialling only.
func Dial(ctx context.Context, addr string, in wire.Dialect) (*Conn, error) {
	stream, err := DialTCP(ctx, addr)
	if err != nil {
		return nil, err
	}
	return NewConn(stream, in), nil
}

// DialAny connects to the first of addrs that accepts within 10 s, by a dialer such as DialTCP.
func DialAny(ctx context.Context, dialer func(context.Context, string) (net.Conn, error), addrs []string, in wire.Dialect) (*Conn, error) {
	if len(addrs) == 0 {
		return nil, errNowhere
	}
	var failed []error
	for _, addr := range addrs {
		one, stop := context.WithTimeout(ctx, dialTime)
		stream, err := dialer(one, addr)
		stop()
		if err == nil {
			return NewConn(stream, in), nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

// DialTCP connects to a TCP address, HOST:PORT. The context bounds the dialling only.
func DialTCP(ctx context.Context, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr)
}

// NewConn speaks over a stream that is connected, and closes it with the Conn.
func NewConn(stream net.Conn, in wire.Dialect) *Conn {
	return &Conn{stream: stream, dialect: in, in: wire.NewReader(bufio.NewReaderSize(stream, ahead), largest)}
}

// Send is Queue and Flush.
func (c *Conn) Send(rid wire.RID, r wire.Request) error {
	c.Queue(rid, r)
	return c.Flush()
}

// Queue adds a request to what the next Flush writes. With rid "" its reply has none either.
func (c *Conn) Queue(rid wire.RID, r wire.Request) {
	c.out = wire.AppendRequest(c.out, r, rid)
}

// Flush hands what was queued to the network in one write, if there is any. nil does not mean
// that anybody received it.
func (c *Conn) Flush() error {
	if len(c.out) == 0 {
		return nil
	}
	_, err := c.stream.Write(c.out)
	c.out = c.out[:0]
	if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// Next waits for the next object from the server and skips those of a msgid that it does not
// know. The Re says which request is answered; it is zero for what comes unasked. The error is for
// good; io.EOF means that the server ended the connection in order.
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

// Ask sends a request and waits for its answer, past all that comes unasked; nothing else may be
// under way. It fails with a *wire.Fault where the server refused, and with ErrUnknown where no
// answer came. The end of ctx closes the Conn.
func (c *Conn) Ask(ctx context.Context, r wire.Request) (wire.Reply, error) {
	defer context.AfterFunc(ctx, func() { c.Close() })()
	const rid = "1" // some are answered only where they have one; a server of before v2 knows none
	err := c.Send(rid, r)
	for err == nil {
		var re wire.Re
		var reply wire.Reply
		re, reply, err = c.Next()
		mine := re.RID == rid || re.ID == r.MsgID()
		refused, ok := reply.(wire.Refused)
		switch {
		case err != nil:
		case ok && (mine || refusesConn(re)):
			return nil, told(refused.Fault)
		case mine:
			return reply, nil
		}
	}
	if err = cmp.Or(ctx.Err(), err); err == io.EOF {
		return nil, ErrUnknown
	}
	return nil, fmt.Errorf("%w (%w)", ErrUnknown, err)
}

// refusesConn says whether a refusal is of no request but of the connection, which the server
// then ends: it has too many.
func refusesConn(re wire.Re) bool { return re.ID == 0 }

// told is a refusal in words for who uses this program: the server's are for who writes one.
func told(f wire.Fault) *wire.Fault {
	if f.Errno == wire.Version {
		f.Text = "the server is too old for this client: it does not speak version 2 of the protocol; ask who runs it for a newer one"
	}
	return &f
}

// Close ends the connection at once. A Next that waits fails.
func (c *Conn) Close() error { return c.stream.Close() }
