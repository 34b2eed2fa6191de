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

// Convs reads the user's marks with their conversations' heads and the other users' marks.
func (s *Store) Convs(ctx context.Context, userID persistence.UserID, above persistence.Conv, limit int) ([]persistence.ConvState, error) {
	q := sq.Select("k.conv", "c.head", "k.since", "k.delivered", "k.read_seq", "COALESCE(p.delivered, 0)", "COALESCE(p.read_seq, 0)").
		From("mark k").Join("conversation c ON c.conv = k.conv").LeftJoin(peerMark, persistence.GroupConv(1)).
		Where(sq.Eq{"k.userid": userID}).Where(sq.Gt{"k.conv": above}).OrderBy("k.conv").Limit(uint64(max(limit, 0)))
	states, err := collect(ctx, s.reader, q, func(row sq.RowScanner, c *persistence.ConvState) error {
		return row.Scan(&c.Conv, &c.Head, &c.Since, &c.Delivered, &c.Read, &c.PeerDelivered, &c.PeerRead)
	})
	return states, failed(ctx, err, "conversations of user %d", userID)
}

// peerMark joins the mark p of the other user to that of a direct conversation, k: the one of the
// two ids in conv that is not k's. The argument is above all direct conversations.
const peerMark = `mark p ON p.userid = (k.conv >> 31) + (k.conv & 2147483647) - k.userid AND p.conv = k.conv
	AND k.conv < ? AND p.userid <> k.userid
	AND NOT EXISTS (SELECT 1 FROM block b WHERE b.userid = p.userid AND b.byid = k.userid)`
