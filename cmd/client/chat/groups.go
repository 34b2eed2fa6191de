package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"chatserver/net/wire"
)

// shownMembers is how many members of a group are listed; a screen has 24 lines.
const shownMembers = 100

func (s *shell) group(rest string) error { return s.create("group", rest, "") }

// create makes a group.
func (s *shell) create(verb, name, desc string) error {
	if name == "" {
		return errors.New("the group's name is missing")
	}
	ask(s, verb, wire.CreateGroup{Name: name, Desc: desc}, func(made wire.Founded) {
		s.book.groups[made.Group] = wire.Membership{ID: made.Group, Name: name, Desc: desc, Role: "creator", Members: 1}
		s.conv(wire.InGroup(made.Group)).Since = made.Since
		s.say(fmt.Sprintf("group %s was made; others join it by /join %d", who(name, made.Group), made.Group))
	})
	return nil
}

func (s *shell) join(rest string) error {
	id, ok := groupID(strings.TrimPrefix(rest, "#"))
	if !ok {
		return errors.New("what to join is a group's id; who made it was told which one")
	}
	s.enterGroup("join", id)
	return nil
}

// enterGroup makes the user a member.
func (s *shell) enterGroup(verb string, id int64) {
	ask(s, verb, wire.AddGroup{Group: id}, func(joined wire.Joined) {
		g := joined.Group
		s.book.groups[g.ID] = g.Membership
		s.conv(wire.InGroup(g.ID)).update(wire.ConvState{Since: g.Since, Head: g.Head})
		s.say("you are in group " + who(g.Name, g.ID) + " now")
	})
}

func (s *shell) leave(rest string) error {
	id, err := s.which(rest)
	if err != nil {
		return err
	}
	ask(s, "leave", wire.LeaveGroup{Group: id}, func(wire.Done) {
		name := s.book.groupName(id)
		delete(s.book.groups, id)
		s.drop(wire.InGroup(id))
		s.say("you left " + name)
	})
	return nil
}

func (s *shell) members(rest string) error {
	id, err := s.which(rest)
	if err != nil {
		return err
	}
	ask(s, "members", wire.Members{Group: id, Limit: shownMembers}, func(list wire.MemberList) {
		lines := []string{s.book.groupName(id) + ":"}
		for _, m := range list.Members {
			s.book.see(m)
			lines = append(lines, "  "+who(m.Name, m.ID)+" "+Clean(m.Role)+" "+state(m.Online))
		}
		if list.More {
			lines = append(lines, "  and more")
		}
		s.say(strings.Join(lines, "\n"))
	})
	return nil
}

func (s *shell) invite(rest string) error {
	return s.member("invite", rest, " is in the group now", func(group, user int64) wire.Request {
		return wire.Invite{Group: group, User: user}
	})
}

func (s *shell) kick(rest string) error {
	return s.member("kick", rest, " is out of the group", func(group, user int64) wire.Request {
		return wire.Kick{Group: group, User: user}
	})
}

func (s *shell) ban(rest string) error {
	return s.member("ban", rest, " is out of the group for good", func(group, user int64) wire.Request {
		return wire.Ban{Group: group, User: user}
	})
}

func (s *shell) unban(rest string) error {
	return s.member("unban", rest, " may join again", func(group, user int64) wire.Request {
		return wire.Unban{Group: group, User: user}
	})
}

// roles are those that a member may have.
func roles() []string { return []string{"normal", "admin", "creator"} }

func (s *shell) role(rest string) error {
	user, rest, _ := strings.Cut(rest, " ")
	role, group, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if !slices.Contains(roles(), role) {
		return fmt.Errorf("%q is no role: those are normal, admin and creator", Clean(role))
	}
	return s.member("role", user+" "+group, " is "+role+" now", func(group, user int64) wire.Request {
		return wire.SetRole{Group: group, User: user, Role: role}
	})
}

// member asks for something about a user in a group, and says what came of it.
func (s *shell) member(verb, rest, done string, r func(group, user int64) wire.Request) error {
	user, group, _ := strings.Cut(rest, " ")
	id, err := s.which(strings.TrimSpace(group))
	if err != nil {
		return err
	}
	return s.whom(verb, user, func(p wire.Peer) {
		ask(s, verb, r(id, p.ID), func(wire.Done) { s.say(who(p.Name, p.ID) + done) })
	})
}

// which is the group that text means: its name or id, with or without the mark; "" is the one
// that is open.
func (s *shell) which(text string) (int64, error) {
	name := strings.TrimPrefix(text, "#")
	if g, known := s.book.groupNamed(name); known {
		return g.ID, nil
	}
	if id, ok := groupID(name); ok {
		return id, nil
	}
	switch {
	case text != "":
		return 0, fmt.Errorf("you are in no group %q", Clean(name))
	case s.current.Group:
		return s.current.ID, nil
	}
	return 0, errors.New("no group is open")
}

// groupID reads an id, which is a number, or g: with one.
func groupID(text string) (int64, bool) {
	if conv, ok := wire.ParseConv(text); ok && conv.Group {
		return conv.ID, true
	}
	id, err := number(text, wire.MaxGroupID)
	return id, err == nil
}
