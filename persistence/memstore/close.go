package memstore

import (
	"context"
	"slices"

	"chatserver/persistence"
)

// CloseAccount does all of it at once, so its error leaves nothing half done.
func (s *Store) CloseAccount(ctx context.Context, id persistence.UserID) (left []persistence.Leaving, err error) {
	err = s.do(ctx, func() error {
		a, err := s.account(id)
		if err != nil {
			return err
		}
		for _, g := range slices.Clone(a.groups.keys) {
			left = append(left, persistence.Leaving{Group: g, Heir: s.leave(nth(s.groups, g), id)})
		}
		s.forget(a)
		return nil
	}, "close the account of user %d", id)
	return left, err
}

// forget leaves nothing of an account that is in no group but its id and when it was closed.
func (s *Store) forget(a *account) {
	for _, g := range s.groups {
		g.banned.drop(a.ID)
		g.invited.drop(a.ID)
	}
	for _, friend := range a.friends {
		s.whoever(friend).watchers.drop(a.ID)
	}
	for watcher := range a.watchers.all() {
		s.whoever(watcher).unfriend(a.ID)
	}
	for id := range a.blocks.all() {
		s.whoever(id).blockedBy.drop(a.ID)
	}
	for id := range a.blockedBy.all() {
		s.whoever(id).blocks.drop(a.ID)
	}
	s.dropTokens(a, func(*token) bool { return true })
	delete(s.userKeys, a.key)
	*a = account{User: persistence.User{ID: a.ID, Name: persistence.ClosedName}, closed: true, changed: s.stamp()}
}
