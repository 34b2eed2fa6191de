package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"chatserver/net/wire"
)

// The commands that are no request of their own.
type (
	help struct{}
	quit struct{}
)

// form is how a command is written and what it does.
type form struct {
	sends            wire.MsgID // 0: nothing of its own
	verb, args, does string
	parse            func(rest string) (any, error)
}

func (f form) String() string { return f.verb + f.args }

// forms are all commands, in the order that help shows them.
func forms() []form {
	return []form{
		{0, "help", "", "show this", bare(help{})},
		{wire.RegID, "register", ":NAME:PASSWORD", "make an account; on a terminal leave out :PASSWORD to type it unseen", parseRegister},
		{wire.LoginID, "login", ":ID:PASSWORD", "become a user; on a terminal leave out :PASSWORD to type it unseen", parseLogin},
		{wire.OneChatID, "chat", ":ID:TEXT", "write to a user", parseChat},
		{wire.AddFriendID, "addfriend", ":ID", "put a user on your list", parseAddFriend},
		{wire.CreateGroupID, "creategroup", ":NAME:DESCRIPTION", "make a group", parseCreateGroup},
		{wire.AddGroupID, "addgroup", ":ID", "join a group", parseAddGroup},
		{wire.GroupChatID, "groupchat", ":ID:TEXT", "write to a group", parseGroupChat},
		{wire.LogoutID, "loginout", "", "stop being that user; you may log in again", bare(wire.Logout{})},
		{0, "quit", "", "leave", bare(quit{})},
	}
}

// formOf is the form of the command that sends a request.
func formOf(id wire.MsgID) (form, bool) {
	for _, f := range forms() {
		if f.sends == id && id != 0 {
			return f, true
		}
	}
	return form{}, false
}

// parse reads one line: a wire.Request, help or quit. A Login or Reg whose password was left
// out has none. The error is a sentence that says how to write it.
func parse(line string) (any, error) {
	if !utf8.ValidString(line) {
		return nil, fmt.Errorf("this is not UTF-8: set your terminal to it and type it again")
	}
	verb, rest, _ := strings.Cut(line, ":")
	verb = strings.TrimSpace(verb)
	for _, f := range forms() {
		if f.verb != verb {
			continue
		}
		command, err := f.parse(rest)
		if err != nil {
			return nil, fmt.Errorf("%w; write %s", err, f)
		}
		return command, nil
	}
	return nil, fmt.Errorf("there is no command %q; help shows those there are", verb)
}

func bare(command any) func(string) (any, error) {
	return func(string) (any, error) { return command, nil }
}

func parseRegister(rest string) (any, error) {
	name, password, _ := strings.Cut(rest, ":")
	if name == "" {
		return nil, fmt.Errorf("a name is missing")
	}
	return wire.Reg{Name: name, Password: password}, nil
}

func parseLogin(rest string) (any, error) {
	text, password, _ := strings.Cut(rest, ":")
	id, err := number(text, wire.MaxID)
	return wire.Login{ID: id, Password: password}, err
}

func parseChat(rest string) (any, error) {
	to, msg, err := address(rest, wire.MaxID)
	return wire.OneChat{To: to, Msg: msg}, err
}

func parseAddFriend(rest string) (any, error) {
	id, err := number(rest, wire.MaxID)
	return wire.AddFriend{Friend: id}, err
}

func parseCreateGroup(rest string) (any, error) {
	name, desc, _ := strings.Cut(rest, ":")
	if name == "" {
		return nil, fmt.Errorf("the group's name is missing")
	}
	return wire.CreateGroup{Name: name, Desc: desc}, nil
}

func parseAddGroup(rest string) (any, error) {
	id, err := number(rest, wire.MaxGroupID)
	return wire.AddGroup{Group: id}, err
}

func parseGroupChat(rest string) (any, error) {
	group, msg, err := address(rest, wire.MaxGroupID)
	return wire.GroupChat{Group: group, Msg: msg}, err
}

// address reads ID:TEXT. The text may have colons.
func address(rest string, largest int64) (id int64, msg string, err error) {
	text, msg, _ := strings.Cut(rest, ":")
	if id, err = number(text, largest); err != nil {
		return 0, "", err
	}
	switch {
	case msg == "":
		return 0, "", fmt.Errorf("there is nothing to send")
	case len(msg) > wire.MaxMsg:
		return 0, "", fmt.Errorf("the message has %d bytes and may have %d", len(msg), wire.MaxMsg)
	}
	return id, msg, nil
}

func number(text string, largest int64) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || id < 1 || id > largest {
		return 0, fmt.Errorf("%q is not an id: that is a number from 1 to %d", text, largest)
	}
	return id, nil
}
