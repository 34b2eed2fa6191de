package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Mark moves one row a mark, in the order of the rows, which keeps two calls from waiting for
// each other.
func (s *Store) Mark(ctx context.Context, marks []persistence.Mark) error {
	sorted := slices.SortedFunc(slices.Values(marks), func(a, b persistence.Mark) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Conv, b.Conv))
	})
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, m := range sorted {
			if err := mark(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(ctx, err, "mark")
}

// mark clamps to the head of now: it only rises, so the mark never passes it.
func mark(ctx context.Context, tx *sql.Tx, m persistence.Mark) error {
	var seq uint64
	err := first(ctx, tx, sq.Select("head").From("conversation").Where(sq.Eq{"conv": m.Conv}), &seq)
	if errors.Is(err, persistence.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = sq.Update("mark").
		Set("delivered", forward("delivered", min(m.Delivered, seq))).
		Set("read_seq", forward("read_seq", min(m.Read, seq))).
		Where(sq.Eq{"userid": m.User, "conv": m.Conv}).RunWith(tx).ExecContext(ctx)
	return err
}

// forward is to, or the column where that is more.
func forward(column string, to uint64) sq.Sqlizer {
	return sq.Expr("CASE WHEN "+column+" < ? THEN ? ELSE "+column+" END", to, to)
}

// Convs reads the user's marks with their conversations' heads.
func (s *Store) Convs(ctx context.Context, userID persistence.UserID) ([]persistence.ConvState, error) {
	q := sq.Select("k.conv", "c.head", "k.since", "k.delivered", "k.read_seq").
		From("mark k").Join("conversation c ON c.conv = k.conv").
		Where(sq.Eq{"k.userid": userID}).OrderBy("k.conv")
	states, err := collect(ctx, s.reader, q, func(row sq.RowScanner, c *persistence.ConvState) error {
		return row.Scan(&c.Conv, &c.Head, &c.Since, &c.Delivered, &c.Read)
	})
	return states, failed(ctx, err, "conversations of user %d", userID)
}
