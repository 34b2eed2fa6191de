package command

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"chatserver/net/wire"
)

// ann is how an account that logged in is shown.
const ann = "ID  NAME\n1   ann   (last)\n"

func TestRegisterMakesAnAccountAndLogsIn(t *testing.T) {
	t.Setenv("CHAT_PASSWORD", "secret")
	s := newServer(t).answers(wire.RegAck{ID: 1}, wire.FriendList{})

	s.run("", "register", "ann").wants(allWell, ann, "")

	s.wantHeard(wire.Reg{V: wire.V2, Name: "ann", Password: "secret"})
	s.run("", "friends").wants(allWell, "ID  NAME  STATE\n", "")
}

func TestRegisterWithANameThatIsTakenIsRefused(t *testing.T) {
	t.Setenv("CHAT_PASSWORD", "secret")

	newServer(t).answers(refuse(wire.Denied, "name taken")).run("", "register", "ann").wants(refused, "", "name taken")
}

func TestPasswordComesFromAFileOrStandardInputOrTheEnvironment(t *testing.T) {
	s := newServer(t).answers()
	file := filepath.Join(s.folder, "password")
	write(t, file, "secret\n")

	s.run("", "login", "ann", "--password-file", file).wants(allWell, ann, "")
	s.run("secret\r\nmore", "login", "1", "--password-file", "-").wants(allWell, ann, "")
	t.Setenv("CHAT_PASSWORD", "secret")
	s.run("", "login", "ann", "--json").wants(allWell, `{"id":1,"name":"ann","last":true}`+"\n", "")

	s.run("\n", "login", "ann", "--password-file", "-").wants(misused, "", "--password-file: the first line of - is empty")
	s.run("", "login", "ann", "--password-file", file+"x").wants(misused, "", "--password-file: open ")
}

func TestWrongPasswordIsAFailedLogin(t *testing.T) {
	t.Setenv("CHAT_PASSWORD", "wrong")

	newServer(t).answers().run("", "login", "ann").
		wants(unauthorised, "", "id or password is invalid! (check the name or the id, and the password; ")
}

func TestPasswordIsAskedForAndANewOneTwice(t *testing.T) {
	for name, c := range map[string]struct {
		types string
		code  int
		said  string
	}{
		"the same twice": {"secret secret", allWell, "password: \nthe same again: \n"},
		"two passwords":  {"secret secre", misused, "password: \nthe same again: \nthese are two different passwords: nothing was done\n"},
		"none":           {"", misused, "password: \nno password, so nothing was done\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t).answers(wire.RegAck{ID: 1})
			types := strings.Fields(c.types)
			var out, errs strings.Builder
			w := World{In: strings.NewReader(""), Out: &out, Err: &errs, Dial: s.dial, Unseen: func() (string, error) {
				if len(types) == 0 {
					return "", io.EOF
				}
				next := types[0]
				types = types[1:]
				return next, nil
			}}

			code := Run(context.Background(), []string{"register", "ann"}, w)

			if code != c.code || errs.String() != c.said {
				t.Errorf("exit %d, said %q; want %d, %q", code, errs.String(), c.code, c.said)
			}
		})
	}
}

func TestInterruptedAtAPromptACommandEnds(t *testing.T) {
	s := newServer(t).answers()
	ctx, interrupt := context.WithCancel(t.Context())
	var errs strings.Builder
	w := World{In: strings.NewReader(""), Out: io.Discard, Err: &errs, Dial: s.dial, Unseen: func() (string, error) {
		interrupt()
		select {} // a person who types nothing
	}}

	code := Run(ctx, []string{"login", "ann"}, w)

	if code != interrupted || errs.String() != "password: \ninterrupted\n" {
		t.Errorf("exit %d, said %q", code, errs.String())
	}
}

func TestLogoutRevokesTheTokenOfThisComputerAndForgetsIt(t *testing.T) {
	s := newServer(t).knows()
	device, err := s.home().Device()
	if err != nil {
		t.Fatal(err)
	}
	s.answers(wire.TokenList{Tokens: []wire.Token{{ID: 3, Device: "another"}, {ID: 4, Device: device}}}, wire.Done{})

	s.run("", "logout").wants(allWell, "", "")

	s.wantHeard(wire.Tokens{}, wire.Revoke{Token: 4})
	s.run("", "accounts").wants(allWell, "ID  NAME\n", "")
	s.run("", "friends").wants(unauthorised, "", "client login NAME logs in")
}

func TestLogoutWithoutAServerForgetsOnlyWhenItIsTold(t *testing.T) {
	s := newServer(t).knows()
	s.down = true

	s.run("", "logout").wants(failed, "", "client logout --local only forgets the login here")
	s.run("", "accounts").wants(allWell, ann, "")
	s.run("", "logout", "--local").wants(allWell, "", "")
	s.run("", "accounts").wants(allWell, "ID  NAME\n", "")
}

func TestPasswdTellsTheOldPasswordAndTheNewOne(t *testing.T) {
	t.Setenv("CHAT_PASSWORD", "secret")
	t.Setenv("CHAT_NEW_PASSWORD", "apple-pie")
	s := newServer(t).knows().answers(wire.Done{})

	s.run("", "passwd").wants(allWell, "", "")

	s.wantHeard(wire.Passwd{Password: "secret", New: "apple-pie"})
}

func TestClosedAccountIsForgotten(t *testing.T) {
	t.Setenv("CHAT_PASSWORD", "secret")
	s := newServer(t).knows().answers(wire.Done{})

	s.run("", "close-account").wants(allWell, "", "")

	s.wantHeard(wire.CloseAccount{Password: "secret"})
	s.run("", "accounts").wants(allWell, "ID  NAME\n", "")
}
