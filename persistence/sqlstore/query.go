package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// collect runs q and returns its rows as scan reads them.
func collect[T any](ctx context.Context, db sq.BaseRunner, q sq.SelectBuilder, scan func(row sq.RowScanner, to *T) error) ([]T, error) {
	rows, err := q.RunWith(db).QueryContext(ctx)
	if err != nil {
		return nil, err
	}
	var all []T
	err = each(rows, func(row sq.RowScanner) error {
		var one T
		err := scan(row, &one)
		all = append(all, one)
		return err
	})
	return all, err
}

// first reads the columns of q's only row into to, and returns ErrNotFound where there is none.
func first(ctx context.Context, db sq.BaseRunner, q sq.SelectBuilder, to ...any) error {
	err := q.RunWith(db).QueryRowContext(ctx).Scan(to...)
	if errors.Is(err, sql.ErrNoRows) {
		return persistence.ErrNotFound
	}
	return err
}

func scanUser(row sq.RowScanner, u *persistence.User) error { return row.Scan(&u.ID, &u.Name) }

// user reads one user, or returns ErrNotFound.
func user(ctx context.Context, tx *sql.Tx, id persistence.UserID) (persistence.User, error) {
	u := persistence.User{ID: id}
	err := first(ctx, tx, sq.Select("name").From("user").Where(sq.Eq{"id": id}), &u.Name)
	return u, err
}

// nextID takes the next id of a counter.
func nextID(ctx context.Context, tx *sql.Tx, counter string) (id int64, err error) {
	where := sq.Eq{"name": counter}
	_, err = sq.Update("counter").Set("last", sq.Expr("last + 1")).Where(where).RunWith(tx).ExecContext(ctx)
	if err != nil {
		return 0, err
	}
	err = first(ctx, tx, sq.Select("last").From("counter").Where(where), &id)
	return id, err
}

// create runs an INSERT and returns ErrExists where its key is taken.
func (s *Store) create(ctx context.Context, tx *sql.Tx, q sq.InsertBuilder) error {
	_, err := q.RunWith(tx).ExecContext(ctx)
	if s.dialect.duplicate(err) {
		return persistence.ErrExists
	}
	return err
}
