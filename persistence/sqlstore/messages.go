package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Read says what there is to read and how far it goes at one moment.
func (s *Store) Read(ctx context.Context, userID persistence.UserID, conv persistence.Conv, span persistence.Span) (part persistence.Slice, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		part = persistence.Slice{}
		if part.Head, err = seq(ctx, tx, conv); err != nil {
			return err
		}
		if part.Since, err = readable(ctx, tx, userID, conv, part.Head); err != nil {
			return err
		}
		if span.Before != 0 {
			return before(ctx, tx, conv, span, &part)
		}
		return after(ctx, tx, conv, span, &part)
	})
	return part, failed(ctx, err, "read %v as user %d", conv, userID)
}

// readable is the seq that user may read from. In a direct conversation without a message the
// other account must be there; one that was closed since leaves what was written.
func readable(ctx context.Context, tx *sql.Tx, userID persistence.UserID, conv persistence.Conv, head uint64) (uint64, error) {
	if id, ok := conv.Group(); ok {
		if _, err := group(ctx, tx, id); err != nil {
			return 0, err
		}
		return since(ctx, tx, id, userID)
	}
	if lo, hi := conv.Users(); userID != lo && userID != hi {
		return 0, persistence.ErrForbidden
	}
	if head > 0 {
		return 0, nil
	}
	_, err := user(ctx, tx, conv.Peer(userID))
	return 0, err
}

// after reads upwards from what the user may read.
func after(ctx context.Context, tx *sql.Tx, conv persistence.Conv, span persistence.Span, part *persistence.Slice) (err error) {
	low := min(max(span.After, part.Since), part.Head)
	part.Messages, err = collect(ctx, tx, history(conv, low, span.Limit), scanMessage)
	part.More = low+uint64(len(part.Messages)) < part.Head
	return err
}

// before reads downwards to what the user may read.
func before(ctx context.Context, tx *sql.Tx, conv persistence.Conv, span persistence.Span, part *persistence.Slice) (err error) {
	high := min(span.Before, part.Head+1)
	q := messages(conv).Where(sq.Lt{"m.seq": high}).Where(sq.Gt{"m.seq": part.Since}).
		OrderBy("m.seq DESC").Limit(uint64(max(span.Limit, 0)))
	part.Messages, err = collect(ctx, tx, q, scanMessage)
	slices.Reverse(part.Messages)
	part.More = high-uint64(len(part.Messages)) > part.Since+1
	return err
}

// Head reads one row.
func (s *Store) Head(ctx context.Context, conv persistence.Conv) (uint64, error) {
	head, err := seq(ctx, s.reader, conv)
	return head, failed(ctx, err, "head of %v", conv)
}

// seq is the last one of a conversation, 0 where nothing was written yet.
func seq(ctx context.Context, db sq.BaseRunner, conv persistence.Conv) (head uint64, err error) {
	err = first(ctx, db, sq.Select("head").From("conversation").Where(sq.Eq{"conv": conv}), &head)
	if errors.Is(err, persistence.ErrNotFound) {
		return 0, nil
	}
	return head, err
}

// Range reads as after does, whoever may read it.
func (s *Store) Range(ctx context.Context, conv persistence.Conv, after uint64, limit int) ([]persistence.Message, error) {
	msgs, err := collect(ctx, s.reader, history(conv, after, limit), scanMessage)
	return msgs, failed(ctx, err, "range of %v", conv)
}

// history reads a range of the primary key.
func history(conv persistence.Conv, after uint64, limit int) sq.SelectBuilder {
	return messages(conv).Where(sq.Gt{"m.seq": after}).OrderBy("m.seq").Limit(uint64(max(limit, 0)))
}

func messages(conv persistence.Conv) sq.SelectBuilder {
	return sq.Select("m.conv", "m.seq", "m.sender", "u.name", "m.cid", "m.body", "m.ts").
		From("message m").Join("user u ON u.id = m.sender").Where(sq.Eq{"m.conv": conv})
}

func scanMessage(row sq.RowScanner, m *persistence.Message) error {
	var ts int64
	err := row.Scan(&m.Conv, &m.Seq, &m.Sender.ID, &m.Sender.Name, &m.CID, &m.Body, &ts)
	m.At = time.UnixMilli(ts)
	return err
}
