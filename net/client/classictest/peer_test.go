package classictest

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
)

func TestPeerTakesOneObjectARead(t *testing.T) {
	whole := `{"msgid":11,"re":6,"errno":104,"errmsg":"no such user"}`
	for name, c := range map[string]struct{ sent, complaint string }{
		"an object and its LF": {whole + "\n", ""},
		"white space after":    {whole + " \r\n", ""},
		"two joined":           {whole + "\n" + whole + "\n", "one read is one object"},
		"cut off":              {whole[:20], "one read is one object"},
		"a NUL after":          {whole + "\x00", "one read is one object"},
		"as long as can be":    {whole + strings.Repeat(" ", 1023-len(whole)), ""},
		"longer":               {whole + strings.Repeat(" ", 1024-len(whole)), "has room for 1023"},
		"the wrong object":     {`{"msgid":5,"errno":0,"id":1}`, "want msgid 11"},
		"no sentence":          {`{"msgid":11,"errno":104}`, "and an errmsg"},
		"nothing":              {"", "the connection ended"},
	} {
		t.Run(name, func(t *testing.T) {
			test := &complaints{TB: t}
			peer := Dial(test, serve(t, c.sent))

			test.run(func() { peer.WantAck(104) })

			if (test.said == "") != (c.complaint == "") || !strings.Contains(test.said, c.complaint) {
				t.Errorf("it complained %q, want %q", test.said, c.complaint)
			}
		})
	}
}

func TestPeerUnpacksTheListsOfALogin(t *testing.T) {
	peer := Dial(t, serve(t, `{"msgid":2,"errno":0,"id":1,"name":"ann",`+
		`"offlinemsg":["{\"msgid\":10,\"id\":2,\"name\":\"bob\",\"groupid\":7,\"msg\":\"a \\\"b\\\"\",\"time\":\"2026-01-02 10:11:12\"}"],`+
		`"friends":["{\"id\":2,\"name\":\"bob\",\"state\":\"online\"}"],`+
		`"groups":["{\"id\":7,\"groupname\":\"g\",\"groupdesc\":\"d\",\"users\":[\"{\\\"id\\\":1,\\\"name\\\":\\\"ann\\\",\\\"state\\\":\\\"online\\\",\\\"role\\\":\\\"creator\\\"}\"]}"]}`))

	ack := peer.Login(1, "secret")

	want := LoginAck{
		Reply:   Reply{MsgID: 2, ID: 1},
		Name:    "ann",
		Offline: []Push{{MsgID: 10, From: 2, Name: "bob", Group: 7, Msg: `a "b"`, Time: "2026-01-02 10:11:12"}},
		Friends: []Person{{ID: 2, Name: "bob", State: "online"}},
		Groups:  []Group{{ID: 7, Name: "g", Desc: "d", Users: []Person{{ID: 1, Name: "ann", State: "online", Role: "creator"}}}},
	}
	if got := fmt.Sprintf("%+v", ack); got != fmt.Sprintf("%+v", want) {
		t.Errorf("read %s, want %+v", got, want)
	}
}

// serve accepts one connection, writes text to it at once and ends it.
func serve(t *testing.T, text string) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		conn.Write([]byte(text))
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()
	}()
	return l.Addr().String()
}

// complaints is a test that remembers why it was ended, and lives on.
type complaints struct {
	testing.TB
	said string
}

func (c *complaints) Fatalf(format string, args ...any) {
	c.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// run does f until it ends or complains.
func (c *complaints) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}
