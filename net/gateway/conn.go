package gateway

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors"
	"chatserver/net/wire"
)

// linger is how long a client may take to notice that we are done: a round trip and a retransmission.
const linger = 2 * time.Second

// conn is one client's connection, as actors.Conn says. Ten thousand of them are mostly idle: it
// has no channels, and no goroutine but one with a small stack.
type conn struct {
	gate    *Gateway
	socket  net.Conn
	addr    netip.Addr
	session atomic.Pointer[actor.PID] // nil until Open
	input

	mu       sync.Mutex
	changed  sync.Cond   // something that the connection's goroutine may wait for
	v2       bool        // since Upgrade
	inFlight int         // credits taken: one for each Frame not given back, and one for the next
	reason   wire.Reason // why the connection ends; "" while it lives
	cause    error       // what made it end without its session's wish
	outbox
}

var _ actors.Conn = (*conn)(nil)

func newConn(g *Gateway, socket net.Conn, addr netip.Addr) *conn {
	c := &conn{gate: g, socket: socket, addr: addr, inFlight: 1}
	c.heard = time.Now()
	c.changed.L = &c.mu
	c.frames = wire.NewReader(c, wire.MaxObject)
	return c
}

// Open starts reading, see actors.Conn.
func (c *conn) Open(session *actor.PID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.Store(session)
	c.changed.Signal()
}

// Upgrade makes it a connection of v2, see actors.Conn.
func (c *conn) Upgrade() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.v2 = true
	if c.reason == "" {
		c.socket.SetReadDeadline(time.Now()) // for the reader to find the right one
	}
}

// Done gives back one Frame's credit, see actors.Conn.
func (c *conn) Done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inFlight == 0 {
		panic("gateway: Done without a Frame")
	}
	c.inFlight--
	c.changed.Signal()
}

// tell sends to the session, if there is one yet.
func (c *conn) tell(msg any) {
	if session := c.session.Load(); session != nil {
		c.gate.Root.Send(session, msg)
	}
}

// serve finds the connection a session, and reads or ends it. From accept to close one goroutine
// has it: this one, then those of attend, one after the other.
func (c *conn) serve() {
	c.gate.Root.Send(c.gate.Sessions, actors.Connected{Conn: c, Addr: c.addr})
	c.await(func() bool { return c.session.Load() != nil || c.reason != "" })
	if c.session.Load() == nil {
		c.part()
		return
	}
	c.rest()
}

// await waits until done, which is called under the lock.
func (c *conn) await(done func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !done() {
		c.changed.Wait()
	}
}

// part ends the connection when all is said.
func (c *conn) part() {
	defer c.gate.leave(c)
	c.await(func() bool { return c.over && !c.writing })
	c.tell(actors.Closed{})
	io.Copy(io.Discard, c.socket) // until the client closes too or linger is over
	c.socket.Close()
	c.gate.ended(c.addr, c.reason, c.cause)
}
