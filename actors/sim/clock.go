package sim

import (
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// epoch is when every world begins.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// timer is a message that comes later, or a job that begins later.
type timer struct {
	at  time.Duration
	to  *actor.PID
	msg any
	job *errand // instead of msg
}

// Now is the world's time, in UTC. It begins with the year 2026 and passes in Advance only.
func (w *World) Now() time.Time { return epoch.Add(w.elapsed) }

// After sends msg to the actor once d has passed. Of those due at one moment the one set first
// is sent first. What is due now waits until the world is quiet. No fault touches timers.
func (w *World) After(d time.Duration, to *actor.PID, msg any) {
	w.later(d, timer{to: to, msg: msg})
}

// Timers counts the messages that time has yet to bring, among them those a fault delays.
func (w *World) Timers() int { return len(w.timers) }

// Clock is a clock of one process, which may be wrong about what time it is.
type Clock struct {
	world *World
	wrong time.Duration
}

// Clock makes one that is right until it jumps.
func (w *World) Clock() *Clock { return &Clock{world: w} }

// Now is the world's time with all jumps added.
func (c *Clock) Now() time.Time { return c.world.Now().Add(c.wrong) }

// After is the world's: no jump, past or to come, changes how long d is.
func (c *Clock) After(d time.Duration, to *actor.PID, msg any) { c.world.After(d, to, msg) }

// Jump sets the clock forward by d, or back.
func (c *Clock) Jump(d time.Duration) { c.wrong += d }

func (w *World) later(d time.Duration, what timer) {
	what.at = w.elapsed + max(0, d)
	i, _ := slices.BinarySearchFunc(w.timers, what.at, func(t timer, at time.Duration) int {
		if t.at <= at {
			return -1
		}
		return 1
	})
	w.timers = slices.Insert(w.timers, i, what)
}

// fire sends what is due now. It reports false where nothing was.
func (w *World) fire() bool {
	n := 0
	for n < len(w.timers) && w.timers[n].at <= w.elapsed {
		n++
	}
	due := slices.Clone(w.timers[:n])
	w.timers = slices.Delete(w.timers, 0, n)
	for _, timer := range due {
		if timer.job != nil {
			timer.job.begin()
		} else {
			w.deliver(timer.to, timer.msg)
		}
	}
	return n > 0
}

// deliver posts msg, which no fault may touch, or not again.
func (w *World) deliver(to *actor.PID, msg any) {
	w.calm = true
	defer func() { w.calm = false }()
	w.system.Root.Send(to, msg)
}
