package gateway

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors"
	"chatserver/net/wire"
)

// linger is how long a client may take to notice that we are done: a round trip and a retransmission.
const linger = 2 * time.Second

// conn is one client's connection, as actors.Conn says.
type conn struct {
	gate    *Gateway
	socket  net.Conn
	addr    netip.Addr
	session *actor.PID    // set once, before opened
	opened  chan struct{} // closed by Open
	credits chan struct{} // holds one for each Frame not given back; while it is full nothing is read
	outbox
}

func newConn(g *Gateway, socket net.Conn, addr netip.Addr) *conn {
	return &conn{
		gate:    g,
		socket:  socket,
		addr:    addr,
		opened:  make(chan struct{}),
		credits: make(chan struct{}, g.Limits.InFlight),
		outbox:  outbox{closing: make(chan struct{}), flushed: make(chan struct{})},
	}
}

// Open starts reading, see actors.Conn.
func (c *conn) Open(session *actor.PID) {
	c.session = session
	close(c.opened)
}

// Done gives back one Frame's credit, see actors.Conn.
func (c *conn) Done() {
	select {
	case <-c.credits:
	default:
		panic("gateway: Done without a Frame")
	}
}

// tell sends to the session, if there is one yet.
func (c *conn) tell(msg any) {
	select {
	case <-c.opened:
		c.gate.Root.Send(c.session, msg)
	default:
	}
}

// serve owns the connection from accept to close.
func (c *conn) serve() {
	defer c.gate.leave(c)
	c.gate.Root.Send(c.gate.Sessions, actors.Connected{Conn: c, Addr: c.addr})
	select {
	case <-c.opened:
		c.tell(actors.HungUp{Err: c.read()})
	case <-c.closing:
	}
	<-c.flushed
	c.tell(actors.Closed{})
	io.Copy(io.Discard, c.socket) // until the client closes too or linger is over
	c.socket.Close()
	c.gate.ended(c.addr, c.reason, c.cause)
}

// read hands frames to the session until there are no more. What it returns is HungUp's.
func (c *conn) read() error {
	frames := wire.NewReader(c.socket, wire.MaxObject)
	for {
		select {
		case c.credits <- struct{}{}:
		case <-c.closing:
			return c.why(net.ErrClosed)
		}
		object, err := frames.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return c.why(err)
		}
		c.tell(actors.Frame{Object: bytes.Clone(object)})
	}
}
