package sqlstore

import (
	"maps"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// known is what the store knows about the open drafts of a batch.
type known struct {
	messages map[key]persistence.Message // stored under the drafts' keys; conv, seq, body and time are read
	users    map[persistence.UserID]bool // those of the receivers that exist and were not closed
	blocks   map[[2]persistence.UserID]bool
	members  map[member]bool
	groups   map[persistence.GroupID]bool // those that exist and that a sender is no member of
}

// member is a place in a group.
type member struct {
	group persistence.GroupID
	user  persistence.UserID
}

func newKnown() *known {
	return &known{
		messages: make(map[key]persistence.Message),
		users:    make(map[persistence.UserID]bool),
		blocks:   make(map[[2]persistence.UserID]bool),
		members:  make(map[member]bool),
		groups:   make(map[persistence.GroupID]bool),
	}
}

// lookDirect asks which receivers of direct messages exist, and whom they block, once for each pair.
func (a *appender) lookDirect(t *trip, b *batch, k *known) {
	var receivers, pairs []any
	asked := make(map[[2]persistence.UserID]bool)
	for _, i := range b.open {
		d := b.drafts[i]
		if _, group := d.Conv.Group(); group {
			continue
		}
		pair := [2]persistence.UserID{d.Conv.Peer(d.Sender), d.Sender}
		if asked[pair] {
			continue
		}
		asked[pair] = true
		receivers = append(receivers, int64(pair[0]))
		pairs = append(pairs, int64(pair[0]), int64(pair[1]))
	}
	t.add(&a.users, receivers, func(row sq.RowScanner) error {
		var id persistence.UserID
		err := row.Scan(&id)
		k.users[id] = true
		return err
	})
	t.add(&a.blocks, pairs, func(row sq.RowScanner) error {
		var pair [2]persistence.UserID
		err := row.Scan(&pair[0], &pair[1])
		k.blocks[pair] = true
		return err
	})
}

// lookMembers asks which senders to groups are members, once for each.
func (a *appender) lookMembers(t *trip, b *batch, k *known) {
	var places []any
	asked := make(map[member]bool)
	for _, i := range b.open {
		d := b.drafts[i]
		group, ok := d.Conv.Group()
		if at := (member{group, d.Sender}); ok && !asked[at] {
			asked[at] = true
			places = append(places, int64(group), int64(d.Sender))
		}
	}
	t.add(&a.members, places, func(row sq.RowScanner) error {
		var at member
		err := row.Scan(&at.group, &at.user)
		k.members[at] = true
		return err
	})
}

// lookGroups asks which groups exist that a sender is no member of.
func (a *appender) lookGroups(t *trip, b *batch, k *known) {
	strange := make(map[persistence.GroupID]bool)
	for _, i := range b.open {
		d := b.drafts[i]
		if group, ok := d.Conv.Group(); ok && !k.members[member{group, d.Sender}] {
			strange[group] = true
		}
	}
	var groups []any
	for _, id := range slices.Sorted(maps.Keys(strange)) {
		groups = append(groups, int64(id))
	}
	t.add(&a.groups, groups, func(row sq.RowScanner) error {
		var id persistence.GroupID
		err := row.Scan(&id)
		k.groups[id] = true
		return err
	})
}

// lookStored asks for the messages with the cids of open drafts: those that would be refused, and all where
// an attempt before says so. The unique key decides, at no cost where everything is new. Messages of other
// senders with one of the cids do no harm.
func (a *appender) lookStored(t *trip, b *batch, k *known) {
	var cids []any
	for _, i := range b.open {
		if b.find || k.refuse(b.drafts[i]) != nil {
			cids = append(cids, []byte(b.drafts[i].CID))
		}
	}
	t.add(&a.stored, cids, func(row sq.RowScanner) error {
		var at key
		var m persistence.Message
		var ts int64
		err := row.Scan(&at.cid, &at.sender, &m.Conv, &m.Seq, &m.Body, &ts)
		m.At = time.UnixMilli(ts)
		k.messages[at] = m
		return err
	})
}

// refuse says why the sender may not write there, nil where it may.
func (k *known) refuse(d persistence.Draft) error {
	if group, ok := d.Conv.Group(); ok {
		switch {
		case k.members[member{group, d.Sender}]:
			return nil
		case k.groups[group]:
			return persistence.ErrForbidden
		}
		return persistence.ErrNotFound
	}
	lo, hi := d.Conv.Users()
	receiver := d.Conv.Peer(d.Sender)
	switch {
	case d.Sender != lo && d.Sender != hi:
		return persistence.ErrForbidden
	case !k.users[receiver]:
		return persistence.ErrNotFound
	case k.blocks[[2]persistence.UserID{receiver, d.Sender}]:
		return persistence.ErrForbidden
	}
	return nil
}
