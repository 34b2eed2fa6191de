package client

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"

	"chatserver/net/wire"
)

// ErrInUse says that another process has the state open.
var ErrInUse = errors.New("this account's state is in use by another process; end that one first")

// State is where a Client keeps what has to outlive it. It is of one account on one
// installation, and is used by one Client at a time.
type State interface {
	// Load reads all that is kept. The caller may change what it gets.
	Load() (Kept, error)
	// Save makes a change durable: all of it or, with an error, none.
	Save(Change) error
	// Close ends the use. A Client closes the State that it was opened with.
	Close() error
}

// Kept is what a State holds. The zero Kept is that of a new one.
type Kept struct {
	Identity
	Epoch     string // of the server's store, which the positions are of
	Positions map[wire.Conv]uint64
	Outbox    []Queued // in the order of N
}

// Identity is who logs in.
type Identity struct {
	ID     int64 // 0 before the first login
	Name   string
	Device string // names this installation
	Token  string // logs in the next time
}

// Queued is a message that is not known to be stored. N orders the outbox and names the entry.
type Queued struct {
	N uint64
	Outgoing
}

// Change is what Save changes. What is zero in it stays as it is.
type Change struct {
	Identity  *Identity
	Epoch     string // voids all positions that were saved before
	Positions map[wire.Conv]uint64
	Queue     []Queued
	Unqueue   []uint64 // by N; one that is not there is no error
}

// Memory returns a State that lasts as long as it is referred to. It may be used again by
// another Client after the first one was closed.
func Memory() State { return &memory{outbox: map[uint64]Outgoing{}} }

type memory struct {
	mu     sync.Mutex
	kept   Kept // but for its Outbox
	outbox map[uint64]Outgoing
}

func (m *memory) Load() (Kept, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.kept
	kept.Positions = maps.Clone(m.kept.Positions)
	for n, o := range m.outbox {
		kept.Outbox = append(kept.Outbox, Queued{n, o})
	}
	slices.SortFunc(kept.Outbox, func(a, b Queued) int { return cmp.Compare(a.N, b.N) })
	return kept, nil
}

func (m *memory) Save(change Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if change.Identity != nil {
		m.kept.Identity = *change.Identity
	}
	if change.Epoch != "" {
		m.kept.Epoch, m.kept.Positions = change.Epoch, nil
	}
	if m.kept.Positions == nil {
		m.kept.Positions = map[wire.Conv]uint64{}
	}
	maps.Copy(m.kept.Positions, change.Positions)
	for _, q := range change.Queue {
		m.outbox[q.N] = q.Outgoing
	}
	for _, n := range change.Unqueue {
		delete(m.outbox, n)
	}
	return nil
}

func (m *memory) Close() error { return nil }
