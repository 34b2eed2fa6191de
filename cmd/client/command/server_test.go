package command

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"chatserver/cmd/client/home"
	"chatserver/net/wire"
)

// server is a v2 server of the account ann [1]. A test says what it answers.
type server struct {
	t      *testing.T
	mu     sync.Mutex                      // of what connections use
	down   bool                            // nobody listens
	mute   bool                            // logins break the connection
	token  string                          // that it takes at the next login
	answer func(r wire.Request) wire.Reply // nil: the connection breaks instead
	heard  []wire.Request                  // but for logins
	folder string                          // of this computer
}

func newServer(t *testing.T) *server {
	s := &server{t: t, token: "t1", folder: t.TempDir()}
	t.Setenv("XDG_STATE_HOME", filepath.Join(s.folder, "state"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(s.folder, "config"))
	return s
}

// knows has ann logged in on this computer.
func (s *server) knows() *server {
	s.t.Helper()
	if _, err := s.home().Keep(s.t.Context(), 1, "ann", s.token); err != nil {
		s.t.Fatal(err)
	}
	return s
}

func (s *server) home() home.Home {
	root, err := home.Folder()
	if err != nil {
		s.t.Fatal(err)
	}
	return home.Of(root, []string{"127.0.0.1:6000"})
}

func (s *server) dial(ctx context.Context, addr string) (net.Conn, error) {
	if s.down {
		return nil, errors.New("connection refused")
	}
	client, conn := net.Pipe()
	go s.serve(conn)
	return client, nil
}

// serve answers what comes over one connection.
func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	for in := wire.NewReader(conn, wire.MaxObject); ; {
		object, err := in.Next()
		if err != nil {
			return
		}
		re, request, fault := wire.Decode(object, wire.V2)
		if fault != nil {
			s.t.Errorf("the client sent %s: %v", object, fault)
			return
		}
		reply := s.reply(request)
		if reply == nil {
			return
		}
		var out []byte
		if refused, ok := reply.(wire.Refused); ok {
			out = wire.AppendRefusal(nil, re, &refused.Fault)
		} else {
			out = wire.AppendReply(nil, re, reply)
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}

func (s *server) reply(r wire.Request) wire.Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	login, ok := r.(wire.Login)
	if !ok {
		s.heard = append(s.heard, r)
		return s.answer(r)
	}
	if s.mute {
		return nil
	}
	if login.Token != s.token && login.Password != "secret" {
		return refuse(wire.Denied, "id or password is invalid!")
	}
	s.token += "'"
	return wire.Welcome{ID: 1, Name: "ann", Token: s.token, Epoch: "e",
		Friends: []wire.Peer{{ID: 2, Name: "bob"}},
		Groups:  []wire.Membership{{ID: 7, Name: "gophers", Role: "normal", Join: "open", Members: 2}},
		Convs:   []wire.ConvState{{Conv: wire.WithUser(2), Head: 9, Read: 4}, {Conv: wire.InGroup(7), Head: 3, Since: 3}},
	}
}

func refuse(e wire.Errno, text string) wire.Refused {
	return wire.Refused{Fault: wire.Fault{Errno: e, Text: text}}
}

// ran is what became of a command.
type ran struct {
	t            *testing.T
	code         int
	stdout, said string
}

// run runs a command. stdin is no terminal.
func (s *server) run(stdin string, args ...string) ran {
	s.t.Helper()
	var out, errs strings.Builder
	code := Run(context.Background(), args, World{In: strings.NewReader(stdin), Out: &out, Err: &errs, Dial: s.dial})
	return ran{s.t, code, out.String(), errs.String()}
}

// wants checks the exit code, all of standard output, and that a part of what was said besides is there.
func (r ran) wants(code int, stdout, said string) {
	r.t.Helper()
	if r.code != code || r.stdout != stdout || !strings.Contains(r.said, said) || said == "" && r.said != "" {
		r.t.Errorf("exit %d, printed %q, said %q; want %d, %q, %q", r.code, r.stdout, r.said, code, stdout, said)
	}
}

// at is when messages are stored.
var at = time.UnixMilli(1767348672000)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
