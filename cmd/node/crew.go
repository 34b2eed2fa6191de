package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors"
)

// clock is the wall clock.
type clock struct{ root *actor.RootContext }

var _ actors.Clock = clock{}

// Now is the time.
func (clock) Now() time.Time { return time.Now() }

// After sends msg to the actor once d has passed.
func (c clock) After(d time.Duration, to *actor.PID, msg any) {
	time.AfterFunc(d, func() { c.root.Send(to, msg) })
}

// crew does what blocks on the dispatcher's goroutines.
type crew struct {
	root  *actor.RootContext
	pool  *dispatcher
	log   *slog.Logger
	meter actors.Meter
	each  time.Duration // how long one job may take

	mu    sync.Mutex
	ended bool
	jobs  sync.WaitGroup // those under way; none is added once the crew has ended
}

var _ actors.Crew = (*crew)(nil)

// Run does job and sends its result to the actor, see actors.Crew. After end it does nothing: a
// timer, or a login whose client is gone, may still ask for work while the store is being closed.
func (c *crew) Run(to *actor.PID, job func(ctx context.Context) any) {
	if !c.hired() {
		return
	}
	c.pool.Schedule(func() {
		defer c.jobs.Done()
		defer c.survive(to)
		ctx, cancel := context.WithTimeout(context.Background(), c.each)
		defer cancel()
		result := job(ctx)
		if result == nil {
			panic("no result") // an actor that is sent nil never gets anything again
		}
		c.root.Send(to, result)
	})
}

// hired adds a job to those under way, unless the crew has ended.
func (c *crew) hired() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.jobs.Add(1)
	}
	return !c.ended
}

// end takes no more jobs and waits for those under way.
func (c *crew) end() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	c.jobs.Wait()
}

// survive outlives a job that panics, which is a bug: it takes down one job, and whoever waits
// for its result has a deadline.
func (c *crew) survive(to *actor.PID) {
	if reason := recover(); reason != nil {
		c.meter.Crashed("crew")
		c.log.Error("job panicked", "for", to.Id, "reason", reason, "stack", string(debug.Stack()))
	}
}
