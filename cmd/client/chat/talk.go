package chat

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"chatserver/net/wire"
)

// page is how many messages are read at a time when a history is scrolled back.
const page = 100

func (s *shell) msg(rest string) error {
	if !s.ready() {
		return nil
	}
	if strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "g:") {
		group, text := s.cutGroup(rest)
		id, err := s.which(group)
		if err == nil {
			s.turn(wire.InGroup(id), text)
		}
		return err
	}
	user, text, _ := strings.Cut(rest, " ")
	return s.whom("msg", user, func(p wire.Peer) { s.turn(wire.WithUser(p.ID), strings.TrimSpace(text)) })
}

// turn opens a conversation and writes to it.
func (s *shell) turn(conv wire.Conv, text string) {
	s.open(conv)
	s.print("you are writing to " + s.book.title(conv) + " now; /close ends that")
	if text != "" {
		s.send(conv, text)
	}
}

// cutGroup cuts a known group's name, which may have spaces, or else the first word off.
func (s *shell) cutGroup(rest string) (group, text string) {
	group, text, _ = strings.Cut(rest, " ")
	for _, g := range s.book.memberships() {
		name := "#" + g.Name
		if len(name) > len(group) && len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) &&
			(len(rest) == len(name) || rest[len(name)] == ' ') {
			group, text = name, rest[len(name):]
		}
	}
	return group, strings.TrimSpace(text)
}

func (s *shell) closeConv(string) error {
	s.open(console)
	return nil
}

func (s *shell) history(rest string) error {
	count := 20
	if rest != "" {
		n, err := number(rest, 500)
		if err != nil {
			return errors.New("how many is a number from 1 to 500")
		}
		count = int(n)
	}
	if s.current == console {
		return errors.New("no conversation is open")
	}
	c := s.here()
	s.earlier(c, count, func() {
		var lines []string
		for _, i := range c.items[max(0, len(c.items)-count):] {
			if i.seq != 0 {
				lines = append(lines, s.line(c.Conv, i))
			}
		}
		if len(lines) == 0 {
			lines = []string{"nothing was said here yet"}
		}
		s.print(strings.Join(lines, "\n"))
	})
	return nil
}

// line is a message on one line: when, for a group which one, who, what.
func (s *shell) line(conv wire.Conv, i *item) string {
	where := ""
	if conv.Group {
		where = fmt.Sprintf("group %d ", conv.ID)
	}
	return i.at.In(s.zone).Format(time.DateTime) + " " + where + s.book.who(i.from) + ": " + Clean(i.text)
}

func (s *shell) unread(string) error {
	var lines []string
	for _, c := range s.listed() {
		if n := c.unread(); n > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d unread", s.book.title(c.Conv), n))
		}
	}
	if len(lines) == 0 {
		lines = []string{"nothing is unread"}
	}
	s.say(strings.Join(lines, "\n"))
	return nil
}

// find looks for the newest message with a text in it, or for the next one above that.
func (s *shell) find(rest string) error {
	c := s.here()
	var above *item
	if rest == "" || rest == s.search {
		above, rest = s.hit, s.search
	}
	if rest == "" {
		return errors.New("what to look for is missing")
	}
	s.search, s.hit = rest, nil
	for _, i := range c.items {
		if i == above {
			break
		}
		if i.seq != 0 && strings.Contains(fold(i.text), fold(rest)) {
			s.hit = i
		}
	}
	if s.hit == nil {
		s.say(fmt.Sprintf("%q is not found further up; PgUp or /history shows what was said before, then /search again", Clean(rest)))
		return nil
	}
	s.print(s.line(c.Conv, s.hit))
	return nil
}
