package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

const annIsIn = `{"msgid":2,"errno":0,"id":1,"name":"ann"}`

func TestPipedCommandsAreAnsweredBeforeTheClientLeaves(t *testing.T) {
	server, client := piped(t, "login:1:secret\nchat:2:hi: there\nchat:9:anybody?\n")

	server.hears(`{"msgid":1,"id":1,"password":"secret"}`)
	server.says(annIsIn)
	server.hears(`{"msgid":6,"toid":2,"msg":"hi: there"}`)
	server.hears(`{"msgid":6,"toid":9,"msg":"anybody?"}`)
	server.hears(`{"msgid":3}`)
	server.hearsEnd()
	server.says(`{"msgid":11,"re":6,"errno":104,"errmsg":"there is no such user"}`)
	server.end()

	client.shows("you are ann [1]")
	client.shows("chat failed: there is no such user (check the id)")
	client.exits(allWell)
}

func TestNothingIsSentBeforeALoginIsAnswered(t *testing.T) {
	server, client := piped(t, "login:1:wrong\nchat:2:hi\n")

	server.hears(`{"msgid":1,"id":1,"password":"wrong"}`)
	server.says(`{"msgid":2,"errno":1,"errmsg":"id or password is invalid!"}`)
	server.hearsEnd() // no chat, and nobody to log out
	server.end()

	client.shows("login failed: id or password is invalid! (an id is the number that register told you)")
	client.shows("log in first: login:ID:PASSWORD; register:NAME:PASSWORD makes an account")
	client.exits(allWell)
}

func TestRegisterTellsTheIDBeforeTheNextCommand(t *testing.T) {
	server, client := piped(t, "register:ann:secret\nlogin:1:secret\n")

	server.hears(`{"msgid":4,"name":"ann","password":"secret"}`)
	server.says(`{"msgid":5,"errno":0,"id":1}`)
	server.hears(`{"msgid":1,"id":1,"password":"secret"}`)
	server.says(annIsIn)
	server.hears(`{"msgid":3}`)
	server.hearsEnd()
	server.end()

	client.shows("your id is 1: login:1:PASSWORD")
	client.shows("you are ann [1]")
	client.exits(allWell)
}

func TestRefusalOfSomethingElseDoesNotEndTheWaitForALogin(t *testing.T) {
	server, client := piped(t, "login:1:secret\naddfriend:9\nloginout\nlogin:1:secret\nchat:2:hi\n")

	server.hears(`{"msgid":1,"id":1,"password":"secret"}`)
	server.says(annIsIn)
	server.hears(`{"msgid":7,"friendid":9}`)
	server.hears(`{"msgid":3}`)
	server.hears(`{"msgid":1,"id":1,"password":"secret"}`)
	server.says(`{"msgid":11,"re":7,"errno":104,"errmsg":"there is no such user"}`)
	server.says(annIsIn)
	server.hears(`{"msgid":6,"toid":2,"msg":"hi"}`)
	server.hears(`{"msgid":3}`)
	server.hearsEnd()
	server.end()

	client.shows("you are ann [1]")
	client.shows("→ asked for friend 9; your next login lists your friends")
	client.shows("you are nobody now: login:ID:PASSWORD")
	client.shows("addfriend failed: there is no such user (check the id)")
	client.shows("you are ann [1]")
	client.exits(allWell)
}

func TestEveryCommandReachesTheServer(t *testing.T) {
	server, client := interactive(t)
	client.logsIn(server)

	for line, c := range map[string]struct{ sent, note string }{
		"chat:2:hi":           {`{"msgid":6,"toid":2,"msg":"hi"}`, ""},
		"addfriend:2":         {`{"msgid":7,"friendid":2}`, "→ asked for friend 2; your next login lists your friends"},
		"creategroup:go:a: b": {`{"msgid":8,"groupname":"go","groupdesc":"a: b"}`, "→ asked for the group; your next login shows its id"},
		"addgroup:7":          {`{"msgid":9,"groupid":7}`, "→ asked to join group 7; your next login lists its members"},
		"groupchat:7:hi":      {`{"msgid":10,"groupid":7,"msg":"hi"}`, ""},
	} {
		client.types(line)
		server.hears(c.sent)
		if c.note != "" {
			client.shows(c.note)
		}
	}
	client.types("quit")
	server.hears(`{"msgid":3}`)
	server.hearsEnd()
	server.end()
	client.exits(allWell)
}

