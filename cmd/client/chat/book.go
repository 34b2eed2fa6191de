package chat

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"chatserver/net/wire"
)

// book holds who and which groups are known, by id.
type book struct {
	people map[int64]person
	groups map[int64]wire.Membership
}

// person is a user as far as it is known. An empty Name: not yet.
type person struct {
	wire.Peer
	friend bool
}

func newBook() book {
	return book{people: map[int64]person{}, groups: map[int64]wire.Membership{}}
}

// meet notes a user's name, as far as it says one.
func (b book) meet(id int64, name string) {
	p := b.people[id]
	p.ID = id
	p.Name = cmp.Or(name, p.Name)
	b.people[id] = p
}

// see notes a user with its presence.
func (b book) see(peer wire.Peer) {
	b.meet(peer.ID, peer.Name)
	b.present(peer.ID, peer.Online)
}

func (b book) present(id int64, online bool) {
	p := b.people[id]
	p.ID, p.Online = id, online
	b.people[id] = p
}

func (b book) befriend(peer wire.Peer, friend bool) {
	b.see(peer)
	p := b.people[peer.ID]
	p.friend = friend
	b.people[peer.ID] = p
}

// setFriends makes exactly these the friends.
func (b book) setFriends(friends []wire.Peer) {
	for id, p := range b.people {
		p.friend = false
		b.people[id] = p
	}
	for _, f := range friends {
		b.befriend(f, true)
	}
}

// setGroups makes exactly these the groups.
func (b book) setGroups(groups []wire.Membership) {
	clear(b.groups)
	for _, g := range groups {
		b.groups[g.ID] = g
	}
}

func (b book) friends() []person {
	var friends []person
	for _, p := range b.people {
		if p.friend {
			friends = append(friends, p)
		}
	}
	slices.SortFunc(friends, func(x, y person) int {
		return cmp.Or(strings.Compare(fold(x.Name), fold(y.Name)), cmp.Compare(x.ID, y.ID))
	})
	return friends
}

func (b book) memberships() []wire.Membership {
	return slices.SortedFunc(maps.Values(b.groups), func(x, y wire.Membership) int {
		return cmp.Or(strings.Compare(fold(x.Name), fold(y.Name)), cmp.Compare(x.ID, y.ID))
	})
}

// named finds a user by its whole name.
func (b book) named(name string) (person, bool) {
	for _, p := range b.people {
		if p.Name != "" && fold(p.Name) == fold(name) {
			return p, true
		}
	}
	return person{}, false
}

// groupNamed finds a group by its whole name, the one with the lowest id.
func (b book) groupNamed(name string) (wire.Membership, bool) {
	for _, id := range slices.Sorted(maps.Keys(b.groups)) {
		if fold(b.groups[id].Name) == fold(name) {
			return b.groups[id], true
		}
	}
	return wire.Membership{}, false
}

// name is what a user is called, harmless to a terminal.
func (b book) name(id int64) string {
	if name := b.people[id].Name; name != "" {
		return Clean(name)
	}
	return fmt.Sprintf("user %d", id)
}

// groupName is what a group is called, with the mark of groups.
func (b book) groupName(id int64) string {
	if name := b.groups[id].Name; name != "" {
		return "#" + Clean(name)
	}
	return fmt.Sprintf("#%d", id)
}

// title is what a conversation is called.
func (b book) title(c wire.Conv) string {
	switch {
	case c == console:
		return "chatserver"
	case c.Group:
		return b.groupName(c.ID)
	}
	return b.name(c.ID)
}

// who is a name and the id that commands take as well.
func (b book) who(id int64) string { return who(b.people[id].Name, id) }

func who(name string, id int64) string { return fmt.Sprintf("%s [%d]", Clean(name), id) }

// fold makes names that differ in case alone equal.
func fold(name string) string { return strings.ToLower(name) }

func state(online bool) string {
	if online {
		return "online"
	}
	return "offline"
}
