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
	for len(b.open) > 0 {
		err := s.retry(ctx, s.ordinary, func() error { return s.attempt(ctx, b) })
		if err != nil {
			return nil, failed(ctx, err, "append %d messages", len(drafts))
		}
	}
	return b.outcomes, nil
}

// ordinary says that an attempt may run again: it lost to another transaction, which may have
// stored the same cid, or nobody knows whether it was committed.
func (s *Store) ordinary(err error) bool {
	return errors.As(err, new(unsure)) || s.dialect.duplicate(err) || s.dialect.again(err)
}

// attempt stores all open drafts of the batch. Where one turns out to be stored already or is
// refused it settles those and stores none, and the others stay open.
func (s *Store) attempt(ctx context.Context, b *batch) error {
	leads := b.leads()
	err := transaction(ctx, s.writer, nil, func(tx *sql.Tx) error {
		heads, err := s.appender.take(ctx, tx, b, leads)
		if err != nil {
			return err
		}
		known, err := s.appender.look(ctx, tx, b)
		if err != nil {
			return err
		}
		if b.settle(known, heads) {
			return errSettled
		}
		b.number(leads, heads, s.clock.stamp())
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

// head is a conversation's row under its lock.
type head struct {
	seq uint64
	ver uint64
}

// take locks the conversations of the drafts that lead, in their order, which keeps two batches
// from waiting for each other, and raises each head by the number of its drafts. It returns the
// heads as they were before.
func (a *appender) take(ctx context.Context, tx *sql.Tx, b *batch, leads []int) (map[persistence.Conv]head, error) {
	count := make(map[persistence.Conv]int64)
	for _, i := range leads {
		count[b.drafts[i].Conv]++
	}
	var adds, convs []any
	for _, conv := range slices.Sorted(maps.Keys(count)) {
		adds = append(adds, int64(conv), count[conv], 0)
		convs = append(convs, int64(conv))
	}
	if err := a.addHeads.exec(ctx, tx, adds); err != nil {
		return nil, err
	}
	heads := make(map[persistence.Conv]head, len(count))
	err := a.heads.query(ctx, tx, convs, func(row sq.RowScanner) error {
		var conv persistence.Conv
		var h head
		err := row.Scan(&conv, &h.seq, &h.ver)
		h.seq -= uint64(count[conv])
		heads[conv] = h
		return err
	})
	return heads, err
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
	if err := a.messages.exec(ctx, tx, rows); err != nil {
		return err
	}
	return a.marks.exec(ctx, tx, marks)
}
