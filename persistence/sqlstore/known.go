package sqlstore

import (
	"context"
	"database/sql"
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

// look reads what the store knows about the open drafts, once for each pair of a sender and a place.
func (a *appender) look(ctx context.Context, tx *sql.Tx, b *batch) (*known, error) {
	k := &known{
		messages: make(map[key]persistence.Message),
		users:    make(map[persistence.UserID]bool),
		blocks:   make(map[[2]persistence.UserID]bool),
		members:  make(map[member]bool),
		groups:   make(map[persistence.GroupID]bool),
	}
	for _, f := range []func(context.Context, *sql.Tx, *batch, *known) error{a.lookStored, a.lookDirect, a.lookGroups} {
		if err := f(ctx, tx, b, k); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// lookStored finds the messages with one of the drafts' cids. Those of other senders do no harm.
func (a *appender) lookStored(ctx context.Context, tx *sql.Tx, b *batch, k *known) error {
	var cids []any
	for _, i := range b.leads() {
		cids = append(cids, []byte(b.drafts[i].CID))
	}
	return a.stored.query(ctx, tx, cids, func(row sq.RowScanner) error {
		var at key
		var m persistence.Message
		var ts int64
		err := row.Scan(&at.cid, &at.sender, &m.Conv, &m.Seq, &m.Body, &ts)
		m.At = time.UnixMilli(ts)
		k.messages[at] = m
		return err
	})
}

// lookDirect finds which receivers of direct messages exist, and whom they block.
func (a *appender) lookDirect(ctx context.Context, tx *sql.Tx, b *batch, k *known) error {
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
	err := a.users.query(ctx, tx, receivers, func(row sq.RowScanner) error {
		var id persistence.UserID
		err := row.Scan(&id)
		k.users[id] = true
		return err
	})
	if err != nil {
		return err
	}
	return a.blocks.query(ctx, tx, pairs, func(row sq.RowScanner) error {
		var pair [2]persistence.UserID
		err := row.Scan(&pair[0], &pair[1])
		k.blocks[pair] = true
		return err
	})
}

// lookGroups finds which senders to groups are members, and of the others which groups exist.
func (a *appender) lookGroups(ctx context.Context, tx *sql.Tx, b *batch, k *known) error {
	var places, groups []any
	asked := make(map[member]bool)
	for _, i := range b.open {
		d := b.drafts[i]
		group, ok := d.Conv.Group()
		at := member{group, d.Sender}
		if !ok || asked[at] {
			continue
		}
		asked[at] = true
		places = append(places, int64(group), int64(d.Sender))
	}
	err := a.members.query(ctx, tx, places, func(row sq.RowScanner) error {
		var at member
		err := row.Scan(&at.group, &at.user)
		k.members[at] = true
		return err
	})
	if err != nil {
		return err
	}
	strange := make(map[persistence.GroupID]bool)
	for at := range asked {
		if !k.members[at] {
			strange[at.group] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(strange)) {
		groups = append(groups, int64(id))
	}
	return a.groups.query(ctx, tx, groups, func(row sq.RowScanner) error {
		var id persistence.GroupID
		err := row.Scan(&id)
		k.groups[id] = true
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
