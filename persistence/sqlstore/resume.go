package sqlstore

import (
	"context"
	"database/sql/driver"
	"strings"
)

// resuming makes connections for migrations. On a server each statement of one that changes the schema is
// committed by itself, so a node that is killed in the middle leaves a half. The next one runs the migration
// again from its start, where what is there already counts as done. Tables of another program do not pass
// for this one's: an index on them has columns that they lack.
type resuming struct{ driver.Connector }

func (r resuming) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return resumingConn{c.(conn)}, nil
}

// conn is all that the driver's connections can do.
type conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type resumingConn struct{ conn }

func (c resumingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.conn.ExecContext(ctx, query, args)
	if mysqlIs(err, mysqlDuplicate, mysqlTable, mysqlColumn, mysqlIndex) && !strings.Contains(query, "goose_") {
		return driver.ResultNoRows, nil
	}
	return result, err
}
