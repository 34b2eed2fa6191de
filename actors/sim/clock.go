package sim

import (
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// epoch is when every world begins.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// timer is a message that comes later.
type timer struct {
	at  time.Duration
	act func()
}

// Now is the world's time, in UTC. It begins with the year 2026 and passes in Advance only.
func (w *World) Now() time.Time { return epoch.Add(w.elapsed) }

// After sends msg to the actor once d has passed. Of those due at one moment the one set first
// is sent first. What is due now waits until the world is quiet. No fault touches timers.
func (w *World) After(d time.Duration, to *actor.PID, msg any) {
	w.later(d, func() { w.deliver(to, msg) })
}

// Timers counts the messages that time has yet to bring, among them those a fault delays.
func (w *World) Timers() int { return len(w.timers) }

func (w *World) later(d time.Duration, act func()) {
	at := w.elapsed + max(0, d)
	i, _ := slices.BinarySearchFunc(w.timers, at, func(t timer, at time.Duration) int {
		if t.at <= at {
			return -1
		}
		return 1
	})
	w.timers = slices.Insert(w.timers, i, timer{at, act})
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
		timer.act()
	}
	return n > 0
}

// deliver posts msg, which no fault may touch, or not again.
func (w *World) deliver(to *actor.PID, msg any) {
	w.calm = true
	defer func() { w.calm = false }()
	w.system.Root.Send(to, msg)
}
