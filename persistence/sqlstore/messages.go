package sqlstore

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// History reads a range of the primary key.
func (s *Store) History(ctx context.Context, conv persistence.Conv, after uint64, limit int) ([]persistence.Message, error) {
	msgs, err := collect(ctx, s.reader, history(conv, after, limit), scanMessage)
	return msgs, failed(ctx, err, "history of %v", conv)
}

// Head reads one row.
func (s *Store) Head(ctx context.Context, conv persistence.Conv) (uint64, error) {
	var seq uint64
	err := first(ctx, s.reader, sq.Select("head").From("conversation").Where(sq.Eq{"conv": conv}), &seq)
	if errors.Is(err, persistence.ErrNotFound) {
		return 0, nil
	}
	return seq, failed(ctx, err, "head of %v", conv)
}

// Changed includes the millisecond of since itself.
func (s *Store) Changed(ctx context.Context, since time.Time) ([]persistence.Head, error) {
	recent := sq.Select("conv").From("message").Where(sq.GtOrEq{"ts": since.UnixMilli()})
	q := sq.Select("conv", "head").From("conversation").Where(sq.Expr("conv IN (?)", recent)).OrderBy("conv")
	heads, err := collect(ctx, s.reader, q, func(row sq.RowScanner, h *persistence.Head) error {
		return row.Scan(&h.Conv, &h.Seq)
	})
	return heads, failed(ctx, err, "changed since %v", since)
}

func history(conv persistence.Conv, after uint64, limit int) sq.SelectBuilder {
	return sq.Select("m.conv", "m.seq", "m.sender", "u.name", "m.cid", "m.body", "m.ts").
		From("message m").Join("user u ON u.id = m.sender").
		Where(sq.Eq{"m.conv": conv}).Where(sq.Gt{"m.seq": after}).
		OrderBy("m.seq").Limit(uint64(max(limit, 0)))
}

func scanMessage(row sq.RowScanner, m *persistence.Message) error {
	var ts int64
	err := row.Scan(&m.Conv, &m.Seq, &m.Sender.ID, &m.Sender.Name, &m.CID, &m.Body, &ts)
	m.At = time.UnixMilli(ts)
	return err
}
