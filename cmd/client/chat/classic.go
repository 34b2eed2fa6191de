package chat

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"chatserver/net/wire"
)

// classics are the commands of the original's client, which take colons.
func classics() []command {
	return []command{
		{"help", "", "show all commands", (*shell).help},
		{"register", ":NAME:PASSWORD", "make an account", (*shell).classicRegister},
		{"login", ":ID:PASSWORD", "become a user", (*shell).classicLogin},
		{"chat", ":ID:TEXT", "write to a user", (*shell).classicChat},
		{"addfriend", ":ID", "put a user on your list", (*shell).classicAddFriend},
		{"creategroup", ":NAME:DESCRIPTION", "make a group", (*shell).classicCreateGroup},
		{"addgroup", ":ID", "join a group", (*shell).classicAddGroup},
		{"groupchat", ":ID:TEXT", "write to a group", (*shell).classicGroupChat},
		{"loginout", "", "stop being that user", (*shell).logout},
		{"quit", "", "leave", (*shell).quit},
	}
}

// classic does a line in the original's manner.
func (s *shell) classic(line string) {
	verb, rest, colon := strings.Cut(line, ":")
	for _, c := range classics() {
		if c.verb != strings.TrimSpace(verb) {
			continue
		}
		if err := c.run(s, rest); err != nil {
			s.say(fmt.Sprintf("%v; write %s%s", err, c.verb, c.args))
		}
		return
	}
	if colon || s.session == nil {
		s.say(fmt.Sprintf("there is no command %q; help shows those there are", Clean(strings.TrimSpace(verb))))
		return
	}
	s.send(s.current, line)
}

func (s *shell) classicRegister(rest string) error {
	name, password, _ := strings.Cut(rest, ":")
	return s.signUp(name, password, func(id int64, _ string) {
		s.say(fmt.Sprintf("your id is %d: login:%d:PASSWORD", id, id))
	})
}

func (s *shell) classicLogin(rest string) error {
	id, password, _ := strings.Cut(rest, ":")
	return s.signIn(id, password)
}

func (s *shell) classicChat(rest string) error {
	id, text, err := addressed(rest, wire.MaxID)
	if err == nil {
		s.send(wire.WithUser(id), text)
	}
	return err
}

func (s *shell) classicAddFriend(rest string) error {
	id, err := number(rest, wire.MaxID)
	if err == nil {
		s.addFriend("addfriend", id)
	}
	return err
}

func (s *shell) classicCreateGroup(rest string) error {
	name, desc, _ := strings.Cut(rest, ":")
	return s.create("creategroup", name, desc)
}

func (s *shell) classicAddGroup(rest string) error {
	id, err := number(rest, wire.MaxGroupID)
	if err == nil {
		s.enterGroup("addgroup", id)
	}
	return err
}

func (s *shell) classicGroupChat(rest string) error {
	id, text, err := addressed(rest, wire.MaxGroupID)
	if err == nil {
		s.send(wire.InGroup(id), text)
	}
	return err
}

// addressed reads ID:TEXT. The text may have colons.
func addressed(rest string, largest int64) (id int64, text string, err error) {
	who, text, _ := strings.Cut(rest, ":")
	if id, err = number(who, largest); err != nil {
		return 0, "", err
	}
	if text == "" {
		return 0, "", errors.New("there is nothing to send")
	}
	return id, text, nil
}

// number reads an id.
func number(text string, largest int64) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || id < 1 || id > largest {
		return 0, fmt.Errorf("%q is not an id: that is a number from 1 to %d", Clean(text), largest)
	}
	return id, nil
}
