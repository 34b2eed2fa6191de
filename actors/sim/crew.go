package sim

import (
	"context"

	"github.com/asynkron/protoactor-go/actor"
)

// Crew does the actors' blocking work in the world: a job is run in a turn of its own, so jobs
// end in any order, also those of one actor.
type Crew struct{ world *World }

// Crew is what actors hand their jobs to.
func (w *World) Crew() Crew { return Crew{w} }

// Jobs counts those that have been handed over and were neither run nor lost, those among them of
// whom Crash left only the work.
func (w *World) Jobs() int { return w.pending }

// Run lets job have its turn and sends what it returns to the actor; faults may touch the
// result like any message. Its context has no deadline, or with FailJobs one that has passed.
func (c Crew) Run(to *actor.PID, job func(ctx context.Context) any) {
	e := &errand{world: c.world, to: to, job: job}
	lost, delay := c.world.hinder(e)
	if lost {
		return
	}
	c.world.pending++
	if delay > 0 {
		c.world.later(delay, timer{to: to, job: e})
		return
	}
	e.begin()
}

// errand is a job on its way.
type errand struct {
	world *World
	to    *actor.PID
	job   func(ctx context.Context) any
	late  bool
	alone bool // who asked has crashed: nobody is told the result
}

func (e *errand) begin() { e.world.ready = append(e.world.ready, e) }

func (e *errand) take() (more bool) {
	e.world.pending--
	if e.alone {
		e.world.note(e.to.Id, "job of the crashed", nil)
	} else {
		e.world.note(e.to.Id, "job", nil)
	}
	ctx := context.Background()
	if e.late {
		expired, cancel := context.WithTimeout(ctx, 0)
		defer cancel()
		ctx = expired
	}
	if result := e.job(ctx); !e.alone {
		e.world.system.Root.Send(e.to, result)
	}
	return false
}
