package chat

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// happened takes in what the session tells.
func (s *shell) happened(event client.Event) {
	switch e := event.(type) {
	case client.Connecting:
		s.dialled, s.retry = e.Addr, time.Time{}
	case client.Online:
		s.welcome(e)
	case client.CaughtUp:
		s.landed = true
	case client.Offline:
		s.offline(e)
	case client.Received:
		s.received(e)
	case client.Stored:
		s.stored(e)
	case client.Refused:
		s.refused(e)
	case client.Lifted:
		s.conv(e.Conv).forget()
	case client.Marked:
		s.conv(e.Conv).marked(wire.Marked(e), e.ID == s.me.ID)
	case client.Presence:
		s.book.present(e.ID, e.Online)
	case client.Typed:
		s.conv(e.Conv).typing[e.ID] = s.now()
	case client.Happened:
		s.news(wire.Event(e))
	case client.Ended:
		s.end(e.Err)
	}
}

// welcome takes in a login, the first one or one after the connection was lost.
func (s *shell) welcome(e client.Online) {
	first := s.me.ID == 0
	s.online, s.failed = true, false
	s.me = wire.Peer{ID: e.ID, Name: e.Name, Online: true}
	s.book.see(s.me)
	s.book.setFriends(e.Friends)
	s.book.setGroups(e.Groups)
	if e.Epoch != s.epoch { // the server's store is another one
		for _, c := range s.convs {
			c.void()
		}
	}
	s.epoch = e.Epoch
	for _, state := range e.Convs {
		s.conv(state.Conv).update(state)
	}
	s.list()
	s.strangers()
	for _, c := range s.convs {
		c.filled = false
		for _, p := range c.pending {
			p.from = s.me.ID // of messages from an earlier run it was not known
		}
	}
	if first {
		s.sayIn(console, "you are "+who(s.me.Name, s.me.ID)+"; /msg NAME opens a conversation, Ctrl-N shows the next one", s.greeting())
		return
	}
	s.print("you are online again")
}

// list makes the conversations that are listed though nothing was said in them, and drops those
// of groups that were left.
func (s *shell) list() {
	for _, f := range s.book.friends() {
		s.conv(wire.WithUser(f.ID))
	}
	for _, g := range s.book.memberships() {
		s.conv(wire.InGroup(g.ID))
	}
	for conv := range s.convs {
		if _, in := s.book.groups[conv.ID]; conv.Group && !in {
			s.drop(conv)
		}
	}
}

// drop takes a conversation off the list.
func (s *shell) drop(conv wire.Conv) {
	if s.current == conv {
		s.open(console)
	}
	delete(s.convs, conv)
}

// strangers asks for the names of those that nothing told yet.
func (s *shell) strangers() {
	var ids []int64
	for conv := range s.convs {
		if !conv.Group && conv != console && s.book.people[conv.ID].Name == "" {
			ids = append(ids, conv.ID)
		}
	}
	slices.Sort(ids)
	s.introduce(ids)
}

// introduce asks for names, one after the other: there may be thousands.
func (s *shell) introduce(ids []int64) {
	if len(ids) == 0 {
		return
	}
	do(s, true, calling[wire.Found](wire.Lookup{ID: ids[0]}), func(found wire.Found, err error) {
		if err == nil {
			s.book.see(found.User)
		}
		s.introduce(ids[1:])
	})
}

func (s *shell) offline(e client.Offline) {
	s.online = false
	s.retry = s.now().Add(e.Retry)
	switch {
	case s.parting:
		s.part()
	case s.me.ID != 0:
		s.print("the connection is lost (" + Clean(fmt.Sprint(e.Err)) + "); what you send waits until it is back")
	case !s.failed:
		s.failed = true
		s.say(unopened(e.Err))
	}
}

func (s *shell) received(e client.Received) {
	s.book.meet(e.Push.From, e.Push.Name)
	c := s.conv(e.Conv)
	if !c.add(e.Push) {
		return
	}
	if e.Push.From == s.me.ID {
		c.read(e.Push.Seq)
	}
	if e.Conv != s.current { // what is shown may be scrolled back
		c.trim()
	}
	s.arrived(c, e.Push)
}

func (s *shell) stored(e client.Stored) {
	c := s.conv(e.Conv)
	c.add(wire.Push{From: s.me.ID, Msg: e.Text, CID: e.CID, Seq: e.Seq, At: e.Ts})
	c.read(e.Seq)
	if s.asks { // a person who answers has read; a script has not
		s.session.Read(e.Conv, e.Seq)
	}
	s.partWhenStored()
}

func (s *shell) refused(e client.Refused) {
	why := refusal("send", e.Fault)
	s.conv(e.Conv).refuse(e.CID, why)
	s.print(fmt.Sprintf("to %s: %s", s.book.title(e.Conv), why))
	s.partWhenStored()
}

// partWhenStored is the end of a logout that waits.
func (s *shell) partWhenStored() {
	if s.parting && s.waiting() == 0 {
		s.part()
	}
}

// news says what others changed among people and groups, and reads again what changed for oneself.
func (s *shell) news(e wire.Event) {
	own := e.ID == s.me.ID
	switch {
	case e.Kind == wire.Kicked: // Ended says why
		return
	case e.Kind == wire.FriendAdded && own:
		said := s.book.name(e.By) + " has you as a friend"
		s.sayIn(console, said, said)
		return
	case e.Kind == wire.FriendAdded:
		learn(s, wire.Friends{}, s.befriended)
		return
	case own || s.book.groups[e.Group].ID == 0:
		learn(s, wire.Groups{}, s.regrouped)
	}
	said, group := s.change(e), s.book.groupName(e.Group)
	switch {
	case said == "" || own && e.By == 0: // who did it needs no word of it
	case own: // the group's own place may go
		s.sayIn(console, group+": "+said, group+": "+said)
	default:
		s.sayIn(wire.InGroup(e.Group), said, group+": "+said)
	}
}

// change is what happened to a member of a group.
func (s *shell) change(e wire.Event) string {
	who, by := s.book.name(e.ID), s.book.name(e.By)
	switch e.Kind {
	case wire.GroupJoined:
		return who + " is in the group now"
	case wire.GroupLeft:
		return who + " left the group"
	case wire.GroupKicked:
		return by + " removed " + who + " from the group"
	case wire.RoleChanged:
		return who + " is " + Clean(e.Role) + " now"
	}
	return ""
}

func (s *shell) befriended(list wire.FriendList) {
	s.book.setFriends(list.Friends)
	s.list()
}

func (s *shell) regrouped(list wire.GroupList) {
	s.book.setGroups(list.Groups)
	s.list()
}

// end takes in that the session ended for good.
func (s *shell) end(why error) {
	s.behind += s.waiting()
	s.close()
	s.reset()
	switch fault := (*wire.Fault)(nil); {
	case errors.As(why, &fault):
		s.say(refusal("login", *fault))
	case why != nil:
		s.say(Clean(why.Error()))
	}
}

// typers are those who were heard typing in a conversation a moment ago.
func (s *shell) typers(c *conversation) (names []string) {
	for _, id := range slices.Sorted(maps.Keys(c.typing)) {
		if s.now().Sub(c.typing[id]) < typingFor {
			names = append(names, s.book.name(id))
		}
	}
	return names
}

// typingFor is how long after a hint somebody counts as typing: hints come every 3 s.
const typingFor = 6 * time.Second
