package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// CloseAccount takes several transactions: it leaves the groups one by one, deletes what is long in
// steps, and closes the account last. Where it fails in between the account is open, and closing
// it again does what is left to do; the groups that were left come with the error.
func (s *Store) CloseAccount(ctx context.Context, id persistence.UserID) (left []persistence.Leaving, err error) {
	joined := func(err error) bool { return errors.Is(err, errJoined) }
	err = s.retry(ctx, joined, func() error {
		some, err := s.leaveAll(ctx, id)
		left = append(left, some...)
		if err != nil {
			return err
		}
		if err := s.thin(ctx, id); err != nil {
			return err
		}
		return s.write(ctx, func(tx *sql.Tx) error { return s.closeUser(ctx, tx, id) })
	})
	return left, failed(ctx, err, "close the account of user %d", id)
}

// errJoined: a user whose account is being closed joined a group meanwhile.
var errJoined = errors.New("a group was joined meanwhile")

func (s *Store) leaveAll(ctx context.Context, id persistence.UserID) (left []persistence.Leaving, err error) {
	groups, err := collect(ctx, s.reader, groupsOf(id), func(row sq.RowScanner, g *persistence.GroupID) error { return row.Scan(g) })
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		heir, err := s.Leave(ctx, g, id)
		if errors.Is(err, persistence.ErrForbidden) || errors.Is(err, persistence.ErrNotFound) {
			continue // it was removed meanwhile
		}
		if err != nil {
			return left, err
		}
		left = append(left, persistence.Leaving{Group: g, Heir: heir})
	}
	return left, nil
}

func groupsOf(id persistence.UserID) sq.SelectBuilder {
	return sq.Select("groupid").From("groupuser").Where(sq.Eq{"userid": id, "gone": 0}).OrderBy("groupid")
}

// rows are those of a table that belong to the user in one column. They differ in another one.
type rows struct{ table, user, other string }

// personal goes with an account. Blocks are the last, so that an account that is still open after
// a failure has them.
var personal = []rows{
	{"token", "userid", "id"},
	{"groupinvite", "userid", "groupid"},
	{"groupban", "userid", "groupid"},
	{"friend", "userid", "friendid"},
	{"friend", "friendid", "userid"},
	{"mark", "userid", "conv"},
	{"block", "byid", "userid"},
	{"block", "userid", "byid"},
}

// closeStep is how many rows one transaction of thin deletes: some milliseconds, so that a user
// whom many have on their lists does not hold up all others.
const closeStep = 500

// thin leaves less than a step of each table's rows.
func (s *Store) thin(ctx context.Context, id persistence.UserID) error {
	for i := 0; i < len(personal); {
		var more bool
		err := s.write(ctx, func(tx *sql.Tx) (err error) {
			more, err = personal[i].shorten(ctx, tx, id)
			return err
		})
		if err != nil {
			return err
		}
		if !more {
			i++
		}
	}
	return nil
}

// shorten deletes a step of the rows if there is a whole one.
func (r rows) shorten(ctx context.Context, tx *sql.Tx, id persistence.UserID) (done bool, err error) {
	var last int64
	err = first(ctx, tx, sq.Select(r.other).From(r.table).Where(sq.Eq{r.user: id}).
		OrderBy(r.other).Limit(1).Offset(closeStep-1), &last)
	if errors.Is(err, persistence.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = r.delete(id).Where(sq.LtOrEq{r.other: last}).RunWith(tx).ExecContext(ctx)
	return true, err
}

func (r rows) delete(id persistence.UserID) sq.DeleteBuilder {
	return sq.Delete(r.table).Where(sq.Eq{r.user: id})
}

// closeUser closes the account of who is in no group, and deletes the rows that are left.
func (s *Store) closeUser(ctx context.Context, tx *sql.Tx, id persistence.UserID) error {
	if _, err := s.hold(ctx, tx, id); err != nil {
		return err
	}
	key := fmt.Appendf(nil, "\x00%d", id) // no name folds to one with a NUL
	_, err := sq.Update("user").Set("name", []byte(persistence.ClosedName)).Set("namekey", key).Set("password", []byte{}).
		Set("changed", s.clock.reads()).Where(sq.Eq{"id": id}).RunWith(tx).ExecContext(ctx)
	if err != nil {
		return err
	}
	member, err := exists(ctx, tx, groupsOf(id).Limit(1))
	if err != nil {
		return err
	}
	if member {
		return errJoined
	}
	for _, r := range personal {
		if _, err := r.delete(id).RunWith(tx).ExecContext(ctx); err != nil {
			return err
		}
	}
	return nil
}
