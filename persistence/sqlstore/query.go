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

// exists reports whether q has a row. Its one column is a number.
func exists(ctx context.Context, db sq.BaseRunner, q sq.SelectBuilder) (bool, error) {
	err := first(ctx, db, q, new(int64))
	if errors.Is(err, persistence.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// atMost returns ErrFull where what q counts is above max.
func atMost(ctx context.Context, tx *sql.Tx, max int, q sq.SelectBuilder) error {
	var n int
	err := first(ctx, tx, q, &n)
	if err == nil && n > max {
		err = persistence.ErrFull
	}
	return err
}

// affected is how many rows a statement changed.
func affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// found returns ErrNotFound where a statement changed no row.
func found(result sql.Result, err error) error {
	n, err := affected(result, err)
	if err == nil && n == 0 {
		err = persistence.ErrNotFound
	}
	return err
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
	return s.taken(err)
}

// taken is err, or ErrExists where it says that a unique key is taken.
func (s *Store) taken(err error) error {
	if s.dialect.duplicate(err) {
		return persistence.ErrExists
	}
	return err
}
