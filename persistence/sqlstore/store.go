package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Options are what a store need not be told.
type Options struct {
	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: none

	vfs string // what stands in for SQLite's files in tests
}

// Store is a persistence.Store on a SQL database.
type Store struct {
	pools
	dialect  dialect
	log      *slog.Logger
	clock    *clock
	appender *appender
}

var _ persistence.Store = (*Store)(nil)

// Open opens the store at url, which is sqlite:PATH, for this process alone. It creates what is
// missing and migrates the schema. It fails where the database does not promise a flush at each
// commit, and where its schema is more than one version newer than this build's.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	d, address, err := engine(url)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, d, address, opts)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// engine is the dialect that url names, and the address in it.
func engine(url string) (d dialect, address string, err error) {
	scheme, address, _ := strings.Cut(url, ":")
	d, ok := dialects[scheme]
	if !ok {
		return d, "", fmt.Errorf("store %q: write sqlite:PATH", url)
	}
	return d, address, nil
}

// Migrate brings the schema at url up to this build's, as Open does, and closes it again.
func Migrate(ctx context.Context, url string, opts Options) error {
	s, err := Open(ctx, url, opts)
	if err != nil {
		return err
	}
	return s.Close()
}

func open(ctx context.Context, d dialect, address string, opts Options) (*Store, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	p, err := d.open(ctx, address, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{pools: p, dialect: d, log: opts.Log, clock: &clock{now: opts.Now}}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return s, nil
}

func (s *Store) start(ctx context.Context) error {
	if err := migrate(ctx, s.writer, s.dialect, s.log); err != nil {
		return err
	}
	err := sq.Select("COALESCE(MAX(ts), 0)").From("message").
		RunWith(s.writer).QueryRowContext(ctx).Scan(&s.clock.last)
	if err != nil {
		return fmt.Errorf("read the last message's time: %w", err)
	}
	if err := s.name(ctx); err != nil {
		return fmt.Errorf("name the store's history: %w", err)
	}
	s.appender, err = newAppender(ctx, s.writer, s.dialect)
	return err
}

// Close ends the store. Call it when nothing uses it any more.
func (s *Store) Close() error {
	return errors.Join(s.appender.close(), s.close())
}

// Ping counts pings, and so finds a disk that is full.
func (s *Store) Ping(ctx context.Context) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := nextID(ctx, tx, "ping")
		return err
	})
	return failed(ctx, err, "ping")
}

// tries is how often a transaction is run whose failure is ordinary.
const tries = 3

// unsure is a commit that failed: it may have taken effect.
type unsure struct{ error }

func (u unsure) Unwrap() error { return u.error }

// write runs f in one transaction and commits what it did, or nothing where f returns an error.
// Where the transaction lost to another one f is run again.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.retry(ctx, s.dialect.again, func() error {
		return transaction(ctx, s.writer, nil, f)
	})
}

// read runs f in one transaction that does not write, so that all of it is of one moment.
func (s *Store) read(ctx context.Context, f func(tx *sql.Tx) error) error {
	return transaction(ctx, s.reader, &sql.TxOptions{ReadOnly: true}, f)
}

// transaction runs f in one, and commits it unless f returns an error. A failure of the commit is
// unsure. Where f panics the transaction is left as it is, for database/sql would wait for itself to
// roll it back. It keeps its connection for good then, on SQLite the only one that writes: ErrLost.
func transaction(ctx context.Context, db *sql.DB, opts *sql.TxOptions, f func(tx *sql.Tx) error) (err error) {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v\n%s", persistence.ErrLost, r, debug.Stack())
		}
	}()
	if err := f(tx); err != nil {
		tx.Rollback() // where it fails the connection is at fault, and is dropped
		return err
	}
	if err := tx.Commit(); err != nil {
		return unsure{err}
	}
	return nil
}

// retry runs f until it succeeds, its error is not an ordinary one, or it ran tries times.
func (s *Store) retry(ctx context.Context, ordinary func(error) bool, f func() error) error {
	for try := 1; ; try++ {
		err := f()
		if err == nil || try == tries || ctx.Err() != nil || !ordinary(err) {
			return err
		}
		s.log.Debug("transaction runs again", "err", err)
		jitter := time.Duration(try) * time.Duration(rand.Int64N(int64(10*time.Millisecond)))
		select {
		case <-time.After(jitter):
		case <-ctx.Done():
		}
	}
}

// failed says what was being done, and that time was up where that is the reason.
func failed(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(doing, args...), cmp.Or(ctx.Err(), err))
}
