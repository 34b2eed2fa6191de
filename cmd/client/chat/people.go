package chat

import (
	"errors"
	"strings"

	"chatserver/net/wire"
)

var errNobody = errors.New("a name or an id is missing")

// userID reads an id, which is a number, or u: with one.
func userID(text string) (int64, bool) {
	if conv, ok := wire.ParseConv(text); ok && !conv.Group {
		return conv.ID, true
	}
	id, err := number(text, wire.MaxID)
	return id, err == nil
}

// whom finds the user that text means: a name, or @ with one, or an id. next gets it; where
// there is none, that is said.
func (s *shell) whom(verb, text string, next func(wire.Peer)) error {
	if text == "" {
		return errNobody
	}
	wanted := wire.Lookup{Name: strings.TrimPrefix(text, "@")}
	p, known := s.book.named(wanted.Name)
	if id, ok := userID(text); ok {
		wanted = wire.Lookup{ID: id}
		p = s.book.people[id]
		known = p.Name != ""
	}
	if known {
		next(p.Peer)
		return nil
	}
	ask(s, verb, wanted, func(found wire.Found) {
		s.book.see(found.User)
		next(found.User)
	})
	return nil
}

func (s *shell) who(rest string) error {
	if rest == "" {
		if s.ready() {
			s.say(s.friendList())
		}
		return nil
	}
	return s.whom("who", rest, func(p wire.Peer) {
		ask(s, "who", wire.Lookup{ID: p.ID}, func(found wire.Found) {
			s.book.see(found.User)
			s.say(who(found.User.Name, p.ID) + " " + state(found.User.Online))
		})
	})
}

func (s *shell) friendList() string {
	friends := s.book.friends()
	if len(friends) == 0 {
		return "your list is empty: /friend NAME puts somebody on it"
	}
	var lines []string
	for _, f := range friends {
		lines = append(lines, who(f.Name, f.ID)+" "+state(f.Online))
	}
	return strings.Join(lines, "\n")
}

func (s *shell) friend(rest string) error {
	return s.whom("friend", rest, func(p wire.Peer) { s.addFriend("friend", p.ID) })
}

func (s *shell) addFriend(verb string, id int64) {
	ask(s, verb, wire.AddFriend{Friend: id}, func(done wire.Befriended) {
		s.book.befriend(done.Friend, true)
		s.list()
		s.say(s.book.who(id) + " is on your list of friends now")
	})
}

func (s *shell) unfriend(rest string) error {
	return s.about("unfriend", rest, func(id int64) wire.Request { return wire.DelFriend{Friend: id} },
		func(p wire.Peer) string {
			s.book.befriend(p, false)
			return " is off your list of friends"
		})
}

func (s *shell) block(rest string) error {
	return s.about("block", rest, func(id int64) wire.Request { return wire.Block{User: id} },
		func(wire.Peer) string { return " cannot write to you any more" })
}

func (s *shell) unblock(rest string) error {
	return s.about("unblock", rest, func(id int64) wire.Request { return wire.Unblock{User: id} },
		func(wire.Peer) string { return " can write to you again" })
}

// about asks for something about a user, and says what came of it.
func (s *shell) about(verb, text string, r func(id int64) wire.Request, done func(wire.Peer) string) error {
	return s.whom(verb, text, func(p wire.Peer) {
		ask(s, verb, r(p.ID), func(wire.Done) { s.say(who(p.Name, p.ID) + done(p)) })
	})
}
