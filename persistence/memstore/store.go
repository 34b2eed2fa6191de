package memstore

import (
	"context"
	"fmt"
	"sync"
	"time"

	"chatserver/persistence"
)

// Store is a persistence.Store that keeps nothing.
type Store struct {
	now func() time.Time

	mu     sync.Mutex
	epoch  string
	last   int64      // the latest time that stamp gave
	users  []*account // by their ids, which are 1, 2, 3 …; closed ones stay
	groups []*group   // likewise; those that ended stay
	convs  map[persistence.Conv]*conversation
	stored map[key]place // where the message with a key is

	userKeys  map[string]persistence.UserID
	groupKeys map[string]persistence.GroupID

	tokens     persistence.TokenID // the last id given
	hashes     map[string]*token
	successors map[string]*token
}

var _ persistence.Store = (*Store)(nil)

// New makes an empty store whose clock is now. Its epoch is that of all new ones: nothing is left to chance.
func New(now func() time.Time) *Store {
	return &Store{
		now: now, epoch: "new",
		convs: map[persistence.Conv]*conversation{}, stored: map[key]place{},
		userKeys: map[string]persistence.UserID{}, groupKeys: map[string]persistence.GroupID{},
		hashes: map[string]*token{}, successors: map[string]*token{},
	}
}

// do runs f as one transaction, unless the context has ended, and says of an error what was being done.
func (s *Store) do(ctx context.Context, f func() error, doing string, args ...any) error {
	err := ctx.Err()
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		err = f()
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", fmt.Sprintf(doing, args...), err)
	}
	return err
}

// stamp is the time in Unix milliseconds. It never goes back, whatever the clock does.
func (s *Store) stamp() int64 {
	s.last = max(s.last, s.now().UnixMilli())
	return s.last
}

// nth is the one with an id of those whose ids are 1, 2, 3 …, nil where there is none.
func nth[ID ~int64, T any](all []*T, id ID) *T {
	if id < 1 || int64(id) > int64(len(all)) {
		return nil
	}
	return all[id-1]
}

// Begin begins another epoch, as a store does that was put back from a backup.
func (s *Store) Begin(epoch string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch = epoch
}

// Epoch is the last that began.
func (s *Store) Epoch(ctx context.Context) (name string, err error) {
	err = s.do(ctx, func() error { name = s.epoch; return nil }, "epoch")
	return name, err
}

// Ping has nothing to find out.
func (s *Store) Ping(ctx context.Context) error {
	return s.do(ctx, func() error { return nil }, "ping")
}

// Close does nothing: what the store holds goes with it.
func (s *Store) Close() error { return nil }
