package sqlstore

import (
	"context"
	"errors"
	"slices"
	"sync"

	"chatserver/persistence"
)

// combiner runs small calls together: those that come while some run wait, and then run in one transaction,
// which has one flush for all of them. A call that comes alone waits for nobody.
type combiner[T any] struct {
	run func(ctx context.Context, calls []*T) error

	mu      sync.Mutex
	busy    bool
	waiting []*turn[T]
}

// combined is how many calls run together at most: a transaction of some milliseconds.
const combined = 64

// turn is a call that waits.
type turn[T any] struct {
	call  *T
	came  chan struct{} // has one: it was run, or it leads
	leads bool          // it is the one to run those that wait, and itself; said under the lock, before came
	err   error
}

// do runs the call. Where those that ran together failed it runs again alone.
func (c *combiner[T]) do(ctx context.Context, call *T) error {
	me := &turn[T]{call: call, came: make(chan struct{}, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, me)
	alone := !c.busy
	me.leads, c.busy = alone, true
	c.mu.Unlock()
	if !alone {
		select {
		case <-me.came:
		case <-ctx.Done():
			if c.withdraw(me) {
				return ctx.Err()
			}
			<-me.came
		}
	}
	if me.leads {
		return c.lead(ctx)
	}
	if me.err != nil && ctx.Err() == nil && !errors.Is(me.err, persistence.ErrLost) {
		return c.run(ctx, []*T{call})
	}
	return me.err
}

// withdraw takes a turn off those that wait, unless it has come.
func (c *combiner[T]) withdraw(t *turn[T]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.Index(c.waiting, t)
	if at < 0 || t.leads {
		return false
	}
	c.waiting = slices.Delete(c.waiting, at, at+1)
	return true
}

// lead runs those that wait, of whom the first is the caller, and lets the next one lead.
func (c *combiner[T]) lead(ctx context.Context) error {
	c.mu.Lock()
	n := min(len(c.waiting), combined)
	turns := c.waiting[:n:n]
	c.waiting = c.waiting[n:]
	c.mu.Unlock()
	calls := make([]*T, n)
	for i, t := range turns {
		calls[i] = t.call
	}
	err := c.run(ctx, calls)
	for _, t := range turns[1:] {
		t.err = err
		t.came <- struct{}{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy = len(c.waiting) > 0; c.busy {
		c.waiting[0].leads = true
		c.waiting[0].came <- struct{}{}
	}
	return err
}
