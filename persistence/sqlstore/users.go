package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Register takes the next id; one that a refused name took is given back.
func (s *Store) Register(ctx context.Context, name string, key []byte, hash string) (persistence.UserID, error) {
	var id persistence.UserID
	err := s.write(ctx, func(tx *sql.Tx) error {
		next, err := nextID(ctx, tx, "user")
		if err != nil {
			return err
		}
		id = persistence.UserID(next)
		if id > persistence.MaxUserID {
			return errors.New("no user id is left")
		}
		return s.create(ctx, tx, sq.Insert("user").Columns("id", "name", "namekey", "password").
			Values(id, []byte(name), key, []byte(hash)))
	})
	if err != nil {
		return 0, failed(ctx, err, "register %q", name)
	}
	return id, nil
}

// Credentials reads one row.
func (s *Store) Credentials(ctx context.Context, id persistence.UserID) (persistence.Credentials, error) {
	c, err := s.credentials(ctx, sq.Eq{"id": id})
	return c, failed(ctx, err, "credentials of user %d", id)
}

// CredentialsOf reads one row.
func (s *Store) CredentialsOf(ctx context.Context, key []byte) (persistence.Credentials, error) {
	c, err := s.credentials(ctx, sq.Eq{"namekey": key})
	return c, failed(ctx, err, "credentials of the user with key %q", key)
}

func (s *Store) credentials(ctx context.Context, who sq.Eq) (c persistence.Credentials, err error) {
	err = first(ctx, s.reader, accounts("id", "name", "password", "gen").Where(who), &c.ID, &c.Name, &c.Hash, &c.Gen)
	return c, err
}

// Find reads one row.
func (s *Store) Find(ctx context.Context, reader, id persistence.UserID) (persistence.Peer, error) {
	p, err := peer(ctx, s.reader, reader, sq.Eq{"id": id})
	return p, failed(ctx, err, "find user %d", id)
}

// FindName reads one row.
func (s *Store) FindName(ctx context.Context, reader persistence.UserID, key []byte) (persistence.Peer, error) {
	p, err := peer(ctx, s.reader, reader, sq.Eq{"namekey": key})
	return p, failed(ctx, err, "find the user with key %q", key)
}

// SetPassword writes first, which locks the account, and then looks whether there is one.
func (s *Store) SetPassword(ctx context.Context, id persistence.UserID, hash string, keep persistence.TokenID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := sq.Update("user").Set("password", []byte(hash)).Set("gen", sq.Expr("gen + 1")).Set("changed", s.clock.reads()).
			Where(sq.Eq{"id": id}).Where(unclosed).RunWith(tx).ExecContext(ctx)
		if err != nil {
			return err
		}
		if _, err := user(ctx, tx, id); err != nil {
			return err
		}
		_, err = sq.Delete("token").Where(sq.Eq{"userid": id}).Where(sq.NotEq{"id": keep}).RunWith(tx).ExecContext(ctx)
		return err
	})
	return failed(ctx, err, "set the password of user %d", id)
}

// unclosed is the condition that an account was not closed: closing takes its password.
const unclosed = "LENGTH(user.password) > 0"

// accounts are the users but for those who closed their account.
func accounts(columns ...string) sq.SelectBuilder {
	return sq.Select(columns...).From("user").Where(unclosed)
}

// user reads one account, or returns ErrNotFound.
func user(ctx context.Context, tx *sql.Tx, id persistence.UserID) (persistence.User, error) {
	u := persistence.User{ID: id}
	err := first(ctx, tx, accounts("name").Where(sq.Eq{"id": id}), &u.Name)
	return u, err
}

// hold reads one account as user does. Nobody else changes or closes it before the transaction ends.
func (s *Store) hold(ctx context.Context, tx *sql.Tx, id persistence.UserID) (persistence.User, error) {
	u := persistence.User{ID: id}
	err := first(ctx, tx, accounts("name").Where(sq.Eq{"id": id}).Suffix(s.dialect.lock), &u.Name)
	return u, err
}

// holdBoth holds two accounts, the lower id first, so that two transactions do not wait for each other.
func (s *Store) holdBoth(ctx context.Context, tx *sql.Tx, a, b persistence.UserID) error {
	for _, id := range []persistence.UserID{min(a, b), max(a, b)} {
		if _, err := s.hold(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// peer reads one account as reader sees it, or returns ErrNotFound.
func peer(ctx context.Context, db sq.BaseRunner, reader persistence.UserID, who sq.Eq) (p persistence.Peer, err error) {
	err = first(ctx, db, accounts("id", "name").Column(hides("user.id", reader)).Where(who), &p.ID, &p.Name, &p.Hides)
	return p, err
}

// hides is a column: whether the user in another one blocks reader.
func hides(column string, reader persistence.UserID) sq.Sqlizer {
	return sq.Expr("EXISTS (SELECT 1 FROM block WHERE block.userid = "+column+" AND block.byid = ?)", reader)
}

func scanUserID(row sq.RowScanner, id *persistence.UserID) error { return row.Scan(id) }
