package sim

import "time"

// turn is somebody who has something to do: an actor with a message, a job to run.
type turn interface {
	// take does one thing. It reports whether there is more to do.
	take() (more bool)
	// survives tells whether there still is something to do after a crash of these.
	survives(dead names) bool
}

// Step lets one of those who have something to do take one turn: deliver one message or run one
// job. It reports false, and does nothing, where nobody has. No time passes.
func (w *World) Step() bool {
	if w.within {
		panic("sim: the world was told to go on from within a turn")
	}
	for len(w.ready) == 0 {
		if !w.fire() {
			return false
		}
	}
	i := w.order.IntN(len(w.ready))
	w.within = true
	defer func() { w.within = false }()
	if !w.ready[i].take() { // meanwhile others may have been added at the end
		last := len(w.ready) - 1
		w.ready[i] = w.ready[last]
		w.ready[last] = nil
		w.ready = w.ready[:last]
	}
	return true
}

// Settle takes turns until nobody has anything to do. No time passes.
func (w *World) Settle() {
	w.t.Helper()
	for turns := 0; w.Step(); turns++ {
		if turns == w.budget {
			w.t.Fatalf("sim: %d turns at %v and no end", turns, w.elapsed)
		}
	}
}

// Advance lets d pass, settling before and after, and at each moment at which a timer fires.
func (w *World) Advance(d time.Duration) {
	w.t.Helper()
	end := w.elapsed + d
	w.Settle()
	for len(w.timers) > 0 && w.timers[0].at <= end {
		w.elapsed = w.timers[0].at
		w.Settle()
	}
	w.elapsed = end
}
