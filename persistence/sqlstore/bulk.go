package sqlstore

import (
	"context"
	"database/sql"
	"sync"

	sq "github.com/Masterminds/squirrel"
)

// bulk is one statement for any number of rows.
type bulk struct {
	arity int                       // arguments a row has
	most  int                       // rows of one text
	build func(rows int) sq.Sqlizer // its arguments' values do not matter
	one   *sql.Stmt                 // for one row, prepared; nil: texts serve
	texts sync.Map                  // by the number of rows; each is built once
}

// prepare makes b a statement of one row that stays prepared.
func (b *bulk) prepare(ctx context.Context, db *sql.DB) error {
	text, err := b.text(1)
	if err == nil {
		b.one, err = db.PrepareContext(ctx, text)
	}
	return err
}

func (b *bulk) close() error {
	if b.one == nil {
		return nil
	}
	return b.one.Close()
}

func (b *bulk) text(rows int) (string, error) {
	if text, ok := b.texts.Load(rows); ok {
		return text.(string), nil
	}
	text, _, err := b.build(rows).ToSql()
	if err == nil {
		b.texts.Store(rows, text)
	}
	return text, err
}

// scan reads a row of the results; nil: the statement has none.
type scan func(row sq.RowScanner) error

// runPrepared runs the prepared statement for all rows, whose arguments args holds one row after the other.
func (b *bulk) runPrepared(ctx context.Context, tx *sql.Tx, args []any, scan scan) error {
	stmt := tx.StmtContext(ctx, b.one)
	for ; len(args) > 0; args = args[b.arity:] {
		if scan == nil {
			if _, err := stmt.ExecContext(ctx, args[:b.arity]...); err != nil {
				return err
			}
			continue
		}
		rows, err := stmt.QueryContext(ctx, args[:b.arity]...)
		if err != nil {
			return err
		}
		if err := each(rows, scan); err != nil {
			return err
		}
	}
	return nil
}

// maxStatement is how many bytes of values make a statement full: escaped twice as many still are
// below the 4 MB that a server takes at the least.
const maxStatement = 1 << 20

// fit is how many rows the next statement has, at least one, and the bytes of their values.
func (b *bulk) fit(args []any) (rows, bytes int) {
	for rows < b.most && len(args) > 0 && bytes < maxStatement {
		for _, arg := range args[:b.arity] {
			if value, ok := arg.([]byte); ok {
				bytes += len(value)
			}
		}
		args = args[b.arity:]
		rows++
	}
	return rows, bytes
}

// each calls scan for every row and closes rows.
func each(rows *sql.Rows, scan scan) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
