package cluster

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// localBus is one node's end of a Local.
type localBus struct {
	hub  *Local
	self NodeID
}

var _ Bus = (*localBus)(nil)

// call begins a call: it locks the hub until done is called, unless the call fails.
func (b *localBus) call(ctx context.Context, self NodeID) (r *resident, done func(), err error) {
	b.hub.mu.Lock()
	if err = ctx.Err(); err == nil && b.hub.Hinder != nil {
		err = b.hub.Hinder(self, "")
	}
	if err != nil {
		b.hub.mu.Unlock()
		return nil, nil, err
	}
	return b.hub.nodes[self], b.hub.mu.Unlock, nil
}

// Open is described at Bus.
func (b *localBus) Open(ctx context.Context, self NodeID, ear Ear) error {
	_, done, err := b.call(ctx, self)
	if err != nil {
		return err
	}
	defer done()
	if before := b.hub.nodes[b.self]; before != nil {
		before.ear = nil
	}
	b.self = self
	b.hub.nodes[self] = &resident{ear: ear, known: true, lease: b.hub.now().Add(LeaseTime), claims: map[Key]bool{}}
	return nil
}

// Beat is described at Bus.
func (b *localBus) Beat(ctx context.Context) (View, error) {
	r, done, err := b.call(ctx, b.self)
	if err != nil {
		return View{}, err
	}
	defer done()
	if r == nil || !r.known || !r.lease.After(b.hub.now()) {
		return View{}, ErrLapsed
	}
	r.lease = b.hub.now().Add(LeaseTime)
	return b.hub.view(), nil
}

// Publish is described at Bus.
func (b *localBus) Publish(ctx context.Context, mail []Mail) []error {
	errs := make([]error, len(mail))
	_, done, err := b.call(ctx, b.self)
	if err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	defer done()
	for i, m := range mail {
		errs[i] = b.hub.carry(b.self, m)
	}
	return errs
}

// carry hands a batch to whom it is for.
func (l *Local) carry(from NodeID, m Mail) error {
	r := l.nodes[m.To]
	if r == nil || r.ear == nil {
		return ErrNobody
	}
	if l.Hinder != nil {
		if err := l.Hinder(from, m.To); err != nil {
			return fmt.Errorf("send to %s: %w", m.To, err)
		}
	}
	r.ear.Heard(m.Batch)
	return nil
}

// Close is described at Bus.
func (b *localBus) Close(ctx context.Context) error {
	r, done, err := b.call(ctx, b.self)
	if err != nil {
		return err
	}
	defer done()
	if r != nil {
		r.ear, r.lease = nil, b.hub.now()
	}
	return nil
}

// Claim is described at Presence.
func (b *localBus) Claim(ctx context.Context, self NodeID, claims []Claim) ([]Claimed, error) {
	r, done, err := b.call(ctx, self)
	if err != nil {
		return nil, err
	}
	defer done()
	if r == nil || self != b.self {
		return nil, ErrLapsed
	}
	r.known = true // also one that lapsed and does not know it yet: others have to find its claims
	found := make([]Claimed, len(claims))
	for i, c := range claims {
		found[i] = Claimed{Fresh: !r.claims[c.Key], Others: b.hub.holders(c.Key, b.self)}
		r.claims[c.Key] = true
		if _, user := c.Key.User(); user {
			found[i].Shown, found[i].Turn = b.hub.show(c)
		}
	}
	return found, nil
}

// Release is described at Presence.
func (b *localBus) Release(ctx context.Context, self NodeID, keys []Key) error {
	r, done, err := b.call(ctx, self)
	if err != nil {
		return err
	}
	defer done()
	if r == nil || self != b.self {
		return ErrLapsed
	}
	for _, key := range keys {
		delete(r.claims, key)
	}
	return nil
}

// Locate is described at Presence.
func (b *localBus) Locate(ctx context.Context, keys []Key) ([][]NodeID, error) {
	_, done, err := b.call(ctx, b.self)
	if err != nil {
		return nil, err
	}
	defer done()
	found := make([][]NodeID, len(keys))
	for i, key := range keys {
		found[i] = b.hub.holders(key, "")
	}
	return found, nil
}

// Hide is described at Presence.
func (b *localBus) Hide(ctx context.Context, users []Key) ([][]NodeID, error) {
	_, done, err := b.call(ctx, b.self)
	if err != nil {
		return nil, err
	}
	defer done()
	found := make([][]NodeID, len(users))
	for i, key := range users {
		b.hub.hide(key)
		found[i] = b.hub.holders(key, "")
	}
	return found, nil
}

// Estate is described at Presence.
func (b *localBus) Estate(ctx context.Context, dead NodeID) ([]Key, bool, error) {
	_, done, err := b.call(ctx, b.self)
	if err != nil {
		return nil, false, err
	}
	defer done()
	r := b.hub.nodes[dead]
	if r == nil || r.settled.After(b.hub.now()) {
		return nil, false, nil
	}
	r.settled = b.hub.now().Add(estateTime)
	return slices.Sorted(maps.Keys(r.claims)), true, nil
}

// Bury is described at Presence.
func (b *localBus) Bury(ctx context.Context, dead NodeID) error {
	_, done, err := b.call(ctx, b.self)
	if err != nil {
		return err
	}
	defer done()
	delete(b.hub.nodes, dead)
	return nil
}
