package classictest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

const (
	readSize = 1024             // what the original reads at once
	patience = 10 * time.Second // how long a Peer waits for what must come; only a test that fails waits so long
	backlog  = 4096             // objects read ahead of the test
)

// Object is one JSON object. A number that was read is a json.Number.
type Object map[string]any

// Peer is one connection of an original client. Its methods end the test when the server
// does what the original could not take, or nothing at all for ten seconds.
type Peer struct {
	t    testing.TB
	conn net.Conn
	read chan []byte // what each Read got; closed at the end of the stream
	err  error       // why read was closed; nil: the server ended the stream
	id   int64       // who it logged in as, and says it is
	name string
}

// Dial connects to a node. The connection is closed when the test ends.
func Dial(t testing.TB, addr string) *Peer {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	p := &Peer{t: t, conn: conn, read: make(chan []byte, backlog)}
	joined := make(chan struct{})
	go func() {
		defer close(joined)
		p.listen()
	}()
	t.Cleanup(func() {
		conn.Close()
		<-joined
	})
	return p
}

// listen reads as the original does. More than backlog objects that no test asks for are lost.
func (p *Peer) listen() {
	defer close(p.read)
	for {
		buf := make([]byte, readSize)
		n, err := p.conn.Read(buf)
		if n > 0 {
			select {
			case p.read <- buf[:n]:
			default:
				p.err = errors.New("the test reads too little of what is sent to it")
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				p.err = err
			}
			return
		}
	}
}

// Send writes objects, each ended by a NUL, in one write: as TCP joins two that are sent in a row.
func (p *Peer) Send(objects ...Object) {
	p.t.Helper()
	var raw []byte
	for _, o := range objects {
		raw = append(append(raw, Encode(p.t, o)...), 0)
	}
	p.SendRaw(raw)
}

// SendRaw writes bytes as they are.
func (p *Peer) SendRaw(raw []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(raw); err != nil {
		p.t.Fatalf("write: %v", err)
	}
}

// Encode is an object's bytes without any end.
func Encode(t testing.TB, o Object) []byte {
	t.Helper()
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatalf("encode %v: %v", o, err)
	}
	return raw
}

// Next is the next object from the server, as its bytes.
func (p *Peer) Next() []byte {
	p.t.Helper()
	raw, more := p.await()
	if !more {
		p.t.Fatalf("the connection ended (%v), an object was due", p.err)
	}
	return whole(p.t, raw)
}

// WantEnd requires that the server ends the connection and sends nothing more.
func (p *Peer) WantEnd() {
	p.t.Helper()
	if raw, more := p.await(); more {
		p.t.Fatalf("read %q, want the end of the connection", raw)
	}
}

// Finish ends the peer's side of the connection; the server's may go on.
func (p *Peer) Finish() {
	p.t.Helper()
	if err := p.conn.(*net.TCPConn).CloseWrite(); err != nil {
		p.t.Fatalf("close write: %v", err)
	}
}

func (p *Peer) await() (raw []byte, more bool) {
	p.t.Helper()
	select {
	case raw, more = <-p.read:
		return raw, more
	case <-time.After(patience):
		p.t.Fatalf("nothing was read for %v", patience)
		return nil, false
	}
}

// whole requires that raw is one JSON value, with white space after it at most.
func whole(t testing.TB, raw []byte) []byte {
	t.Helper()
	if len(raw) >= readSize {
		t.Fatalf("%d bytes were read at once, the original has room for %d: %q", len(raw), readSize-1, raw)
	}
	if !json.Valid(raw) {
		t.Fatalf("one read is one object, this is not: %q", raw)
	}
	return raw
}

// parse reads JSON text into a T. Numbers in an Object are json.Number.
func parse[T any](t testing.TB, text []byte) (v T) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return v
}
