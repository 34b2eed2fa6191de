package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Issue makes room first: the device's old token goes, those that have expired, and one where
// there would be too many. Tokens are made one after another, for each takes its id from a counter.
func (s *Store) Issue(ctx context.Context, userID persistence.UserID, device string, hash []byte, expires time.Time) (id persistence.TokenID, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		next, err := nextID(ctx, tx, "token")
		if err != nil {
			return err
		}
		id = persistence.TokenID(next)
		if _, err := s.hold(ctx, tx, userID); err != nil {
			return err
		}
		now := s.clock.reads()
		gone, err := prune(ctx, tx, userID, device, now)
		if err == nil && gone {
			err = s.touch(ctx, tx, userID)
		}
		if err != nil {
			return err
		}
		return s.create(ctx, tx, sq.Insert("token").Columns("id", "userid", "device", "hash", "created", "expires").
			Values(id, userID, []byte(device), hash, now, expires.UnixMilli()))
	})
	if err != nil {
		return 0, failed(ctx, err, "issue a token for user %d", userID)
	}
	return id, nil
}

// prune deletes a user's tokens that a new one does not stand beside. It tells whether there were any.
func prune(ctx context.Context, tx *sql.Tx, userID persistence.UserID, device string, now sq.Sqlizer) (gone bool, err error) {
	old := sq.Or{sq.Expr("expires <= ?", now)}
	if device != "" {
		old = append(old, sq.Eq{"device": []byte(device)})
	}
	done, err := sq.Delete("token").Where(sq.Eq{"userid": userID}).Where(old).RunWith(tx).ExecContext(ctx)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	if err != nil {
		return false, err
	}
	latest := sq.Select("id").From("token").Where(sq.Eq{"userid": userID}).OrderBy("COALESCE(used, created) DESC", "id DESC")
	over, err := collect(ctx, tx, latest.Limit(1).Offset(persistence.MaxTokens-1), func(row sq.RowScanner, id *persistence.TokenID) error {
		return row.Scan(id)
	})
	if err != nil || len(over) == 0 {
		return n > 0, err
	}
	_, err = sq.Delete("token").Where(sq.Eq{"id": over}).RunWith(tx).ExecContext(ctx)
	return true, err
}

// redeem is a call of Redeem and what becomes of it.
type redeem struct {
	hash, next, seed []byte
	now, expires     int64
	got              persistence.Redeemed
	err              error
}

// Redeem runs together with those that come at once: after a restart of a node or a proxy everybody does.
func (s *Store) Redeem(ctx context.Context, hash, next, seed []byte, now, expires time.Time) (persistence.Redeemed, error) {
	r := &redeem{hash: hash, next: next, seed: seed, now: now.UnixMilli(), expires: expires.UnixMilli()}
	err := s.redeems.do(ctx, r)
	if err == nil {
		err = r.err
	}
	if err != nil {
		return persistence.Redeemed{}, failed(ctx, err, "redeem a token")
	}
	return r.got, nil
}

// redeemAll redeems tokens in one transaction. That there is no such token is the error of a call, not of it.
func (s *Store) redeemAll(ctx context.Context, calls []*redeem) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, r := range calls {
			if r.err = r.run(ctx, tx); r.err != nil && !errors.Is(r.err, persistence.ErrNotFound) {
				return r.err
			}
		}
		return nil
	})
}

// run looks among the successors first. Whoever waited there for another one with the same
// hash finds it afterwards among the hashes, to which the other one moved it.
func (r *redeem) run(ctx context.Context, tx *sql.Tx) error {
	r.got = persistence.Redeemed{}
	use := sq.Update("token").Set("used", r.now).Set("expires", r.expires).Where(sq.Gt{"expires": r.now})
	n, err := affected(use.Set("hash", r.hash).Set("next_hash", r.next).Set("seed", r.seed).
		Where(sq.Eq{"next_hash": r.hash}).RunWith(tx).ExecContext(ctx))
	if err == nil && n == 0 {
		err = found(use.Set("next_hash", sq.Expr("COALESCE(next_hash, ?)", r.next)).Set("seed", sq.Expr("COALESCE(seed, ?)", r.seed)).
			Where(sq.Eq{"hash": r.hash}).RunWith(tx).ExecContext(ctx))
	}
	if err != nil {
		return err
	}
	return first(ctx, tx, accounts("user.id", "user.name", "token.id", "token.device", "token.seed").
		Join("token ON token.userid = user.id").Where(sq.Eq{"token.hash": r.hash}),
		&r.got.ID, &r.got.Name, &r.got.Token, &r.got.Device, &r.got.Seed)
}

// Tokens reads those of one user.
func (s *Store) Tokens(ctx context.Context, userID persistence.UserID, now time.Time) ([]persistence.Token, error) {
	q := sq.Select("id", "device", "created", "used", "expires").From("token").
		Where(sq.Eq{"userid": userID}).Where(sq.Gt{"expires": now.UnixMilli()}).OrderBy("id")
	tokens, err := collect(ctx, s.reader, q, scanToken)
	return tokens, failed(ctx, err, "tokens of user %d", userID)
}

func scanToken(row sq.RowScanner, t *persistence.Token) error {
	var created, expires int64
	var used sql.NullInt64
	err := row.Scan(&t.ID, &t.Device, &created, &used, &expires)
	t.Created, t.Expires = time.UnixMilli(created), time.UnixMilli(expires)
	if used.Valid {
		t.Used = time.UnixMilli(used.Int64)
	}
	return err
}

// Revoke deletes the row and stamps the account.
func (s *Store) Revoke(ctx context.Context, userID persistence.UserID, id persistence.TokenID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		err := found(sq.Delete("token").Where(sq.Eq{"id": id, "userid": userID}).RunWith(tx).ExecContext(ctx))
		if err != nil {
			return err
		}
		return s.touch(ctx, tx, userID)
	})
	return failed(ctx, err, "revoke token %d of user %d", id, userID)
}
