package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Befriend puts friend at the end of the list.
func (s *Store) Befriend(ctx context.Context, userID, friendID persistence.UserID) (persistence.Peer, error) {
	var friend persistence.Peer
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if err := s.holdBoth(ctx, tx, userID, friendID); err != nil {
			return err
		}
		if friend, err = peer(ctx, tx, userID, sq.Eq{"id": friendID}); err != nil {
			return err
		}
		var pos int64
		err = first(ctx, tx, sq.Select("COALESCE(MAX(pos), 0) + 1").From("friend").Where(sq.Eq{"userid": userID}), &pos)
		if err != nil {
			return err
		}
		err = s.create(ctx, tx, sq.Insert("friend").Columns("userid", "friendid", "pos").Values(userID, friendID, pos))
		if err != nil {
			return err
		}
		return atMost(ctx, tx, persistence.MaxFriends, sq.Select("COUNT(*)").From("friend").Where(sq.Eq{"userid": userID}))
	})
	return friend, failed(ctx, err, "befriend %d with %d", userID, friendID)
}

// Unfriend deletes the row. The others keep their places.
func (s *Store) Unfriend(ctx context.Context, userID, friendID persistence.UserID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		return found(sq.Delete("friend").Where(sq.Eq{"userid": userID, "friendid": friendID}).RunWith(tx).ExecContext(ctx))
	})
	return failed(ctx, err, "unfriend %d from %d", userID, friendID)
}

// Friends reads the list.
func (s *Store) Friends(ctx context.Context, userID persistence.UserID) ([]persistence.Peer, error) {
	list, err := friends(ctx, s.reader, userID)
	return list, failed(ctx, err, "friends of user %d", userID)
}

func friends(ctx context.Context, db sq.BaseRunner, userID persistence.UserID) ([]persistence.Peer, error) {
	q := sq.Select("u.id", "u.name").Column(hides("u.id", userID)).From("friend f").Join("user u ON u.id = f.friendid").
		Where(sq.Eq{"f.userid": userID}).OrderBy("f.pos", "f.friendid")
	return collect(ctx, db, q, func(row sq.RowScanner, p *persistence.Peer) error { return row.Scan(&p.ID, &p.Name, &p.Hides) })
}

// Watchers reads the index that has friends first.
func (s *Store) Watchers(ctx context.Context, userID persistence.UserID, limit int) ([]persistence.UserID, error) {
	q := sq.Select("f.userid").From("friend f").Where(sq.Eq{"f.friendid": userID}).
		Where("NOT EXISTS (SELECT 1 FROM block b WHERE b.userid = f.friendid AND b.byid = f.userid)").
		OrderBy("f.userid").Limit(uint64(max(limit, 0)))
	ids, err := collect(ctx, s.reader, q, scanUserID)
	return ids, failed(ctx, err, "watchers of user %d", userID)
}

// Block inserts a row; that it is there already is as good. No message of by that is under way meanwhile
// comes after it.
func (s *Store) Block(ctx context.Context, userID, by persistence.UserID) error {
	err := s.writeBetween(ctx, userID, by, func(tx *sql.Tx) error {
		err := s.create(ctx, tx, sq.Insert("block").Columns("userid", "byid").Values(userID, by))
		if err != nil && !errors.Is(err, persistence.ErrExists) {
			return err
		}
		return s.touch(ctx, tx, userID)
	})
	return failed(ctx, err, "block %d for %d", by, userID)
}

// Unblock deletes the row, if there is one.
func (s *Store) Unblock(ctx context.Context, userID, by persistence.UserID) error {
	err := s.writeBetween(ctx, userID, by, func(tx *sql.Tx) error {
		_, err := sq.Delete("block").Where(sq.Eq{"userid": userID, "byid": by}).RunWith(tx).ExecContext(ctx)
		if err != nil {
			return err
		}
		return s.touch(ctx, tx, userID)
	})
	return failed(ctx, err, "unblock %d for %d", by, userID)
}

// writeBetween is write for two users that must both exist, with their conversation locked.
func (s *Store) writeBetween(ctx context.Context, a, b persistence.UserID, f func(tx *sql.Tx) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := lockConv(ctx, tx, persistence.Direct(a, b)); err != nil {
			return err
		}
		if err := s.holdBoth(ctx, tx, a, b); err != nil {
			return err
		}
		return f(tx)
	})
}
