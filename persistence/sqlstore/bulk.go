package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"
)

// bulk is one statement for any number of rows. Its texts for some fixed numbers of rows, its
// widths, are built once and stay prepared.
type bulk struct {
	arity int // arguments a row has
	sized []sized
}

type sized struct {
	rows int
	stmt *sql.Stmt
}

// newBulk prepares what build makes for each width; widths are as in dialect.
func newBulk(ctx context.Context, db *sql.DB, widths []int, arity int, build func(rows int) sq.Sqlizer) (bulk, error) {
	b := bulk{arity: arity}
	for _, rows := range widths {
		text, _, err := build(rows).ToSql()
		if err != nil {
			return b, errors.Join(err, b.close())
		}
		stmt, err := db.PrepareContext(ctx, text)
		if err != nil {
			return b, errors.Join(err, b.close())
		}
		b.sized = append(b.sized, sized{rows, stmt})
	}
	return b, nil
}

func (b bulk) close() error {
	var errs []error
	for _, s := range b.sized {
		errs = append(errs, s.stmt.Close())
	}
	return errors.Join(errs...)
}

// run calls f with a statement of tx and its arguments until all of args are used up.
func (b bulk) run(ctx context.Context, tx *sql.Tx, args []any, f func(stmt *sql.Stmt, args []any) error) error {
	for _, s := range b.sized {
		n := s.rows * b.arity
		if len(args) < n {
			continue
		}
		stmt := tx.StmtContext(ctx, s.stmt)
		for ; len(args) >= n; args = args[n:] {
			if err := f(stmt, args[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// exec runs the statement for all rows, whose arguments args holds one row after the other.
func (b bulk) exec(ctx context.Context, tx *sql.Tx, args []any) error {
	return b.run(ctx, tx, args, func(stmt *sql.Stmt, args []any) error {
		_, err := stmt.ExecContext(ctx, args...)
		return err
	})
}

// query runs the statement as exec does and calls scan for each row of the results.
func (b bulk) query(ctx context.Context, tx *sql.Tx, args []any, scan func(row sq.RowScanner) error) error {
	return b.run(ctx, tx, args, func(stmt *sql.Stmt, args []any) error {
		rows, err := stmt.QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		return each(rows, scan)
	})
}

// each calls scan for every row and closes rows.
func each(rows *sql.Rows, scan func(row sq.RowScanner) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
