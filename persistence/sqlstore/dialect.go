package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"
	"github.com/pressly/goose/v3"
)

// dialect is all that differs between the engines.
type dialect struct {
	goose goose.Dialect
	// locker keeps two nodes from migrating at once; nil where only one can have the store open.
	locker func() (goose.ProviderOption, error)
	// valid says what is wrong with what stands behind "scheme:" in a store's URL.
	valid func(address string, opts Options) error
	// open connects to what stands there.
	open func(ctx context.Context, address string, opts Options) (pools, error)
	// look opens for reading what stands there and changes nothing. where is its name
	// for people. Without an error and without db nothing is there yet, and open can make it.
	look func(ctx context.Context, address string, opts Options) (db *sql.DB, where string, err error)
	// tables counts the tables of a name.
	tables func(name string) sq.SelectBuilder
	// now is the server's clock in Unix milliseconds, "" where there is no server.
	now string
	// lock ends a SELECT of rows that nobody else may change before the transaction ends; "" where
	// one transaction writes at a time.
	lock string
	// addHead ends an INSERT into conversation: a row that is there already has head added to.
	addHead string
	// rows is how many rows a statement of a batch has at most, whose text is made for their number.
	// 0: each row is a statement of its own, which stays prepared.
	rows int
	// duplicate says that a unique key is taken.
	duplicate func(error) bool
	// again says that a transaction lost to another one, was rolled back and may simply be run again.
	again func(error) bool
	// held says that a row was locked by another transaction for too long.
	held func(error) bool
	// lost says that the connection broke: what was not committed is rolled back.
	lost func(error) bool
	// bad says that the values of a statement are not what its columns take.
	bad func(error) bool
}

// dialects are the engines by the scheme of their URLs.
var dialects = map[string]dialect{"sqlite": sqlite(), "mysql": mySQL()}

func never(error) bool { return false }

// pools are the connections to a database. They may be the same.
type pools struct {
	migrator       *sql.DB // no time limits a statement of it
	writer, reader *sql.DB
	release        func() error // gives the database free once all are closed
}

// close ends the readers first: the last connection cleans up, which needs a writer.
func (p pools) close() error {
	return errors.Join(p.reader.Close(), p.writer.Close(), p.migrator.Close(), p.release())
}
