package client

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

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
		t.Errorf("second: %#v, %v", second, err2)
	}
	if end != io.EOF {
		t.Errorf("end: %v, want io.EOF", end)
	}
}

func TestFinishEndsTheSendingSideOnly(t *testing.T) {
	conn, server := connect(t)

	errs := errors.Join(
		conn.Send("", wire.OneChat{To: 2, Msg: "hi"}),
		conn.Finish(10*time.Second),
	)
	heard := server.readAll()
	server.write(`{"msgid":5,"errno":0,"id":3}` + "\n")
	_, reply, err := conn.Next()

	if errs != nil {
		t.Fatal(errs)
	}
	if heard != `{"msgid":6,"toid":2,"msg":"hi"}`+"\n" {
		t.Errorf("the server heard %q", heard)
	}
	if reply != (wire.RegAck{ID: 3}) || err != nil {
		t.Errorf("after Finish: %#v, %v", reply, err)
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
	conn, err := Dial(t.Context(), l.Addr().String(), wire.Classic)
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

func (f far) readAll() string {
	f.t.Helper()
	text, err := io.ReadAll(f.conn)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}
