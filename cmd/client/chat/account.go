package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chatserver/net/client"
	"chatserver/net/wire"
)

func (s *shell) register(rest string) error {
	name, password, _ := strings.Cut(rest, " ")
	return s.signUp(name, strings.TrimSpace(password), func(id int64, password string) {
		s.say(fmt.Sprintf("your id is %d", id))
		s.start(client.Credentials{ID: id, Password: password})
	})
}

// signUp makes an account. next gets its id.
func (s *shell) signUp(name, password string, next func(id int64, password string)) error {
	switch {
	case name == "":
		return errors.New("a name is missing")
	case s.session != nil:
		s.say(s.taken())
		return nil
	case password != "":
		s.enrol(name, password, next)
		return nil
	}
	return s.unseen("password for "+Clean(name), func(first string) {
		s.unseen("the same password again", func(second string) {
			if first != second {
				s.say("these were two different passwords, so nothing was sent")
				return
			}
			s.enrol(name, first, next)
		})
	})
}

func (s *shell) enrol(name, password string, next func(id int64, password string)) {
	do(s, false, func(ctx context.Context, _ session) (int64, error) {
		ctx, stop := context.WithTimeout(ctx, answering)
		defer stop()
		return s.world.register(ctx, name, password)
	}, func(id int64, err error) {
		switch fault := (*wire.Fault)(nil); {
		case errors.As(err, &fault):
			s.say(refusal("register", *fault))
		case errors.Is(err, client.ErrUnknown):
			s.say(sentence("register", err))
		case err != nil:
			s.failed = true
			s.say(noServer(err))
		default:
			next(id, password)
		}
	})
}

func (s *shell) login(rest string) error {
	who, password, _ := strings.Cut(rest, " ")
	return s.signIn(who, strings.TrimSpace(password))
}

// signIn logs in by name or id.
func (s *shell) signIn(who, password string) error {
	as := client.Credentials{Name: strings.TrimPrefix(who, "@")}
	if id, err := number(who, wire.MaxID); err == nil {
		as = client.Credentials{ID: id}
	}
	switch {
	case who == "":
		return errors.New("a name or an id is missing")
	case s.session != nil:
		s.say(s.taken())
		return nil
	case password != "":
		as.Password = password
		s.start(as)
		return nil
	}
	return s.unseen("password of "+Clean(who), func(password string) {
		as.Password = password
		s.start(as)
	})
}

// unseen asks for a password.
func (s *shell) unseen(prompt string, then func(password string)) error {
	if !s.asks {
		return errors.New("the password is missing, and there is nobody to ask for it")
	}
	s.secret = &secret{prompt, then}
	return nil
}

// answer takes the password that was asked for.
func (s *shell) answer(password string) {
	asked := s.secret
	s.secret = nil
	if password == "" {
		s.say("no password, so nothing was sent")
		return
	}
	asked.then(password)
}

// start opens a session. The zero Credentials log in by the token that is kept.
func (s *shell) start(as client.Credentials) {
	s.tasks = append(s.tasks, task{run: func(ctx context.Context) func() {
		in, err := s.world.open(ctx, as)
		return func() { s.started(in, err) }
	}})
}

// started takes the session that was opened. One that came first stays.
func (s *shell) started(in session, err error) {
	switch {
	case errors.Is(err, ErrNoServer):
		s.failed = true
		s.say(Clean(err.Error()))
	case err != nil:
		s.say(sentence("login", err))
	case s.session != nil:
		in.Close()
		s.say(s.taken())
	default:
		s.begin(in)
	}
}

// logout ends the session: at once, or where messages are on their way when they are stored.
func (s *shell) logout(string) error {
	switch {
	case s.session == nil:
		s.say("you are not logged in")
	case s.online && s.waiting() > 0:
		s.parting = true
	default:
		s.part()
	}
	return nil
}

// part logs out.
func (s *shell) part() {
	waits := s.waiting()
	s.behind += waits
	s.close()
	s.reset()
	s.say("you are nobody now: /login NAME")
	if waits > 0 {
		s.say(left(waits))
	}
}

// left says what becomes of messages that wait.
func left(waits int) string {
	return counted(waits, "message waits", "messages wait") + " and will be sent when you log in here again"
}

// resume logs in by the token that is kept.
func (s *shell) resume() { s.start(client.Credentials{}) }

// greeting is what a user finds: friends, groups, and how to go on.
func (s *shell) greeting() string {
	lines := []string{"you are " + who(s.me.Name, s.me.ID)}
	if friends := s.book.friends(); len(friends) > 0 {
		lines = append(lines, "friends:")
		for _, f := range friends {
			lines = append(lines, "  "+who(f.Name, f.ID)+" "+state(f.Online))
		}
	}
	if groups := s.book.memberships(); len(groups) > 0 {
		lines = append(lines, "groups:")
		for _, g := range groups {
			lines = append(lines, "  "+strings.TrimSpace(who(g.Name, g.ID)+" "+Clean(g.Desc)))
		}
	}
	return strings.Join(lines, "\n")
}

func (s *shell) taken() string {
	if s.me.ID == 0 {
		return "a login is under way; /logout ends it"
	}
	return "you are " + who(s.me.Name, s.me.ID) + "; /logout comes first"
}

// unopened says why a first connection did not come about.
func unopened(err error) string {
	if fault := (*wire.Fault)(nil); errors.As(err, &fault) {
		return refusal("login", *fault)
	}
	return noServer(err)
}

func noServer(err error) string {
	return "there is no server (" + Clean(err.Error()) + "); go run ./cmd/node starts one here"
}

// counted is a number with the word for one or for more.
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
