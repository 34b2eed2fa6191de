package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"
)

func sqlite() dialect {
	return dialect{
		goose: goose.DialectSQLite3,
		valid: func(path string, _ Options) error { _, err := sqlitePath(path); return err },
		open:  openSQLite,
		look:  lookSQLite,
		tables: func(name string) sq.SelectBuilder {
			return sq.Select("COUNT(*)").From("sqlite_schema").Where(sq.Eq{"name": name})
		},
		addHead:   "ON CONFLICT (conv) DO UPDATE SET head = conversation.head + excluded.head",
		duplicate: sqliteDuplicate,
		again:     func(err error) bool { return errors.Is(err, sqlite3.BUSY) },
		lost:      never,
		held:      never,
		bad:       never,
	}
}

const (
	sqliteReaders     = 4
	sqliteWriterCache = 128 << 10 // KiB; the index of cids wants to be in memory. A connection has 256 MiB for all it does
	sqliteReaderCache = 16 << 10
	sqliteBusy        = 2 * time.Second // waiting for another process, say a backup
)

func openSQLite(ctx context.Context, path string, opts Options) (pools, error) {
	path, err := sqlitePath(path)
	if err != nil {
		return pools{}, err
	}
	if err := createFile(path); err != nil {
		return pools{}, err
	}
	file, err := filepath.EvalSymlinks(path) // one file has one lock, whatever links lead to it
	if err != nil {
		return pools{}, err
	}
	unlock, err := lockFile(file + ".lock")
	if errors.Is(err, errLocked) {
		return pools{}, fmt.Errorf("another node uses %s: stop it, or give this one a store of its own", path)
	}
	if err != nil {
		return pools{}, err
	}
	p := pools{release: unlock}
	// modeof: the write-ahead log is as private as the database.
	dsn := sqliteDSN(path, url.Values{"modeof": {path}}, opts)
	p.writer, err = sqlitePool(dsn, 1, sqliteWriterCache, "OFF")
	if err != nil {
		return pools{}, errors.Join(err, unlock())
	}
	p.migrator = p.writer
	p.reader, err = sqlitePool(dsn, sqliteReaders, sqliteReaderCache, "ON")
	if err != nil {
		return pools{}, errors.Join(err, p.writer.Close(), unlock())
	}
	// The writer connects first: it is the one that can turn the write-ahead log on.
	if err := p.writer.PingContext(ctx); err != nil {
		return pools{}, errors.Join(err, p.close())
	}
	return p, nil
}

// lookSQLite is dialect.look.
func lookSQLite(_ context.Context, path string, opts Options) (db *sql.DB, where string, err error) {
	path, err = sqlitePath(path)
	if err != nil {
		return nil, "", err
	}
	there, err := lookFile(path)
	if err != nil || !there {
		return nil, path, err
	}
	// Without a write-ahead log nobody is at work. SQLite is told so, or it would leave one behind.
	// With one it needs the log's index, which it makes anew after a kill: all that it ever writes here.
	query := url.Values{"immutable": {"1"}}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		query = url.Values{"mode": {"ro"}}
	}
	db, err = driver.Open(sqliteDSN(path, query, opts), func(c *sqlite3.Conn) error { return c.BusyTimeout(sqliteBusy) })
	return db, path, err
}

func sqlitePath(path string) (string, error) {
	if path == "" {
		return "", errors.New("the store has no path: write sqlite:PATH")
	}
	return filepath.Abs(path)
}

func sqliteDSN(path string, query url.Values, opts Options) string {
	if opts.vfs != "" {
		query.Set("vfs", opts.vfs)
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20")}).String()
}

// sqlitePool is up to conns connections, which stay open, with a cache of so many KiB each.
func sqlitePool(dsn string, conns, cache int, queryOnly string) (*sql.DB, error) {
	settings := fmt.Sprintf("PRAGMA cache_size = -%d; PRAGMA query_only = %s", cache, queryOnly)
	db, err := driver.Open(dsn, func(c *sqlite3.Conn) error {
		return errors.Join(c.BusyTimeout(sqliteBusy), sqliteDurable(c), c.Exec(settings))
	})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// sqliteDurable makes a connection flush at each commit, and fails where it will not.
func sqliteDurable(c *sqlite3.Conn) error {
	for _, p := range []struct{ name, value, reads string }{
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", "2"},
		{"fullfsync", "ON", "1"}, // macOS: a plain fsync stops at the disk's cache
	} {
		if err := c.Exec("PRAGMA " + p.name + " = " + p.value); err != nil {
			return fmt.Errorf("set %s: %w", p.name, err)
		}
		got, err := sqlitePragma(c, p.name)
		if err != nil {
			return err
		}
		if got != p.reads {
			return fmt.Errorf("this database would lose messages at a power cut: %s is %q, not %q", p.name, got, p.reads)
		}
	}
	return nil
}

func sqlitePragma(c *sqlite3.Conn, name string) (string, error) {
	stmt, _, err := c.Prepare("PRAGMA " + name)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	defer stmt.Close()
	stmt.Step()
	return stmt.ColumnText(0), stmt.Err()
}

func sqliteDuplicate(err error) bool {
	return errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY)
}
