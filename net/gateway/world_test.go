package gateway

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors"
	"chatserver/net/wire"
)

// session is a fake session actor: it keeps what it is told and leaves the answers to the test.
type session struct {
	conn actors.Conn
	told chan any // what the connection said, in order
}

// world is a gateway whose sessions are fakes.
type world struct {
	t        *testing.T
	gate     *Gateway
	sessions chan *session // those that were connected and not yet met
	meter    *tally
}

// newWorld makes a gateway with small limits, changed by change.
func newWorld(t *testing.T, change func(*Config)) *world {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	system := actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }))
	w := &world{t: t, sessions: make(chan *session, 64), meter: &tally{closed: map[wire.Reason]int{}}}
	cfg := Config{Root: system.Root, Pool: actor.NewDefaultDispatcher(1), Limits: actors.DefaultLimits(), Meter: w.meter, Log: quiet}
	if change != nil {
		change(&cfg)
	}
	cfg.Sessions = system.Root.Spawn(actor.PropsFromFunc(w.connect))
	w.gate = New(cfg)
	t.Cleanup(func() {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		w.gate.Shutdown(now)
	})
	return w
}

// connect is the sessions actor.
func (w *world) connect(ctx actor.Context) {
	msg, ok := ctx.Message().(actors.Connected)
	if !ok {
		return
	}
	s := &session{conn: msg.Conn, told: make(chan any, 1024)}
	pid := ctx.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
		switch msg := ctx.Message().(type) {
		case actors.Frame, actors.Written, actors.HungUp:
			s.told <- msg
		}
	}))
	msg.Conn.Open(pid)
	w.sessions <- s
}

// pipe connects a client over net.Pipe, where a write waits for its reader.
func (w *world) pipe() (client net.Conn, s *session) {
	client, server := net.Pipe()
	w.gate.admit(server)
	return client, <-w.sessions
}

// dial connects a client over a real socket.
func (w *world) dial() (client *net.TCPConn, s *session) {
	w.t.Helper()
	socket, err := net.Dial("tcp", w.listen())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { socket.Close() })
	return socket.(*net.TCPConn), <-w.sessions
}

// listen serves a free port and returns its address. It is closed with the test.
func (w *world) listen() string {
	w.t.Helper()
	listener, err := Listen(w.t.Context(), "tcp://127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { w.gate.Serve(listener) })
	w.t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return listener.Addr().String()
}

// want fails unless the session is told exactly these next. Of a HungUp only whether it has an error counts.
func (s *session) want(t *testing.T, wants ...any) {
	t.Helper()
	for _, want := range wants {
		switch got := (<-s.told).(type) {
		case actors.Frame:
			if want, ok := want.(string); !ok || string(got.Object) != want {
				t.Fatalf("got frame %.80q, want %v", got.Object, want)
			}
		default:
			if got != want {
				t.Fatalf("got %#v, want %#v", got, want)
			}
		}
	}
}

// readAll reads until the server ends and returns what came.
func readAll(t *testing.T, client net.Conn) string {
	t.Helper()
	got, err := io.ReadAll(client)
	if err != nil {
		t.Fatalf("after %.80q: %v", got, err)
	}
	return string(got)
}

// readLine reads one object.
func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// tally counts closes; the rest of actors.Meter is not for gateways.
type tally struct {
	mu     sync.Mutex
	closed map[wire.Reason]int
}

func (m *tally) Session(int)                    {}
func (m *tally) Online(int)                     {}
func (m *tally) Refused(wire.MsgID, wire.Errno) {}
func (m *tally) Committed(int, time.Duration)   {}
func (m *tally) Crashed(string)                 {}
func (m *tally) Relayed(int)                    {}
func (m *tally) Dropped(int)                    {}
func (m *tally) Gap()                           {}
func (m *tally) Deaf(bool)                      {}
func (m *tally) Closed(reason wire.Reason)      { m.mu.Lock(); m.closed[reason]++; m.mu.Unlock() }
func (m *tally) count(reason wire.Reason) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed[reason]
}
