package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// soon is how long a test waits for what must come; only one that fails waits so long.
const soon = 10 * time.Second

// stamp is when pushes were stored, and pushedAt how that is shown.
const stamp = 1767348672000

var pushedAt = time.UnixMilli(stamp).Format(time.DateTime)

// push is a message from bob with some fields added.
func push(fields string) string {
	return `{"id":2,"name":"bob","time":"2026-01-02 10:11:12","ts":` + strconv.Itoa(stamp) + `,` + fields + `}`
}

// fakeServer is a server that says and hears what a test tells it.
type fakeServer struct {
	t    *testing.T
	conn *net.TCPConn
	in   *bufio.Reader
}

func (s *fakeServer) says(object string) {
	s.t.Helper()
	if _, err := io.WriteString(s.conn, object+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *fakeServer) hears(want string) {
	s.t.Helper()
	got, err := s.in.ReadString('\n')
	if err != nil || strings.TrimSuffix(got, "\n") != want {
		s.t.Fatalf("the server heard %q, %v; want %q", got, err, want)
	}
}

func (s *fakeServer) hearsEnd() {
	s.t.Helper()
	if got, err := s.in.ReadString('\n'); got != "" || err != io.EOF {
		s.t.Fatalf("the server heard %q, %v; want the end", got, err)
	}
}

func (s *fakeServer) end() { s.conn.Close() }

// fakeTerminal is a person at a running client.
type fakeTerminal struct {
	t         *testing.T
	keys      io.Writer
	unseen    chan string
	prints    chan string // each write of the client
	interrupt context.CancelFunc
	exit      chan int
}

// piped runs a client that is fed from a pipe.
func piped(t *testing.T, input string) (*fakeServer, *fakeTerminal) {
	return start(t, &fakeTerminal{t: t}, func(*fakeTerminal) *keyboard {
		return newKeyboard(strings.NewReader(input), nil)
	})
}

// interactive runs a client with a person in front of it.
func interactive(t *testing.T) (*fakeServer, *fakeTerminal) {
	return start(t, &fakeTerminal{t: t, unseen: make(chan string, 1)}, func(f *fakeTerminal) *keyboard {
		in, keys := io.Pipe()
		f.keys = keys
		t.Cleanup(func() { keys.Close() })
		return newKeyboard(in, func() (string, error) { return <-f.unseen, nil })
	})
}

func start(t *testing.T, f *fakeTerminal, keys func(*fakeTerminal) *keyboard) (*fakeServer, *fakeTerminal) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, interrupt := context.WithCancel(context.Background())
	f.prints, f.exit, f.interrupt = make(chan string, 100), make(chan int, 1), interrupt
	k := keys(f)
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.exit <- run(ctx, []string{"--addr", l.Addr().String()}, k, f, f)
	}()
	t.Cleanup(func() {
		interrupt()
		<-done
	})
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(soon))
	t.Cleanup(func() { conn.Close() })
	f.showsStart("connected to 127.0.0.1:")
	return &fakeServer{t, conn.(*net.TCPConn), bufio.NewReader(conn)}, f
}

// Write is the client's screen.
func (f *fakeTerminal) Write(text []byte) (int, error) {
	f.prints <- string(text)
	return len(text), nil
}

func (f *fakeTerminal) types(line string) { io.WriteString(f.keys, line+"\n") }

func (f *fakeTerminal) typesUnseen(line string) { f.unseen <- line }

func (f *fakeTerminal) logsIn(server *fakeServer) {
	f.t.Helper()
	f.types("login:1:secret")
	server.hears(`{"msgid":1,"id":1,"password":"secret"}`)
	server.says(annIsIn)
	f.shows("you are ann [1]")
}

// shows requires that the next print is one whole line, or one whole block of lines.
func (f *fakeTerminal) shows(want string) {
	f.t.Helper()
	if got := f.next(); got != want+"\n" {
		f.t.Fatalf("the client printed %q, want %q", got, want+"\n")
	}
}

func (f *fakeTerminal) showsStart(want string) {
	f.t.Helper()
	if got := f.next(); !strings.HasPrefix(got, want) {
		f.t.Fatalf("the client printed %q, want %q", got, want)
	}
}

func (f *fakeTerminal) next() string {
	f.t.Helper()
	select {
	case text := <-f.prints:
		return text
	case <-time.After(soon):
		f.t.Fatal("the client prints nothing")
		return ""
	}
}

// exits requires that the client ends with code and has printed nothing more.
func (f *fakeTerminal) exits(code int) {
	f.t.Helper()
	select {
	case got := <-f.exit:
		if got != code {
			f.t.Errorf("the client exits with %d, want %d", got, code)
		}
	case <-time.After(soon):
		f.t.Fatal("the client does not end")
	}
	if len(f.prints) > 0 {
		f.t.Errorf("the client printed %q as well", <-f.prints)
	}
}
