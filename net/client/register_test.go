package client

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"chatserver/net/wire"
)

func TestRegisterAsksTheFirstServerThatAnswers(t *testing.T) {
	gone := listen(t)
	gone.Close()
	l := listen(t)
	go serveOne(t, l, wire.RegAck{ID: 42})

	id, err := Register(t.Context(), []string{gone.Addr().String(), l.Addr().String()}, "ann", "secret")

	if id != 42 || err != nil {
		t.Errorf("registered %d, %v", id, err)
	}
}

func TestRegisterSaysWhatWentWrong(t *testing.T) {
	l := listen(t)
	addrs := []string{l.Addr().String()}

	go serveOne(t, l, &wire.Fault{Errno: wire.Denied, Text: "the name is taken"})
	_, refused := Register(t.Context(), addrs, "ann", "secret")
	go serveOne(t, l, nil)
	_, broken := Register(t.Context(), addrs, "ann", "secret")
	hasty, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, late := Register(hasty, addrs, "ann", "secret")
	l.Close()
	_, unreachable := Register(t.Context(), addrs, "ann", "secret")
	_, nowhere := Register(t.Context(), nil, "ann", "secret")

	if !isFault(refused, wire.Denied) {
		t.Errorf("refused: %v", refused)
	}
	if !errors.Is(broken, ErrUnknown) {
		t.Errorf("broken: %v, want ErrUnknown", broken)
	}
	if !errors.Is(late, context.DeadlineExceeded) {
		t.Errorf("late: %v, want the deadline", late)
	}
	if !errors.Is(nowhere, errNowhere) {
		t.Errorf("nowhere: %v", nowhere)
	}
	if unreachable == nil || errors.Is(unreachable, ErrUnknown) {
		t.Errorf("unreachable: %v", unreachable)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// serveOne answers the first request of one connection: with a reply, a refusal, or not at all.
func serveOne(t *testing.T, l net.Listener, answer any) {
	conn, err := l.Accept()
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	object, err := wire.NewReader(conn, wire.MaxObject).Next()
	re, request, fault := wire.Decode(object, wire.Classic)
	if want := (wire.Reg{V: wire.V2, Name: "ann", Password: "secret"}); err != nil || fault != nil || request != want {
		t.Errorf("the client sent %#v, %v, %v; want %#v", request, err, fault, want)
	}
	switch answer := answer.(type) {
	case wire.Reply:
		conn.Write(wire.AppendReply(nil, re, answer))
	case *wire.Fault:
		conn.Write(wire.AppendRefusal(nil, re, answer))
	}
}
