package memstore

import (
	"context"
	"slices"

	"chatserver/persistence"
)

// Befriend puts friend at the end of the list.
func (s *Store) Befriend(ctx context.Context, id, friendID persistence.UserID) (p persistence.Peer, err error) {
	err = s.do(ctx, func() error {
		a, friend, err := s.both(id, friendID)
		switch {
		case err != nil:
			return err
		case friend.watchers.has(id):
			return persistence.ErrExists
		case len(a.friends) == persistence.MaxFriends:
			return persistence.ErrFull
		}
		a.friends = append(a.friends, friendID)
		friend.watchers.put(id, struct{}{})
		p = s.peer(id, friendID)
		return nil
	}, "befriend %d with %d", id, friendID)
	return p, err
}

// Unfriend keeps the order of the others.
func (s *Store) Unfriend(ctx context.Context, id, friendID persistence.UserID) error {
	return s.do(ctx, func() error {
		if !s.whoever(friendID).watchers.drop(id) {
			return persistence.ErrNotFound
		}
		s.whoever(id).unfriend(friendID)
		return nil
	}, "unfriend %d from %d", id, friendID)
}

func (a *account) unfriend(id persistence.UserID) {
	i := slices.Index(a.friends, id)
	a.friends = slices.Delete(a.friends, i, i+1)
}

// Friends returns the list.
func (s *Store) Friends(ctx context.Context, id persistence.UserID) (list []persistence.Peer, err error) {
	err = s.do(ctx, func() error { list = s.friends(s.whoever(id)); return nil }, "friends of user %d", id)
	return list, err
}

func (s *Store) friends(a *account) (list []persistence.Peer) {
	for _, id := range a.friends {
		list = append(list, s.peer(a.ID, id))
	}
	return list
}

// Watchers leaves out whom the user blocks.
func (s *Store) Watchers(ctx context.Context, id persistence.UserID, limit int) (ids []persistence.UserID, err error) {
	err = s.do(ctx, func() error {
		a := s.whoever(id)
		for watcher := range a.watchers.all() {
			if len(ids) >= limit {
				break
			}
			if !a.blocks.has(watcher) {
				ids = append(ids, watcher)
			}
		}
		return nil
	}, "watchers of user %d", id)
	return ids, err
}

// Block stamps the account also where it changes nothing.
func (s *Store) Block(ctx context.Context, id, by persistence.UserID) error {
	return s.do(ctx, func() error {
		a, b, err := s.both(id, by)
		if err != nil {
			return err
		}
		a.blocks.put(by, struct{}{})
		b.blockedBy.put(id, struct{}{})
		s.touch(a)
		return nil
	}, "block %d for %d", by, id)
}

// Unblock stamps the account also where it changes nothing.
func (s *Store) Unblock(ctx context.Context, id, by persistence.UserID) error {
	return s.do(ctx, func() error {
		a, b, err := s.both(id, by)
		if err != nil {
			return err
		}
		a.blocks.drop(by)
		b.blockedBy.drop(id)
		s.touch(a)
		return nil
	}, "unblock %d for %d", by, id)
}
