package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Append is described in the package's comment.
func (s *Store) Append(ctx context.Context, drafts []persistence.Draft) ([]persistence.Outcome, error) {
	b := newBatch(drafts)
	if err := s.store(ctx, b); err != nil {
		if err = s.apart(ctx, b, err); err != nil {
			return nil, failed(ctx, err, "append %d messages", len(drafts))
		}
	}
	return b.outcomes, nil
}

// store gives an outcome to each draft of the batch.
func (s *Store) store(ctx context.Context, b *batch) error {
	for len(b.open) > 0 {
		err := s.retry(ctx, s.ordinary, func() error {
			err := s.attempt(ctx, b)
			b.find = b.find || s.found(err)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// found says that a message of the batch is stored already, or that it may be.
func (s *Store) found(err error) bool {
	return errors.As(err, new(unsure)) || s.dialect.duplicate(err)
}

// ordinary says that an attempt may run again: it lost to another transaction, which may have
// stored the same cid, its connection broke, or nobody knows whether it was committed.
func (s *Store) ordinary(err error) bool {
	return s.found(err) || s.dialect.again(err) || s.dialect.lost(err)
}

// attempt stores all open drafts of the batch. Where one turns out to be stored already or is
// refused it settles those and stores none, and the others stay open.
func (s *Store) attempt(ctx context.Context, b *batch) error {
	leads := b.leads()
	err := transaction(ctx, s.writer, nil, func(tx *sql.Tx) error {
		heads, known := &heads{of: make(map[persistence.Conv]head)}, newKnown()
		if err := s.appender.look(ctx, tx, b, leads, heads, known); err != nil {
			return err
		}
		if b.settle(known, heads.of) {
			return errSettled
		}
		b.number(leads, heads.of, s.clock.stamp(heads.at))
		return s.appender.insert(ctx, tx, b, leads)
	})
	switch err {
	case nil:
		b.stored(leads)
	case errSettled:
		return nil
	}
	return err
}

// errSettled takes back a transaction in which drafts were settled.
var errSettled = errors.New("some of the batch is settled")

// look takes the numbers, and under the locks that these come with reads what the store knows about the batch.
func (a *appender) look(ctx context.Context, tx *sql.Tx, b *batch, leads []int, heads *heads, known *known) error {
	var locked, doubtful trip
	a.take(&locked, b, leads, heads)
	a.lookDirect(&locked, b, known)
	a.lookMembers(&locked, b, known)
	if err := locked.run(ctx, tx); err != nil {
		return err
	}
	a.lookGroups(&doubtful, b, known)
	a.lookStored(&doubtful, b, known)
	return doubtful.run(ctx, tx)
}

// head is a conversation's row under its lock.
type head struct {
	seq uint64
	ver uint64
}

// heads are those of a batch as they were before it, and what the server's clock showed once they were locked.
type heads struct {
	of map[persistence.Conv]head
	at int64
}

// take locks the conversations of the drafts that lead, in their order, which keeps two batches
// from waiting for each other, raises each head by the number of its drafts and reads it.
func (a *appender) take(t *trip, b *batch, leads []int, to *heads) {
	count := make(map[persistence.Conv]int64)
	for _, i := range leads {
		count[b.drafts[i].Conv]++
	}
	var adds, convs []any
	for _, conv := range slices.Sorted(maps.Keys(count)) {
		adds = append(adds, int64(conv), count[conv], 0)
		convs = append(convs, int64(conv))
	}
	t.add(&a.addHeads, adds, nil)
	t.add(&a.heads, convs, func(row sq.RowScanner) error {
		var conv persistence.Conv
		var h head
		err := row.Scan(&conv, &h.seq, &h.ver, &to.at)
		h.seq -= uint64(count[conv])
		to.of[conv] = h
		return err
	})
}

// insert writes the messages, and for the first one of a direct conversation both users' marks.
func (a *appender) insert(ctx context.Context, tx *sql.Tx, b *batch, leads []int) error {
	var rows, marks []any
	for _, i := range leads {
		d, o := b.drafts[i], b.outcomes[i]
		rows = append(rows, int64(d.Conv), int64(o.Seq), int64(d.Sender), []byte(d.CID), []byte(d.Body), o.At.UnixMilli())
		if _, group := d.Conv.Group(); group || o.Seq != 1 {
			continue
		}
		lo, hi := d.Conv.Users()
		marks = append(marks, int64(lo), int64(d.Conv), 0, 0, 0)
		if lo != hi {
			marks = append(marks, int64(hi), int64(d.Conv), 0, 0, 0)
		}
	}
	var t trip
	t.add(&a.messages, rows, nil)
	t.add(&a.marks, marks, nil)
	return t.run(ctx, tx)
}
