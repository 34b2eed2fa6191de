package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"chatserver/net/wire"
)

// What a Client's methods and its Ended may fail with, besides a *wire.Fault.
var (
	ErrClosed  = errors.New("this client is closed")
	ErrUnknown = errors.New("the connection broke before the answer came; look whether it was done before you ask again")
	ErrKicked  = errors.New("this login was ended by another one, or revoked; log in again")
	ErrAccount = errors.New("what is kept here belongs to another account; log in where its own is kept")
)

// Config is what a Client needs.
type Config struct {
	Addrs  []string    // host:port of the nodes, any of which will do
	Login  Credentials // zero: by the token that State has
	Device string      // names this installation, 1..64 bytes; "": as State has it, made once
	State  State       // closed by Close; nil: Memory

	// Borrow lends the token to log in by, where several Clients, also of other processes, share
	// one: it waits until nobody else logs in by it, and give, called once, ends that turn with
	// the token's successor, "" where none came. nil: the token is State's alone.
	Borrow func(ctx context.Context) (token string, give func(successor string) error, err error)
	// Dialer connects to one of Addrs. nil: DialTCP.
	Dialer func(ctx context.Context, addr string) (net.Conn, error)
	// Rand spreads retries and first addresses. It is the Client's own. nil: a random one.
	Rand *rand.Rand
}

// Credentials are ID or Name, with Password.
type Credentials struct {
	ID       int64
	Name     string
	Password string
}

// Client keeps one account connected, in V2. Its methods are for any goroutine.
type Client struct {
	events chan Event
	does   chan func(*loop) // what the loop is to do for a caller
	quit   chan struct{}    // closed by Close
	close  sync.Once
	done   chan struct{} // closed when the loop has ended
	err    error         // what Close returns, once done
}

