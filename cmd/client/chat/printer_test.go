package chat

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"chatserver/net/client"
)

// printer is a plain client and what it prints. It runs in a synctest bubble.
type printer struct {
	t       *testing.T
	session *fakeSession
	keys    io.WriteCloser
	unseen  chan string
	exit    chan int
	stop    context.CancelFunc

	mu    sync.Mutex
	print strings.Builder
}

// piped runs a client that is fed from a pipe.
func piped(t *testing.T, f *fakeSession, input string) *printer {
	return start(t, f, strings.NewReader(input), nil)
}

// attended runs a client with a person in front of it.
func attended(t *testing.T, f *fakeSession) *printer {
	in, keys := io.Pipe()
	unseen := make(chan string)
	p := start(t, f, in, func() (string, error) { return <-unseen, nil })
	p.keys, p.unseen = keys, unseen
	return p
}

func start(t *testing.T, f *fakeSession, in io.Reader, unseen func() (string, error)) *printer {
	f.events = make(chan client.Event)
	ctx, stop := context.WithCancel(t.Context())
	p := &printer{t: t, session: f, exit: make(chan int, 1), stop: stop}
	k := newKeyboard(in, unseen)
	go func() {
		defer k.close()
		p.exit <- newPlain(f.world(), k, p).run(ctx)
	}()
	return p
}

// Write is the client's output.
func (p *printer) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.print.Write(text)
}

func (p *printer) hears(events ...client.Event) {
	for _, e := range events {
		p.session.events <- e
	}
}

func (p *printer) types(line string) { io.WriteString(p.keys, line+"\n") }

// prints requires the lines that were printed since it was asked last.
func (p *printer) prints(want ...string) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := p.print.String(); got != strings.Join(append(want, ""), "\n") {
		p.t.Errorf("printed\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	p.print.Reset()
}

// exits requires that the client ends with a code by itself.
func (p *printer) exits(want int) {
	p.t.Helper()
	if got := <-p.exit; got != want {
		p.t.Errorf("exit %d, want %d", got, want)
	}
	p.session.mu.Lock()
	defer p.session.mu.Unlock()
	if p.session.sessions > 0 && !p.session.closed {
		p.t.Error("the session was not closed")
	}
}

// stored is the event that a message of ann's is stored.
func stored(f *fakeSession, n int, seq uint64) client.Stored {
	f.mu.Lock()
	defer f.mu.Unlock()
	return client.Stored{Outgoing: f.sent[n], Seq: seq, Ts: noon}
}
