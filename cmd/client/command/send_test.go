package command

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

const storedAs5 = `{"conv":"u:2","seq":5,"ts":1767348672000,"cid":"x"}` + "\n"

// sends are the requests that send bob a text by the cid x, and lookups for his id.
func toBob(text, cid string) wire.Request { return wire.OneChat{To: 2, Msg: text, CID: cid} }

// answers are a server's, one after another.
func (s *server) answers(replies ...wire.Reply) *server {
	s.answer = func(wire.Request) wire.Reply {
		if len(replies) == 0 {
			s.t.Error("the client asked once more")
			return nil
		}
		next := replies[0]
		replies = replies[1:]
		return next
	}
	return s
}

func (s *server) wantHeard(want ...wire.Request) {
	s.t.Helper()
	if !slices.Equal(s.heard, want) {
		s.t.Errorf("the server heard %+v, want %+v", s.heard, want)
	}
}

var stored = wire.Stored{Seq: 5, At: at}

func TestSendPrintsWhereTheMessageIsStored(t *testing.T) {
	s := newServer(t).knows().answers(wire.Found{User: wire.Peer{ID: 2, Name: "bob"}}, stored)

	s.run("", "send", "@bob", "hi", "there").wants(allWell, "stored u:2 5\n", "")

	if sent, ok := s.heard[1].(wire.OneChat); !ok || sent.To != 2 || sent.Msg != "hi there" || len(sent.CID) != 36 {
		t.Errorf("the server heard %+v", s.heard)
	}
}

func TestSentAgainByItsCIDAMessageIsShownWhereItWas(t *testing.T) {
	s := newServer(t).knows().answers(wire.Stored{Seq: 5, At: at, Dup: true})

	s.run("", "send", "u:2", "hi", "--cid", "x", "--json").
		wants(allWell, strings.Replace(storedAs5, "}", `,"dup":true}`, 1), "")

	s.wantHeard(toBob("hi", "x"))
}

func TestSendGoesOnUntilTheServerHasAnswered(t *testing.T) {
	for name, first := range map[string]wire.Reply{
		"a broken connection": nil,
		"a server in a hurry": wire.Refused{Fault: wire.Fault{Errno: wire.SlowDown, Retry: time.Second}},
		"a store that is off": wire.Refused{Fault: wire.Fault{Errno: wire.Unavailable, Retry: time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t).knows().answers(first, stored)
			synctest.Test(t, func(t *testing.T) {
				s.run("", "send", "u:2", "hi", "--cid", "x", "--json").wants(allWell, storedAs5, "")
			})
			s.wantHeard(toBob("hi", "x"), toBob("hi", "x"))
		})
	}
}

func TestSendSaysWhatIsKnownWhenItsTimeIsOver(t *testing.T) {
	answers := func(r wire.Reply) func(*server) {
		return func(s *server) { s.answer = func(wire.Request) wire.Reply { return r } }
	}
	for name, c := range map[string]struct {
		server func(*server)
		code   int
		said   string
	}{
		"nobody was there":        {func(s *server) { s.down = true }, failed, "the message was not sent: there is no server at 127.0.0.1:6000 (connection refused): "},
		"nobody said welcome":     {func(s *server) { s.mute = true }, failed, "the message was not sent: the server did not answer the login"},
		"it was not taken":        {answers(refuse(wire.SlowDown, "slow down")), refused, "the message was not sent: slow down"},
		"it may have been stored": {answers(nil), unknown, "send it again with --cid x, which stores it once"},
		"the store is away":       {answers(refuse(wire.Unavailable, "later")), unknown, "it is not known whether the message was stored (later)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t).knows()
			c.server(s)
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				s.run("", "send", "u:2", "hi", "--cid", "x", "--timeout", "5s").wants(c.code, "", c.said)
				if took := time.Since(began); took != 5*time.Second {
					t.Errorf("it took %v, want --timeout", took)
				}
			})
		})
	}
}

func TestEachLineIsAMessageWithACIDOfItsOwn(t *testing.T) {
	s := newServer(t).knows().answers(stored, stored)

	s.run("one\r\n\nthree", "send", "g:7", "--lines", "--cid", "x").
		wants(allWell, "stored g:7 5\nstored g:7 5\n", "")

	s.wantHeard(wire.GroupChat{Group: 7, Msg: "one", CID: "x-1"}, wire.GroupChat{Group: 7, Msg: "three", CID: "x-3"})
}

func TestALineThatFailsEndsTheSendingAndIsNamed(t *testing.T) {
	s := newServer(t).knows().answers(stored, refuse(wire.Forbidden, "you are blocked"))

	s.run("one\ntwo\nthree", "send", "u:2", "--lines").wants(refused, "stored u:2 5\n", "line 2: you are blocked")
}

func TestPipedTextIsOneMessageWithoutItsLastLineEnd(t *testing.T) {
	s := newServer(t).knows().answers(stored)

	s.run("one\ntwo\n", "send", "#gophers", "--cid", "x").wants(allWell, "stored g:7 5\n", "")

	s.wantHeard(wire.GroupChat{Group: 7, Msg: "one\ntwo", CID: "x"})
}

func TestWhatNoServerTakesIsNotSent(t *testing.T) {
	long := strings.Repeat("x", wire.MaxMsg+1)
	for name, c := range map[string]struct {
		stdin string
		args  []string
		said  string
	}{
		"nothing":                {"\n", nil, "there is nothing to send"},
		"too much":               {long, nil, "longer than 8192 bytes"},
		"too much in a line":     {long + "\n", []string{"--lines"}, "longer than 8192 bytes"},
		"no UTF-8":               {"\xff", nil, "not UTF-8"},
		"lines and text at once": {"", []string{"hi", "--lines"}, "leave it out"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t).knows().answers()
			s.run(c.stdin, append([]string{"send", "u:2"}, c.args...)...).wants(misused, "", c.said)
		})
	}
}

func TestSendToNobodyIsRefused(t *testing.T) {
	newServer(t).knows().answers(refuse(wire.NotFound, "no such user")).
		run("", "send", "@nobody", "hi").wants(refused, "", `nobody is called "nobody"`)
	newServer(t).knows().answers().
		run("", "send", "#nothing", "hi").wants(refused, "", `you are in no group called "nothing"`)
}
