package chat

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"chatserver/net/wire"
)

// shell is what both faces share: the session, what is known by it, and the commands. It belongs
// to the goroutine of its face and never waits; what waits is a task, which the face runs.
type shell struct {
	world
	session session // nil: logged out
	online  bool
	dialled string    // the server that was tried last
	retry   time.Time // when the next try comes; zero: it is under way
	me      wire.Peer
	epoch   string // of the server's store, which all seqs are of
	book    book
	convs   map[wire.Conv]*conversation
	current wire.Conv                          // that lines go to and that is shown
	secret  *secret                            // the password that is being asked for; nil: none
	asks    bool                               // there is somebody to ask for a password
	keys    string                             // what keys do, for help; "": nothing
	tasks   []task                             // not taken by the face yet
	print   func(text string)                  // what a face without places shows
	arrived func(c *conversation, p wire.Push) // a message came that was not held yet
	failed  bool                               // no server was found
	over    bool                               // the user wants to leave
	landed  bool                               // the session caught up, or gave up
	search  string                             // what was looked for last
	hit     *item                              // the message that was found; nil: none
	parting bool                               // logs out when all is stored
	behind  int                                // messages that were left in the outbox of sessions that ended
}

// secret is a password to be typed unseen.
type secret struct {
	prompt string
	then   func(password string)
}

func newShell(w world, asks bool) *shell {
	s := &shell{world: w, asks: asks, arrived: func(*conversation, wire.Push) {}, print: func(string) {}}
	s.reset()
	return s
}

// reset forgets all of the account.
func (s *shell) reset() {
	notes := newConversation(console)
	if old := s.convs[console]; old != nil {
		notes = old
	}
	s.book, s.me, s.current = newBook(), wire.Peer{}, console
	s.convs = map[wire.Conv]*conversation{console: notes}
	s.online, s.landed, s.parting, s.dialled, s.retry = false, true, false, "", time.Time{}
}

// enter does what a line says: a command, or a message to the current conversation.
func (s *shell) enter(text string) {
	switch {
	case strings.TrimSpace(text) == "":
	case !utf8.ValidString(text):
		s.say("this is not UTF-8: set your terminal to it and type it again")
	case strings.HasPrefix(text, "//"):
		s.send(s.current, text[1:])
	case strings.HasPrefix(text, "/"):
		s.command(text[1:])
	case s.current == console || hasPassword(text):
		s.classic(text)
	default:
		s.send(s.current, text)
	}
}

// hasPassword says whether a line logs in or registers in the original's manner: it is never sent
// to anybody.
func hasPassword(text string) bool {
	return strings.HasPrefix(text, "login:") || strings.HasPrefix(text, "register:")
}

// say shows something where the user looks.
func (s *shell) say(text string) { s.sayIn(s.current, text, text) }

// sayIn shows something in a conversation, and prints it in words that name the conversation.
func (s *shell) sayIn(conv wire.Conv, text, printed string) {
	s.conv(conv).note(s.now(), text)
	s.print(printed)
}

// ready says whether there is a session to ask, and what to do where there is none.
func (s *shell) ready() bool {
	if s.session == nil {
		s.say("log in first: /login NAME; /register NAME makes an account")
		return false
	}
	return true
}

// send puts a message on its way.
func (s *shell) send(conv wire.Conv, text string) {
	switch {
	case !s.ready():
		return
	case conv == console:
		s.say("no conversation is open: /msg NAME opens one, /help shows the commands")
		return
	case len(text) > wire.MaxMsg:
		s.say(tooLong(len(text)))
		return
	}
	sent, err := s.session.Send(conv, text)
	if err != nil {
		s.say(sentence("send", err))
		return
	}
	c := s.conv(conv)
	c.send(s.me.ID, sent)
	c.divider = 0
}

// conv is a conversation, made where it is new.
func (s *shell) conv(conv wire.Conv) *conversation {
	c := s.convs[conv]
	if c == nil {
		c = newConversation(conv)
		s.convs[conv] = c
	}
	return c
}

// here is the conversation that is shown.
func (s *shell) here() *conversation { return s.conv(s.current) }

// open shows a conversation; what is unread in it gets a divider.
func (s *shell) open(conv wire.Conv) {
	if conv == s.current {
		return
	}
	s.here().trim()
	s.current = conv
	c := s.here()
	c.divider = 0
	if c.unread() > 0 {
		c.divider = max(c.Read, c.Since) + 1
	}
	s.search, s.hit = "", nil
}

// listed are the conversations in the order of the list: the console, people and groups, each by name.
func (s *shell) listed() []*conversation {
	type entry struct {
		conv  *conversation
		rank  int
		title string
	}
	entries := make([]entry, 0, len(s.convs))
	for _, c := range s.convs {
		e := entry{c, 1, fold(s.book.title(c.Conv))}
		switch {
		case c.Conv == console:
			e.rank = 0
		case c.Conv.Group:
			e.rank = 2
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(x, y entry) int {
		return cmp.Or(x.rank-y.rank, strings.Compare(x.title, y.title), cmp.Compare(x.conv.Conv.ID, y.conv.Conv.ID))
	})
	list := make([]*conversation, len(entries))
	for n, e := range entries {
		list[n] = e.conv
	}
	return list
}

// earlier asks for the messages before those held of a conversation.
func (s *shell) earlier(c *conversation, limit int, then func()) {
	before := c.before()
	if s.session == nil || before == 0 || c.loading {
		then()
		return
	}
	c.loading = true
	do(s, false, func(ctx context.Context, in session) (wire.SyncAck, error) {
		ctx, stop := context.WithTimeout(ctx, answering)
		defer stop()
		return in.History(ctx, c.Conv, before, limit)
	}, func(ack wire.SyncAck, err error) {
		c.loading = false
		if err != nil {
			s.say(sentence("history", err))
			return
		}
		for _, p := range ack.Msgs {
			s.book.meet(p.From, p.Name)
			c.add(p)
		}
		c.Since = max(c.Since, ack.Since)
		if !ack.More {
			c.Since = max(c.Since, before-1-uint64(len(ack.Msgs)))
		}
		then()
	})
}

// waiting is how many own messages are not stored yet.
func (s *shell) waiting() (n int) {
	for _, c := range s.convs {
		n += len(c.pending)
	}
	return n
}
