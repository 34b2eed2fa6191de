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
	Now func() time.Time // nil: time.Now, with MySQL the server's clock
	Log *slog.Logger     // nil: none

	// With MySQL.
	PasswordFile string        // has the password, where the URL does not; a line break at its end does not count
	CAFile       string        // certificates in PEM that sign the server's; empty: the system's do
	Connections  int           // at most so many, half of them for reading; 0: 32
	Timeout      time.Duration // for a connection and for each answer; 0: 5 s. Rows are waited for 2 s
	Weak         bool          // the server need not flush at each commit

	vfs string // what stands in for SQLite's files in tests
}

// Store is a persistence.Store on a SQL database.
type Store struct {
	pools
	dialect  dialect
	log      *slog.Logger
	clock    *clock
	appender *appender
	redeems  combiner[redeem]
}

var _ persistence.Store = (*Store)(nil)

// Open opens the store at url: sqlite:PATH, for this process alone, or a database on a server,
// mysql://USER:PASSWORD@HOST:PORT/DATABASE. Options behind a ? are tls (true, skip-verify, preferred) and
// socket, the path of a Unix socket in place of HOST:PORT. It creates the file and the schema where there
// is none, and migrates the schema. It fails where the database does not promise a flush at each commit,
// and where its schema is more than one version newer than this build's.
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
		return d, "", fmt.Errorf("store %q: write sqlite:PATH or %s", Redacted(url), mysqlForm)
	}
	return d, address, nil
}

// Valid says what is wrong with url and opts as far as this machine alone can tell, nil for nothing.
func Valid(url string, opts Options) error {
	d, address, err := engine(url)
	if err != nil {
		return err
	}
	return d.valid(address, opts)
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
	clock := &clock{now: opts.Now}
	if opts.Now == nil {
		clock.now, clock.server = time.Now, d.now
	}
	opts = opts.complete()
	p, err := d.open(ctx, address, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{pools: p, dialect: d, log: opts.Log, clock: clock}
	s.redeems.run = s.redeemAll
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return s, nil
}

// complete has the defaults for what is not set.
func (o Options) complete() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Connections = cmp.Or(o.Connections, 32)
	o.Timeout = cmp.Or(o.Timeout, 5*time.Second)
	return o
}

func (s *Store) start(ctx context.Context) error {
	if err := migrate(ctx, s.migrator, s.dialect, s.log); err != nil {
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
	s.appender, err = newAppender(ctx, s.writer, s.dialect, s.clock.server)
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
// Where nothing was committed, because the transaction lost to another one or its connection
// broke, f is run again.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.retry(ctx, s.undone, func() error {
		return transaction(ctx, s.writer, nil, f)
	})
}

// undone says that a transaction failed in an ordinary way and has left nothing.
func (s *Store) undone(err error) bool {
	if s.dialect.again(err) {
		return true
	}
	return !errors.As(err, new(unsure)) && (s.dialect.lost(err) || s.dialect.held(err))
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