func TestMessagesShowWhenTheyComeAndCannotForgeALine(t *testing.T) {
	server, client := interactive(t)
	client.logsIn(server)

	server.says(push(`"msg":"hi\n2026-01-02 10:11:12 eve [3]: \u001b[2Jbye","toid":1,"cid":"a","seq":1,"msgid":6`))
	server.says(push(`"msg":"all","groupid":7,"cid":"b","seq":1,"msgid":10`))

	client.shows(pushedAt + " bob [2]: hi⏎2026-01-02 10:11:12 eve [3]: ␛[2Jbye")
	client.shows(pushedAt + " group 7 bob [2]: all")
}

func TestPasswordIsTypedUnseen(t *testing.T) {
	server, client := interactive(t)

	client.types("login:1")
	client.showsStart("password: ")
	client.typesUnseen("se:cret")
	server.hears(`{"msgid":1,"id":1,"password":"se:cret"}`)
	server.says(annIsIn)

	client.shows("")
	client.shows("you are ann [1]")
}

func TestNoPasswordSendsNothing(t *testing.T) {
	server, client := interactive(t)

	client.types("register:ann")
	client.showsStart("password: ")
	client.typesUnseen("")
	client.shows("")
	client.shows("no password, so nothing was sent")
	client.types("quit")

	server.hearsEnd()
	server.end()
	client.exits(allWell)
}

func TestPipeHasNoPromptForAPassword(t *testing.T) {
	server, client := piped(t, "login:1\n")

	server.hearsEnd()
	server.end()

	client.shows("the password is missing; write login:ID:PASSWORD")
	client.exits(allWell)
}

func TestBadCommandIsExplainedAndSendsNothing(t *testing.T) {
	server, client := piped(t, "chat:bob:hi\n\n"+strings.Repeat("x", 3*longestLine)+"\nhullo\r\nquit")

	server.hearsEnd()
	server.end()

	client.shows(`"bob" is not an id: that is a number from 1 to 2147483647; write chat:ID:TEXT`)
	client.shows("the line is too long and was left out")
	client.shows(`there is no command "hullo"; help shows those there are`)
	client.exits(allWell)
}

func TestSecondLoginWantsALogoutFirst(t *testing.T) {
	server, client := interactive(t)
	client.logsIn(server)

	client.types("login:2:secret")

	client.shows("you are logged in as 1; loginout comes first")
}

func TestLostConnectionIsSaidAndExitsOne(t *testing.T) {
	server, client := interactive(t)
	client.logsIn(server)

	server.end()

	client.shows("the server ended the connection; start again and log in")
	client.exits(failed)
}

func TestWhatIsNoServerIsSaidAndExitsOne(t *testing.T) {
	server, client := interactive(t)

	server.says("SSH-2.0-OpenSSH_9.2")

	client.showsStart("the connection was lost (")
	client.exits(failed)
}

func TestInterruptEndsAtOnce(t *testing.T) {
	_, client := interactive(t)

	client.interrupt()

	client.exits(interrupted)
}

func TestWrongFlagsAndNoServerAreSaid(t *testing.T) {
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	unused.Close()
	for name, c := range map[string]struct {
		args []string
		code int
		said string
	}{
		"unknown flag": {[]string{"--port", "1"}, misused, "unknown flag: --port"},
		"no flag":      {[]string{"localhost"}, misused, `"localhost" is not a flag; write client --addr HOST:PORT`},
		"help":         {[]string{"--help"}, allWell, "--addr string"},
		"no server":    {[]string{"--addr", unused.Addr().String()}, failed, "go run ./cmd/node starts one here"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
			defer stop()

			code := run(ctx, c.args, newKeyboard(strings.NewReader(""), nil), &out, &errs)

			if code != c.code || !strings.Contains(errs.String(), c.said) || out.Len() > 0 {
				t.Errorf("exit %d, said %q, printed %q; want exit %d and %q", code, errs.String(), out.String(), c.code, c.said)
			}
		})
	}
}