// Open starts a Client and never waits for the network. When it fails the State is still the
// caller's to close.
func Open(cfg Config) (*Client, error) {
	if len(cfg.Addrs) == 0 {
		return nil, fmt.Errorf("open a client: %w", errNowhere)
	}
	if cfg.State == nil {
		cfg.State = Memory()
	}
	if cfg.Dialer == nil {
		cfg.Dialer = DialTCP
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	kept, err := identified(cfg)
	if err != nil {
		return nil, fmt.Errorf("open a client: %w", err)
	}
	c := &Client{
		events: make(chan Event),
		does:   make(chan func(*loop)),
		quit:   make(chan struct{}),
		done:   make(chan struct{}),
	}
	go newLoop(cfg, kept, c).run()
	return c, nil
}

// identified loads the state and gives it a device where it has none, or another one.
func identified(cfg Config) (Kept, error) {
	kept, err := cfg.State.Load()
	if err != nil {
		return Kept{}, err
	}
	if cfg.Login == (Credentials{}) && cfg.Borrow == nil && kept.Token == "" {
		return Kept{}, errors.New("nobody is logged in here yet; give an id or a name, and the password")
	}
	device := cfg.Device
	if device == "" {
		device = kept.Device
	}
	if device == "" {
		device = uuid.NewString()
	}
	if device == kept.Device {
		return kept, nil
	}
	kept.Device = device
	return kept, cfg.State.Save(Change{Identity: &kept.Identity})
}

// Events is what happens, in order. It is closed after Ended, or by Close. A reader that stops
// reading stalls the connection, but not Send. A position moves when its Received was taken from
// here, and is kept soon after: at most a second later, and by Close. After a crash the last
// second may come again.
func (c *Client) Events() <-chan Event { return c.events }

// Send gives a message to the outbox and returns when it is durable there. It goes out in the
// order of its conversation and again until it is Stored or Refused. It fails with a *wire.Fault
// where no server would take it.
func (c *Client) Send(conv wire.Conv, text string) (Outgoing, error) {
	cid, err := uuid.NewV7()
	if err != nil {
		return Outgoing{}, fmt.Errorf("send: %w", err)
	}
	return c.SendAs(conv, text, cid.String())
}

// SendAs is Send with a cid of the caller's, 1..64 bytes. A cid that the outbox or the server
// knows sends nothing twice; with another text or conversation it is a Conflict.
func (c *Client) SendAs(conv wire.Conv, text, cid string) (Outgoing, error) {
	if fault := sendable(text, cid); fault != nil {
		return Outgoing{}, fault
	}
	now := time.UnixMilli(time.Now().UnixMilli())
	p := &posting{Queued: Queued{Outgoing: Outgoing{conv, cid, text, now}}, result: make(chan error, 1)}
	if !c.do(func(l *loop) { l.post(p) }) {
		return Outgoing{}, ErrClosed
	}
	if err := <-p.result; err != nil {
		return Outgoing{}, err
	}
	return p.Outgoing, nil
}

// sendable refuses what would have the connection closed, each time that it is sent.
func sendable(text, cid string) *wire.Fault {
	switch {
	case text == "":
		return &wire.Fault{Errno: wire.Invalid, Text: "a message is not empty; write something"}
	case !utf8.ValidString(text):
		return &wire.Fault{Errno: wire.Malformed, Text: "a message is text in UTF-8"}
	case len(text) > wire.MaxMsg:
		return &wire.Fault{Errno: wire.TooLarge, Text: fmt.Sprintf("a message has up to %d bytes; send it in parts", wire.MaxMsg)}
	case cid == "" || len(cid) > 64 || !utf8.ValidString(cid):
		return &wire.Fault{Errno: wire.Invalid, Text: "a cid is 1 to 64 bytes of UTF-8"}
	}
	return nil
}

// Call asks the server and returns its answer. It waits to be online until ctx ends, and what
// changes nothing is asked again on the next connection. It fails with a *wire.Fault where the
// server refused, and with ErrUnknown where nobody can tell whether it was done.
func (c *Client) Call(ctx context.Context, r wire.Request) (wire.Reply, error) {
	k := &call{request: r, result: make(chan outcome, 1)}
	if !c.do(func(l *loop) { l.call(k) }) {
		return nil, ErrClosed
	}
	select {
	case o := <-k.result:
		return o.reply, o.err
	case <-ctx.Done():
		c.do(func(l *loop) { l.abandon(k, ctx.Err()) })
		o := <-k.result
		return o.reply, o.err
	}
}

// History reads up to limit (1..500) messages of a conversation: the last ones before a seq, or
// with before 0 the last ones there are.
func (c *Client) History(ctx context.Context, conv wire.Conv, before uint64, limit int) (wire.SyncAck, error) {
	if before == 0 {
		before = wire.MaxSeq
	}
	reply, err := c.Call(ctx, wire.Sync{Conv: conv, Before: before, Limit: limit})
	if err != nil {
		return wire.SyncAck{}, err
	}
	ack, ok := reply.(wire.SyncAck)
	if !ok {
		return wire.SyncAck{}, strange(wire.SyncID, reply)
	}
	return ack, nil
}

// Read says that the user has read a conversation up to seq. The server hears of it within about
// a second, or when it is there again.
func (c *Client) Read(conv wire.Conv, seq uint64) {
	c.do(func(l *loop) { l.read(conv, seq) })
}

// Typing says that the user is writing. It may be called for each key: what goes out is one in 3 s.
func (c *Client) Typing(conv wire.Conv) {
	c.do(func(l *loop) { l.typing(conv) })
}

// Outbox is what is not known to be stored, in the order of Send. It is empty after Close.
func (c *Client) Outbox() []Outgoing {
	list := make(chan []Outgoing, 1)
	if !c.do(func(l *loop) { list <- l.outbox.list() }) {
		return nil
	}
	return <-list
}

// Close ends the connection, saves and closes the State and ends Events. What was not taken from
// there comes again with the next Client. It returns what went wrong with the State. Where Ended
// was taken, all of this is done.
func (c *Client) Close() error {
	c.close.Do(func() { close(c.quit) })
	<-c.done
	return c.err
}

// do has the loop do something; false where it has ended.
func (c *Client) do(f func(*loop)) bool {
	select {
	case c.does <- f:
		return true
	case <-c.done:
		return false
	}
}
