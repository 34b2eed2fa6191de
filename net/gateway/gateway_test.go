package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

func TestOneConnectionTooManyIsToldSo(t *testing.T) {
	for name, limit := range map[string]func(*Config){
		"of one address": func(c *Config) { c.Limits.PerAddress = 1 },
		"of all":         func(c *Config) { c.Limits.Connections = 1 },
	} {
		t.Run(name, func(t *testing.T) { testOneTooMany(t, limit) })
	}
}

func testOneTooMany(t *testing.T, limit func(*Config)) {
	w := newWorld(t, limit)
	address := w.listen()
	first, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	<-w.sessions

	second, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	var ack struct{ MsgID, Errno int }
	if got := readAll(t, second); json.Unmarshal([]byte(got), &ack) != nil || ack.MsgID != int(wire.AckID) || ack.Errno != int(wire.SlowDown) {
		t.Fatalf("refused with %q", got)
	}
}

func TestConnectionThatEndedGivesItsPlaceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Limits.PerAddress = 1 })
		client, s := w.pipe()
		_, server := net.Pipe()
		w.gate.admit(server) // refused, though nobody reads it

		client.Close()
		s.conn.Close(wire.ClientLeft)
		synctest.Wait()
		if len(w.gate.shares) != 0 || w.meter.count(wire.TooMany) != 1 {
			t.Fatalf("left %v, counted %v", w.gate.shares, w.meter.closed)
		}
		w.pipe()
	})
}

// remote is a socket whose client has an address.
type remote struct {
	net.Conn
	addr string
}

func (r remote) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(r.addr), 1024))
}

func TestConnectionsOfOneNetworkCountTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Limits.PerAddress = 1 })
		refused := 0
		for _, client := range []struct {
			addr     string
			admitted bool
		}{
			{"2001:db8::1", true},
			{"2001:db8::ffff:0:0:2", false}, // of the same /64
			{"2001:db8:0:1::1", true},
			{"::ffff:192.0.2.1", true}, // IPv4 on a socket of both
			{"192.0.2.1", false},
			{"192.0.2.2", true},
		} {
			_, server := net.Pipe()
			w.gate.admit(remote{server, client.addr})
			if !client.admitted {
				refused++
			}
			if got := w.meter.count(wire.TooMany); got != refused {
				t.Fatalf("%s: %d were refused, want %d", client.addr, got, refused)
			}
		}
	})
}

// exhausted is a listener that is out of file descriptors now and then, and closed in the end.
type exhausted struct {
	net.Listener
	accepts []bool
}

func (l *exhausted) Accept() (net.Conn, error) {
	if len(l.accepts) == 0 {
		return nil, net.ErrClosed
	}
	ok := l.accepts[0]
	l.accepts = l.accepts[1:]
	if !ok {
		return nil, errors.New("too many open files")
	}
	_, server := net.Pipe()
	return server, nil
}

func TestAcceptThatFailsIsTriedAgainAfterGrowingPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		newWorld(t, nil).gate.Serve(&exhausted{accepts: []bool{9: false}})
		// 5, 10, 20 … 640 ms, then a second twice
		if took := time.Since(start); took != 1275*time.Millisecond+2*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func TestAcceptThatSucceedsMakesThePausesShortAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		newWorld(t, nil).gate.Serve(&exhausted{accepts: []bool{false, false, true, false}})
		if took := time.Since(start); took != (5+10+5)*time.Millisecond {
			t.Fatalf("took %v", took)
		}
	})
}

func TestShutdownCutsWhoDoesNotEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		_, s := w.pipe()
		s.conn.Send([]byte("never read\n"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		w.gate.Shutdown(ctx)
		if took := time.Since(start); took != time.Second || w.meter.count(wire.Draining) != 1 {
			t.Fatalf("took %v, counted %v", took, w.meter.closed)
		}
	})
}

func TestAddressThatIsNotServedSaysWhatIs(t *testing.T) {
	for address, want := range map[string]string{
		"tcp://127.0.0.1:6000":     "",
		"tcp://[::1]:0":            "",
		"tcp://:6000":              "",
		"127.0.0.1:6000":           "write tcp://HOST:PORT",
		"":                         "write tcp://HOST:PORT",
		"tls://127.0.0.1:6001":     "tls:// is not served, only tcp:// is",
		"tcp://127.0.0.1":          "not of the form tcp://HOST:PORT",
		"tcp://127.0.0.1:6000/ws":  "not of the form tcp://HOST:PORT",
		"tcp://127.0.0.1:6000?a=b": "not of the form tcp://HOST:PORT",
	} {
		_, err := ParseAddress(address)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}

func TestLittleLiesInTheSocketOfASlowClient(t *testing.T) {
	w := newWorld(t, nil)
	_, s := w.dial()
	socket := s.conn.(*conn).socket.(*net.TCPConn)

	raw, err := socket.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var size int
	if err := errors.Join(raw.Control(func(fd uintptr) {
		size, err = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF)
	}), err); err != nil {
		t.Fatal(err)
	}

	if size > 2*sendBuffer { // Linux doubles it, for its own bookkeeping
		t.Errorf("the kernel takes %d bytes for a client that reads none", size)
	}
}
