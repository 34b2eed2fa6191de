package chat

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

func TestPipedMessagesAreStoredBeforeTheClientLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:secret\nchat:2:hi: there\ngroupchat:7:hello\n")

		p.hears(client.Connecting{Addr: "127.0.0.1:6000"}, annsIn)
		p.prints("you are ann [1]", "friends:", "  bob [2] online", "  cid [3] offline", "groups:", "  go [7] talk about Go")
		p.hears(said(toBob, bob, 1, "one"), said(toBob, bob, 2, "two"), client.CaughtUp{})
		p.prints("while you were away:", "2026-01-02 12:01:00 bob [2]: one", "2026-01-02 12:02:00 bob [2]: two")
		p.hears(stored(f, 0, 3))
		p.prints()
		p.hears(stored(f, 1, 1))

		p.exits(allWell)
		p.prints()
	})
}

func TestClientWaitsForWhatItSentAndTellsWhenThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:secret\nchat:2:hi\n")
		p.hears(annsIn, client.CaughtUp{}, client.Offline{Err: errors.New("reset"), Retry: time.Second})
		start := time.Now()

		p.exits(unknown)

		if waited := time.Since(start); waited != patience {
			t.Errorf("it waited %v, want %v", waited, patience)
		}
		if got := p.print.String(); !strings.HasSuffix(got, "the server did not confirm 1 message within 30s; log in here again to send what waits\n") {
			t.Errorf("printed %q", got)
		}
	})
}

func TestLogoutWaitsForWhatWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:secret\nchat:2:hi\nloginout\nchat:2:nobody says this\n")
		p.hears(annsIn, client.CaughtUp{})
		synctest.Wait()
		p.print.Reset()

		p.hears(stored(f, 0, 1))

		p.exits(allWell)
		p.prints("you are nobody now: /login NAME", "log in first: /login NAME; /register NAME makes an account")
	})
}

func TestRefusedMessageIsToldAndDoesNotKeepTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:secret\nchat:2:hi\n")
		p.hears(annsIn, client.CaughtUp{})
		synctest.Wait()
		p.print.Reset()

		p.hears(client.Refused{Outgoing: f.sent[0], Fault: wire.Fault{Errno: wire.Forbidden, Text: "this user takes no messages from you"}})

		p.exits(allWell)
		p.prints("to bob: send failed: this user takes no messages from you")
	})
}

func TestNoServerIsToldAndExitsOne(t *testing.T) {
	refused := errors.New("connection refused")
	for name, c := range map[string]struct {
		script string
		hears  []client.Event
	}{
		"at a login":        {"login:1:secret\nchat:2:hi\n", []client.Event{client.Offline{Err: refused, Retry: time.Second}}},
		"at a registration": {"register:eve:secret\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := piped(t, &fakeSession{registered: refused}, c.script)
				p.hears(c.hears...)

				p.exits(failed)
				p.prints("there is no server (connection refused); go run ./cmd/node starts one here")
			})
		})
	}
}

func TestNothingIsSentBeforeALoginIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:wrong\nchat:2:hi\n")

		p.hears(client.Ended{Err: &wire.Fault{Errno: wire.Denied, Text: "id or password is invalid!"}})

		p.exits(allWell)
		p.prints("login failed: id or password is invalid! (an id is the number that register told you; your name does as well)",
			"log in first: /login NAME; /register NAME makes an account")
		if len(f.sent) > 0 {
			t.Errorf("%q was sent", f.sent)
		}
	})
}

func TestPasswordsAreAskedForUnseen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := attended(t, &fakeSession{})

		p.types("register:ann")
		p.unseen <- "se:cret"
		p.unseen <- "se:cret"
		p.prints("password for ann: ", "the same password again: ", "your id is 1: login:1:PASSWORD")
		p.types("login:1")
		p.unseen <- ""
		p.prints("password of 1: ", "no password, so nothing was sent")
		p.keys.Close()

		p.exits(allWell)
	})
}

func TestPersonsReadWhatIsPrintedAndScriptsDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := attended(t, f)
		p.types("login:1:secret")
		p.hears(annsIn, client.CaughtUp{}, said(toBob, bob, 1, "hi"))
		synctest.Wait()
		if f.told() != "u:2 1" {
			t.Errorf("read was told as %q, want u:2 1", f.told())
		}
		p.stop()
		p.exits(interrupted)
		p.keys.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:secret\n")
		p.hears(annsIn, said(toBob, bob, 1, "hi"), client.CaughtUp{})
		p.exits(allWell)
		if f.told() != "" {
			t.Errorf("a script told %q to be read", f.told())
		}
	})
}

func TestBadLinesAreExplainedAndSendNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := piped(t, &fakeSession{}, "chat:bob:hi\n\n"+strings.Repeat("x", 3*longestLine)+"\nhullo\r\n/hullo\nlogin:1\nquit")

		p.exits(allWell)

		p.prints(`"bob" is not an id: that is a number from 1 to 2147483647; write chat:ID:TEXT`,
			"the line is too long and was left out",
			`there is no command "hullo"; help shows those there are`,
			"there is no command /hullo; /help shows those there are, and //hullo sends it as a message",
			"the password is missing, and there is nobody to ask for it; write login:ID:PASSWORD")
	})
}

func TestALineWithAPasswordIsSentToNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSession{}
		p := piped(t, f, "login:1:secret\n/msg 2\nlogin:1:secret\nregister:dan:secret\n")

		p.hears(annsIn, client.CaughtUp{})
		p.exits(allWell)

		if len(f.sent) > 0 {
			t.Errorf("sent %+v", f.sent)
		}
	})
}

func TestMessagesCannotForgeALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := attended(t, &fakeSession{})
		p.types("login:1:secret")
		p.hears(annsIn, client.CaughtUp{})
		synctest.Wait()
		p.print.Reset()

		p.hears(said(inGo, bob, 1, "hi\n2026-01-02 12:02:00 cid [3]: \x1b[2Jbye"))

		p.prints("2026-01-02 12:01:00 group 7 bob [2]: hi⏎2026-01-02 12:02:00 cid [3]: ␛[2Jbye")
		p.keys.Close()
		p.exits(allWell)
	})
}

func TestScriptIsTheLastAccountUnlessItLogsIn(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		as     client.Credentials
	}{
		"it goes on":    {"chat:2:hi\n", client.Credentials{}},
		"it logs in":    {"login:1:secret\nchat:2:hi\n", client.Credentials{ID: 1, Password: "secret"}},
		"as the screen": {"/login ann secret\nchat:2:hi\n", client.Credentials{Name: "ann", Password: "secret"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fakeSession{events: make(chan client.Event)}
				p := &printer{t: t, session: f, exit: make(chan int, 1)}
				k := newKeyboard(strings.NewReader(c.script), nil)
				defer k.close()
				face := newPlain(f.world(), k, p)
				face.resumes = true
				go func() { p.exit <- face.run(t.Context()) }()

				p.hears(annsIn, client.CaughtUp{})
				synctest.Wait()
				p.hears(stored(f, 0, 1))

				p.exits(allWell)
				if f.as != c.as {
					t.Errorf("it logged in as %+v, want %+v", f.as, c.as)
				}
			})
		})
	}
}
