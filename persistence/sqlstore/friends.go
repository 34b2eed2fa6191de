package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Befriend puts friend at the end of the list.
func (s *Store) Befriend(ctx context.Context, userID, friendID persistence.UserID) (persistence.User, error) {
	var friend persistence.User
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if _, err := user(ctx, tx, userID); err != nil {
			return err
		}
		if friend, err = user(ctx, tx, friendID); err != nil {
			return err
		}
		var pos int64
		err = first(ctx, tx, sq.Select("COALESCE(MAX(pos), 0) + 1").From("friend").Where(sq.Eq{"userid": userID}), &pos)
		if err != nil {
			return err
		}
		return s.create(ctx, tx, sq.Insert("friend").Columns("userid", "friendid", "pos").Values(userID, friendID, pos))
	})
	return friend, failed(ctx, err, "befriend %d with %d", userID, friendID)
}

// Block inserts a row; that it is there already is as good.
func (s *Store) Block(ctx context.Context, userID, by persistence.UserID) error {
	err := s.writeBetween(ctx, userID, by, func(tx *sql.Tx) error {
		err := s.create(ctx, tx, sq.Insert("block").Columns("userid", "byid").Values(userID, by))
		if errors.Is(err, persistence.ErrExists) {
			return nil
		}
		return err
	})
	return failed(ctx, err, "block %d for %d", by, userID)
}

// Unblock deletes the row, if there is one.
func (s *Store) Unblock(ctx context.Context, userID, by persistence.UserID) error {
	err := s.writeBetween(ctx, userID, by, func(tx *sql.Tx) error {
		_, err := sq.Delete("block").Where(sq.Eq{"userid": userID, "byid": by}).RunWith(tx).ExecContext(ctx)
		return err
	})
	return failed(ctx, err, "unblock %d for %d", by, userID)
}

// writeBetween is write for two users that must both exist.
func (s *Store) writeBetween(ctx context.Context, a, b persistence.UserID, f func(tx *sql.Tx) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, id := range []persistence.UserID{a, b} {
			if _, err := user(ctx, tx, id); err != nil {
				return err
			}
		}
		return f(tx)
	})
}
