package client

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"chatserver/net/wire"
)

func TestRepliesComeTypedAndUnknownOnesAreSkipped(t *testing.T) {
	conn, server := connect(t)
	server.write(`{"msgid":5,"errno":0,"id":3}` + "\n" + `{"msgid":99,"new":true}` + "\n" + `{"msgid":11,"re":6,"errno":104,"errmsg":"no such user"}` + "\n")
	server.end()

	_, first, err1 := conn.Next()
	re, second, err2 := conn.Next()
	_, _, end := conn.Next()

	if first != (wire.RegAck{ID: 3}) || err1 != nil {
		t.Errorf("first: %#v, %v", first, err1)
	}
	refused := wire.Refused{Fault: wire.Fault{Errno: wire.NotFound, Text: "no such user"}}
	if second != refused || re.ID != wire.OneChatID || err2 != nil {
		t.Errorf("second: %#v to %v, %v", second, re, err2)
	}
	if end != io.EOF {
		t.Errorf("end: %v, want io.EOF", end)
	}
}

func TestAskWaitsForItsAnswerPastAllElse(t *testing.T) {
	conn, server := connect(t)
	server.write(`{"msgid":16,"id":2,"state":"online"}` + "\n" + `{"msgid":18}` + "\n" + `{"msgid":11,"re":22,"rid":1,"errno":0,"friends":[]}` + "\n")

	reply, err := conn.Ask(t.Context(), wire.Friends{})

	if _, ok := reply.(wire.FriendList); !ok || err != nil {
		t.Errorf("answered with %#v, %v", reply, err)
	}
}

func TestAskSaysThatTheServerIsTooOld(t *testing.T) {
	conn, server := connect(t)
	server.write(`{"msgid":2,"errno":111,"errmsg":"this server speaks the classic protocol only, leave v out"}` + "\n")

	_, err := conn.Ask(t.Context(), wire.Login{V: wire.V2, Name: "ann", Password: "secret"})

	if !isFault(err, wire.Version) || !strings.Contains(err.Error(), "too old") {
		t.Errorf("refused with %v", err)
	}
}

func TestAskSaysThatTheConnectionIsRefused(t *testing.T) {
	conn, server := connect(t)
	server.write(`{"msgid":11,"errno":109,"errmsg":"too many connections","retry_ms":10000}` + "\n")
	server.end()

	_, err := conn.Ask(t.Context(), wire.Friends{})

	if !isFault(err, wire.SlowDown) {
		t.Errorf("refused with %v", err)
	}
}

func TestAskThatIsNotAnsweredIsUnknown(t *testing.T) {
	conn, _ := connect(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, interrupted := conn.Ask(ctx, wire.Friends{})
	conn, server := connect(t)
	server.end()
	_, ended := conn.Ask(t.Context(), wire.Friends{})

	if !errors.Is(interrupted, ErrUnknown) || !errors.Is(interrupted, context.Canceled) {
		t.Errorf("interrupted: %v", interrupted)
	}
	if ended != ErrUnknown {
		t.Errorf("ended: %v", ended)
	}
}

func TestQueuedRequestsGoInOneWrite(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	conn := NewConn(ours, wire.V2)
	defer conn.Close()
	conn.Queue("1", wire.Friends{})
	conn.Queue(`"b"`, wire.Groups{})

	flushed := make(chan error, 1)
	go func() { flushed <- conn.Flush() }()
	once := make([]byte, 200)
	n, err := theirs.Read(once)

	if heard := string(once[:n]); heard != `{"msgid":22,"rid":1}`+"\n"+`{"msgid":24,"rid":"b"}`+"\n" || err != nil {
		t.Errorf("one read brings %q, %v", heard, err)
	}
	if err := <-flushed; err != nil {
		t.Error(err)
	}
	if err := conn.Flush(); err != nil { // waits for nobody
		t.Error(err)
	}
}

func TestRepliesSayWhatTheyAnswer(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	conn := NewConn(ours, wire.V2)
	defer conn.Close()
	go theirs.Write([]byte(`{"msgid":11,"re":6,"rid":"b","errno":0,"seq":4,"ts":4000}` + "\n"))

	re, reply, err := conn.Next()

	if re.RID != `"b"` || re.ID != wire.OneChatID || reply != stored(4) || err != nil {
		t.Errorf("%+v is answered by %#v, %v", re, reply, err)
	}
}

func TestWhatIsNoReplyIsAnError(t *testing.T) {
	for name, sent := range map[string]string{
		"no object":      "HTTP/1.1 400 Bad Request\n",
		"a broken one":   `{"msgid":}` + "\n",
		"one cut off":    `{"msgid":5,`,
		"of wrong types": `{"msgid":5,"id":"three"}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			conn, server := connect(t)
			server.write(sent)
			server.end()

			_, reply, err := conn.Next()

			if err == nil || err == io.EOF {
				t.Errorf("Next = %#v, %v; want an error", reply, err)
			}
		})
	}
}

// far is the other end of a Conn.
type far struct {
	t    *testing.T
	conn *net.TCPConn
}

func connect(t *testing.T) (*Conn, far) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := Dial(t.Context(), l.Addr().String(), wire.V2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close() })
	return conn, far{t, accepted.(*net.TCPConn)}
}

func (f far) write(text string) {
	f.t.Helper()
	if _, err := f.conn.Write([]byte(text)); err != nil {
		f.t.Fatal(err)
	}
}

func (f far) end() { f.conn.CloseWrite() }
