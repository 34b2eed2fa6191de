package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"chatserver/net/wire"
)

var errRefusedDial = errors.New("connection refused")

// world is a Client's surroundings, in a bubble of synctest: servers that the test plays, at
// addresses a and b.
type world struct {
	t     *testing.T
	dials chan net.Conn // our side of what the Client dialled
	down  atomic.Bool   // nobody listens
	state State
	rand  *rand.Rand

	borrow func(ctx context.Context) (token string, give func(successor string) error, err error)
}

func newWorld(t *testing.T) *world {
	return &world{t: t, dials: make(chan net.Conn), state: Memory(), rand: rand.New(rand.NewPCG(1, 2))}
}

// open starts a Client of user 1 that is closed with the test.
func (w *world) open(login Credentials) *user {
	w.t.Helper()
	c, err := Open(Config{Addrs: []string{"a:1", "b:2"}, Login: login, Device: "test", State: w.state, Dialer: w.dial, Rand: w.rand, Borrow: w.borrow})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	return &user{w.t, c}
}

func (w *world) dial(ctx context.Context, addr string) (net.Conn, error) {
	if w.down.Load() {
		return nil, errRefusedDial
	}
	client, server := net.Pipe()
	select {
	case w.dials <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// accept is the server's side of the next connection.
func (w *world) accept() *peer {
	w.t.Helper()
	conn := <-w.dials
	w.t.Cleanup(func() { conn.Close() })
	return &peer{w.t, conn, wire.NewReader(conn, wire.MaxObject)}
}

// online opens a Client and logs it in.
func (w *world) online(convs ...wire.ConvState) (*user, *peer) {
	w.t.Helper()
	u := w.open(Credentials{ID: 1, Password: "secret"})
	return u, w.login(u, convs...)
}

// login plays the server at the next connection, up to Online.
func (w *world) login(u *user, convs ...wire.ConvState) *peer {
	w.t.Helper()
	next[Connecting](u)
	p := w.accept()
	re, _ := ask[wire.Login](p)
	p.reply(re, welcome(convs...))
	next[Online](u)
	return p
}

func welcome(convs ...wire.ConvState) wire.Welcome {
	return wire.Welcome{ID: 1, Name: "ann", Token: "tok", TokenExpires: time.UnixMilli(5000), Session: "s", Epoch: "e1", Convs: convs}
}

// peer is the server's side of a connection.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   *wire.Reader
}

// next is the next request.
func (p *peer) next() (wire.Re, wire.Request) {
	p.t.Helper()
	object, err := p.in.Next()
	if err != nil {
		p.t.Fatalf("the server reads: %v", err)
	}
	re, request, fault := wire.Decode(object, wire.V2)
	if fault != nil {
		p.t.Fatalf("the client sent %s: %v", object, fault)
	}
	return re, request
}

// ask is the next request, which has to be of a type.
func ask[T wire.Request](p *peer) (wire.Re, T) {
	p.t.Helper()
	re, request := p.next()
	r, ok := request.(T)
	if !ok {
		p.t.Fatalf("the client sent %#v, want a %T", request, r)
	}
	return re, r
}

// want fails unless the next request is this one.
func (p *peer) want(want wire.Request) wire.Re {
	p.t.Helper()
	re, got := p.next()
	if got != want {
		p.t.Fatalf("the client sent %#v, want %#v", got, want)
	}
	return re
}

func (p *peer) reply(re wire.Re, r wire.Reply) {
	p.t.Helper()
	p.write(wire.AppendReply(nil, re, r))
}

func (p *peer) refuse(re wire.Re, f wire.Fault) {
	p.t.Helper()
	p.write(wire.AppendRefusal(nil, re, &f))
}

func (p *peer) push(pushes ...wire.Push) {
	p.t.Helper()
	for _, push := range pushes {
		p.write(wire.AppendPush(nil, push, 0))
	}
}

func (p *peer) write(object []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(object); err != nil {
		p.t.Errorf("the server writes: %v", err)
	}
}

func (p *peer) close() { p.conn.Close() }

// user is who has the Client in hand.
type user struct {
	t *testing.T
	*Client
}

// next is the next event, which has to be of a type.
func next[T Event](u *user) T {
	u.t.Helper()
	event, open := <-u.Events()
	e, ok := event.(T)
	if !ok {
		u.t.Fatalf("it happened %#v (open: %v), want a %T", event, open, e)
	}
	return e
}

// want fails unless these are the next events.
func (u *user) want(wants ...Event) {
	u.t.Helper()
	for _, want := range wants {
		if got, open := <-u.Events(); !reflect.DeepEqual(got, want) {
			u.t.Fatalf("it happened %#v (open: %v), want %#v", got, open, want)
		}
	}
}

// wantReceived fails unless the next events are these messages.
func (u *user) wantReceived(pushes ...wire.Push) {
	u.t.Helper()
	for _, p := range pushes {
		u.want(Received{convOf(p), p})
	}
}

// send gives a message to the outbox. Its cid is its text.
func (u *user) send(conv wire.Conv, texts ...string) {
	u.t.Helper()
	for _, text := range texts {
		if _, err := u.SendAs(conv, text, text); err != nil {
			u.t.Fatal(err)
		}
	}
}

// wantStored fails unless the next events are that own messages are stored and in their place.
func (u *user) wantStored(conv wire.Conv, seq uint64, text string) {
	u.t.Helper()
	stored := next[Stored](u)
	if stored.Conv != conv || stored.Seq != seq || stored.Text != text || stored.CID != text {
		u.t.Fatalf("stored %#v, want %q as %d of %v", stored, text, seq, conv)
	}
	received := next[Received](u)
	if p := received.Push; received.Conv != conv || p.Seq != seq || p.Msg != text || p.From != 1 || p.CID != text {
		u.t.Fatalf("received %#v, want the own %q as %d of %v", received, text, seq, conv)
	}
}

// at is a time as the wire has it, which names when seq was stored.
func at(seq uint64) time.Time { return time.UnixMilli(int64(1000 * seq)) }

// stored is the ACK of a message.
func stored(seq uint64) wire.Stored { return wire.Stored{Seq: seq, At: at(seq)} }

// chat is the request that sends a text to bob, by the cid that user.send gives it.
func chat(text string) wire.Request {
	return wire.OneChat{To: bob.ID, Msg: text, CID: text}
}

// numbered are texts that differ.
func numbered(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("text %03d", i)
	}
	return texts
}
