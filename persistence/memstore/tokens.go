package memstore

import (
	"context"
	"slices"
	"time"

	"chatserver/persistence"
)

// token is a login that a device keeps. Times are Unix milliseconds.
type token struct {
	id            persistence.TokenID
	owner         *account
	device        string
	hash          string
	next, seed    string // the successor's hash and what it is made from; empty before the first use
	created, used int64  // used is 0 before the first use
	expires       int64
}

// latest is when it was used, or made.
func (t *token) latest() int64 {
	if t.next != "" {
		return t.used
	}
	return t.created
}

// dropTokens ends those of an account that which chooses.
func (s *Store) dropTokens(a *account, which func(*token) bool) {
	for _, t := range slices.Clone(a.tokens.values) {
		if which(t) {
			a.tokens.drop(t.id)
			delete(s.hashes, t.hash)
			delete(s.successors, t.next)
		}
	}
}

// Issue makes room first: the device's old token goes, those that have expired, and one where there would
// be too many.
func (s *Store) Issue(ctx context.Context, id persistence.UserID, device string, hash []byte, expires time.Time) (made persistence.TokenID, err error) {
	err = s.do(ctx, func() error {
		a, err := s.account(id)
		if err != nil {
			return err
		}
		now := s.stamp()
		old := a.outdated(device, now)
		if taken := s.hashes[string(hash)]; taken != nil && !slices.Contains(old, taken) {
			return persistence.ErrExists
		}
		if s.dropTokens(a, func(t *token) bool { return slices.Contains(old, t) }); len(old) > 0 {
			s.touch(a)
		}
		s.tokens++
		made = s.tokens
		t := &token{id: made, owner: a, device: device, hash: string(hash), created: now, expires: expires.UnixMilli()}
		a.tokens.put(t.id, t)
		s.hashes[t.hash] = t
		return nil
	}, "issue a token for user %d", id)
	return made, err
}

// outdated are the tokens that a new one does not stand beside.
func (a *account) outdated(device string, now int64) (old []*token) {
	var oldest *token
	left := 0
	for _, t := range a.tokens.all() {
		if t.expires <= now || device != "" && t.device == device {
			old = append(old, t)
			continue
		}
		left++
		if oldest == nil || t.latest() < oldest.latest() {
			oldest = t
		}
	}
	if left >= persistence.MaxTokens {
		old = append(old, oldest)
	}
	return old
}

// Redeem looks among the successors first.
func (s *Store) Redeem(ctx context.Context, hash, next, seed []byte, now, expires time.Time) (r persistence.Redeemed, err error) {
	err = s.do(ctx, func() error {
		t, succeeds := s.successors[string(hash)]
		if !succeeds {
			t = s.hashes[string(hash)]
		}
		if t == nil || t.expires <= now.UnixMilli() {
			return persistence.ErrNotFound
		}
		if succeeds {
			s.succeed(t)
		}
		if t.next == "" {
			t.next, t.seed = string(next), string(seed)
			s.successors[t.next] = t
		}
		t.used, t.expires = now.UnixMilli(), expires.UnixMilli()
		r = persistence.Redeemed{User: t.owner.User, Token: t.id, Device: t.device, Seed: []byte(t.seed)}
		return nil
	}, "redeem a token")
	return r, err
}

// succeed gives the token the hash of its successor, and that none.
func (s *Store) succeed(t *token) {
	delete(s.hashes, t.hash)
	delete(s.successors, t.next)
	t.hash, t.next, t.seed = t.next, "", ""
	s.hashes[t.hash] = t
}

// Tokens leaves out those that have expired.
func (s *Store) Tokens(ctx context.Context, id persistence.UserID, now time.Time) (list []persistence.Token, err error) {
	err = s.do(ctx, func() error {
		for _, t := range s.whoever(id).tokens.all() {
			if t.expires > now.UnixMilli() {
				list = append(list, t.shown())
			}
		}
		return nil
	}, "tokens of user %d", id)
	return list, err
}

func (t *token) shown() persistence.Token {
	shown := persistence.Token{ID: t.id, Device: t.device, Created: time.UnixMilli(t.created), Expires: time.UnixMilli(t.expires)}
	if t.next != "" {
		shown.Used = time.UnixMilli(t.used)
	}
	return shown
}

// Revoke stamps the account.
func (s *Store) Revoke(ctx context.Context, id persistence.UserID, tokenID persistence.TokenID) error {
	return s.do(ctx, func() error {
		a := s.whoever(id)
		if !a.tokens.has(tokenID) {
			return persistence.ErrNotFound
		}
		s.dropTokens(a, func(t *token) bool { return t.id == tokenID })
		s.touch(a)
		return nil
	}, "revoke token %d of user %d", tokenID, id)
}
