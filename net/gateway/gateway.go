package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors"
	"chatserver/net/wire"
)

// Config is what a Gateway works with.
type Config struct {
	Root     *actor.RootContext // connections speak to their sessions through it
	Sessions *actor.PID         // is told of every connection with actors.Connected
	Pool     actor.Dispatcher   // runs what writes, a moment or until the client has read
	Limits   actors.Limits      // InFlight, Connections, PerAddress, Outbound, Silence and Write count here
	Pace     time.Duration      // between two objects to one classic client; 0 for none
	Meter    actors.Meter       // is told of every connection that ended
	Log      *slog.Logger
}

// Gateway accepts connections and keeps account of them.
type Gateway struct {
	Config
	mu      sync.Mutex
	conns   map[*conn]struct{}
	shares  map[netip.Prefix]int // how many of conns have this actors.Network
	live    sync.WaitGroup       // of conns
	buffers sync.Pool            // of *[batch]byte, for writes of many objects
}

// New makes a Gateway without connections.
func New(cfg Config) *Gateway {
	return &Gateway{
		Config:  cfg,
		conns:   map[*conn]struct{}{},
		shares:  map[netip.Prefix]int{},
		buffers: sync.Pool{New: func() any { return new([batch]byte) }},
	}
}

// The pauses after an accept that failed, which is mostly for want of file descriptors: the first, and the longest.
const (
	minPause = 5 * time.Millisecond
	maxPause = time.Second
)

// Serve accepts connections until the listener is closed. It may run for several listeners at once.
func (g *Gateway) Serve(listener net.Listener) {
	pause := minPause
	for {
		socket, err := listener.Accept()
		switch {
		case err == nil:
			g.admit(socket)
			pause = minPause
		case errors.Is(err, net.ErrClosed):
			return
		default:
			g.Log.Error("accept failed", "err", err, "pause", pause)
			time.Sleep(pause)
			pause = min(2*pause, maxPause)
		}
	}
}

// Shutdown waits until all connections have ended and cuts those that are left when ctx ends.
// Serve must have returned for every listener.
func (g *Gateway) Shutdown(ctx context.Context) {
	stop := context.AfterFunc(ctx, g.cut)
	defer stop()
	g.live.Wait()
}

func (g *Gateway) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.conns {
		c.abort(wire.Draining, context.DeadlineExceeded)
	}
}

// admit starts a connection on the socket unless there are enough, of its address or of all.
func (g *Gateway) admit(socket net.Conn) {
	addr := clientOf(socket)
	c := newConn(g, socket, addr)
	if !g.enter(c) {
		g.refuse(socket, addr)
		return
	}
	if tcp, ok := socket.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(sendBuffer) // where it fails the kernel's own size is as good as it gets
	}
	go c.serve()
}

func (g *Gateway) enter(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	from := actors.Network(c.addr)
	if limit := g.Limits.PerAddress; len(g.conns) >= g.Limits.Connections || limit > 0 && g.shares[from] >= limit {
		return false
	}
	g.conns[c] = struct{}{}
	g.shares[from]++
	g.live.Add(1)
	return true
}

func (g *Gateway) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
	from := actors.Network(c.addr)
	if g.shares[from]--; g.shares[from] == 0 {
		delete(g.shares, from)
	}
	g.live.Done()
}

// errTooMany is the last word to a client where it, or everybody together, has enough connections.
var errTooMany = &wire.Fault{
	Errno: wire.SlowDown,
	Text:  "too many connections, close one of yours or try later!",
	Retry: 10 * time.Second,
}

// refuse says why and closes. A fresh socket has room for a line, so this waits for nobody.
func (g *Gateway) refuse(socket net.Conn, addr netip.Addr) {
	socket.SetWriteDeadline(time.Now().Add(minPause))
	socket.Write(wire.AppendRefusal(nil, wire.Re{}, errTooMany))
	socket.Close()
	g.ended(addr, wire.TooMany, nil)
}

// ended counts and logs the end of a connection, whose cause is known where the client or the network made it end.
func (g *Gateway) ended(addr netip.Addr, reason wire.Reason, cause error) {
	g.Meter.Closed(reason)
	level := slog.LevelInfo
	if reason == wire.ClientLeft || reason == wire.TooMany {
		level = slog.LevelDebug // as often as clients like
	}
	attrs := []slog.Attr{slog.String("addr", addr.String()), slog.String("reason", string(reason))}
	if cause != nil {
		attrs = append(attrs, slog.Any("cause", cause))
	}
	g.Log.LogAttrs(context.Background(), level, "connection closed", attrs...)
}

// clientOf is the client's address, the zero Addr where the network has none.
func clientOf(socket net.Conn) netip.Addr {
	if tcp, ok := socket.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
