package chat

import (
	"fmt"
	"strings"
)

// command is one that may be typed. Its error says what is wrong with what was typed; all else is
// said when it is known.
type command struct {
	verb, args, does string
	run              func(s *shell, rest string) error
}

// commands are all of them, in the order that help shows them.
func commands() []command {
	return []command{
		{"help", "", "show this", (*shell).help},
		{"register", "NAME", "make an account and log in; the password is typed unseen", (*shell).register},
		{"login", "NAME", "log in, by name or id; the password is typed unseen", (*shell).login},
		{"logout", "", "stop being that user; you may log in again", (*shell).logout},
		{"msg", "USER|#GROUP [TEXT]", "open a conversation, and write to it", (*shell).msg},
		{"close", "", "go back to the first page, where no conversation is open", (*shell).closeConv},
		{"history", "[COUNT]", "show earlier messages", (*shell).history},
		{"search", "TEXT", "find what was said; again without TEXT: further up", (*shell).find},
		{"unread", "", "list what is unread", (*shell).unread},
		{"who", "[USER]", "list your friends, or tell of a user", (*shell).who},
		{"friend", "USER", "put a user on your list", (*shell).friend},
		{"unfriend", "USER", "take a user off it", (*shell).unfriend},
		{"block", "USER", "let a user not write to you any more", (*shell).block},
		{"unblock", "USER", "let a user write to you again", (*shell).unblock},
		{"group", "NAME", "make a group", (*shell).group},
		{"join", "ID", "join a group", (*shell).join},
		{"leave", "[#GROUP]", "leave a group", (*shell).leave},
		{"members", "[#GROUP]", "list who is in a group", (*shell).members},
		{"invite", "USER [#GROUP]", "let a user into a group that only invited ones may join", (*shell).invite},
		{"kick", "USER [#GROUP]", "take a user out of a group", (*shell).kick},
		{"ban", "USER [#GROUP]", "take a user out of a group for good", (*shell).ban},
		{"unban", "USER [#GROUP]", "let a banned user join again", (*shell).unban},
		{"role", "USER ROLE [#GROUP]", "make a member normal, admin or creator", (*shell).role},
		{"quit", "", "leave", (*shell).quit},
	}
}

// command does a line that started with a slash, which is cut off.
func (s *shell) command(line string) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	for _, c := range commands() {
		if c.verb == strings.ToLower(verb) {
			if err := c.run(s, strings.TrimSpace(rest)); err != nil {
				s.say(fmt.Sprintf("%v; write /%s", err, strings.TrimSpace(c.verb+" "+c.args)))
			}
			return
		}
	}
	s.say(fmt.Sprintf("there is no command /%s; /help shows those there are, and //%s sends it as a message", Clean(verb), Clean(verb)))
}

func (s *shell) help(string) error {
	var lines []string
	for _, c := range commands() {
		lines = append(lines, fmt.Sprintf("%-25s %s", "/"+c.verb+" "+c.args, c.does))
	}
	lines = append(lines,
		"A line without a slash goes to the conversation that is open; //x sends /x. "+
			"USER is a name or an id, #GROUP a group's name or id. Where no conversation is open, these do as well:")
	for _, c := range classics() {
		lines = append(lines, fmt.Sprintf("%-25s %s", c.verb+c.args, c.does))
	}
	if s.keys != "" {
		lines = append(lines, s.keys)
	}
	s.say(strings.Join(lines, "\n"))
	return nil
}

func (s *shell) quit(string) error {
	s.over = true
	return nil
}
