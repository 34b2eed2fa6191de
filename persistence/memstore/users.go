package memstore

import (
	"context"

	"chatserver/persistence"
)

// account is a user and all that is the user's own.
type account struct {
	persistence.User
	key     string
	hash    string
	gen     uint64
	changed int64 // as in Changes.Users, in Unix milliseconds
	closed  bool

	friends   []persistence.UserID // in the order they were added
	watchers  set[persistence.UserID]
	blocks    set[persistence.UserID] // whom it blocks
	blockedBy set[persistence.UserID]
	groups    set[persistence.GroupID] // that it is in
	marks     ordered[persistence.Conv, *mark]
	tokens    ordered[persistence.TokenID, *token]
}

// account returns the one with an id, or ErrNotFound, also where it was closed.
func (s *Store) account(id persistence.UserID) (*account, error) {
	if a := nth(s.users, id); a != nil && !a.closed {
		return a, nil
	}
	return nil, persistence.ErrNotFound
}

// accountOf returns the one whose folded name is key, or ErrNotFound.
func (s *Store) accountOf(key []byte) (*account, error) { return s.account(s.userKeys[string(key)]) }

// both returns two accounts, or ErrNotFound.
func (s *Store) both(a, b persistence.UserID) (first, second *account, err error) {
	if first, err = s.account(a); err != nil {
		return nil, nil, err
	}
	second, err = s.account(b)
	return first, second, err
}

// whoever returns the account with an id, also where it was closed; where there never was one, an empty
// one that is not kept.
func (s *Store) whoever(id persistence.UserID) *account {
	if a := nth(s.users, id); a != nil {
		return a
	}
	return &account{User: persistence.User{ID: id}}
}

// peer is a user as reader sees it.
func (s *Store) peer(reader, id persistence.UserID) persistence.Peer {
	a := s.whoever(id)
	return persistence.Peer{User: a.User, Hides: a.blocks.has(reader)}
}

// touch makes Changed name the user.
func (s *Store) touch(a *account) { a.changed = s.stamp() }

// Register takes the next id.
func (s *Store) Register(ctx context.Context, name string, key []byte, hash string) (id persistence.UserID, err error) {
	err = s.do(ctx, func() error {
		if _, taken := s.userKeys[string(key)]; taken {
			return persistence.ErrExists
		}
		id = persistence.UserID(len(s.users) + 1)
		s.users = append(s.users, &account{User: persistence.User{ID: id, Name: name}, key: string(key), hash: hash})
		s.userKeys[string(key)] = id
		return nil
	}, "register %q", name)
	return id, err
}

// Credentials finds the account by its id.
func (s *Store) Credentials(ctx context.Context, id persistence.UserID) (c persistence.Credentials, err error) {
	err = s.do(ctx, func() (err error) {
		c, err = credentials(s.account(id))
		return err
	}, "credentials of user %d", id)
	return c, err
}

// CredentialsOf finds the account by its key.
func (s *Store) CredentialsOf(ctx context.Context, key []byte) (c persistence.Credentials, err error) {
	err = s.do(ctx, func() (err error) {
		c, err = credentials(s.accountOf(key))
		return err
	}, "credentials of the user with key %q", key)
	return c, err
}

func credentials(a *account, err error) (persistence.Credentials, error) {
	if err != nil {
		return persistence.Credentials{}, err
	}
	return persistence.Credentials{User: a.User, Hash: a.hash, Gen: a.gen}, nil
}

// Find finds the account by its id.
func (s *Store) Find(ctx context.Context, reader, id persistence.UserID) (p persistence.Peer, err error) {
	err = s.do(ctx, func() error {
		a, err := s.account(id)
		if err == nil {
			p = s.peer(reader, a.ID)
		}
		return err
	}, "find user %d", id)
	return p, err
}

// FindName finds the account by its key.
func (s *Store) FindName(ctx context.Context, reader persistence.UserID, key []byte) (p persistence.Peer, err error) {
	err = s.do(ctx, func() error {
		a, err := s.accountOf(key)
		if err == nil {
			p = s.peer(reader, a.ID)
		}
		return err
	}, "find the user with key %q", key)
	return p, err
}

// SetPassword revokes the tokens in the same transaction.
func (s *Store) SetPassword(ctx context.Context, id persistence.UserID, hash string, keep persistence.TokenID) error {
	return s.do(ctx, func() error {
		a, err := s.account(id)
		if err != nil {
			return err
		}
		a.hash = hash
		a.gen++
		s.touch(a)
		s.dropTokens(a, func(t *token) bool { return t.id != keep })
		return nil
	}, "set the password of user %d", id)
}
