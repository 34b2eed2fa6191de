package sim

import (
	"slices"
	"time"
)

// Injected is the reason of a panic that a fault caused.
type Injected struct{ Who string }

func (i Injected) Error() string { return "injected into " + i.Who }

// Fault strikes every message that matches, until it is healed or the world ends. Several
// faults strike one message in the order in which they were declared; what one drops or delays
// the later ones do not see. The engine's system messages are beyond all faults, and timers
// come as promised, though their receiver may panic.
type Fault struct {
	world  *World
	kind   kind
	match  Match
	by     time.Duration
	nth    int     // strikes only the nth match; 0 for any
	odds   float64 // strikes a match with this probability
	seen   int
	hits   int
	healed bool
	among  *[]*Fault // those that strike at the same moment
}

// kind is what the trace calls a fault that struck.
type kind string

const (
	drops       kind = "dropped"
	delays      kind = "delayed"
	duplicates  kind = "duplicated"
	panicsFirst kind = "panics before"
	panicsAfter kind = "panics after"
	failsJob    kind = "job fails"
	losesJob    kind = "job is lost"
	delaysJob   kind = "job is delayed"
)

// faults by the moment at which they strike, in the order declared.
type faults struct {
	post []*Fault // a message is posted
	turn []*Fault // a message is delivered
	job  []*Fault // a job is handed over
}

// Drop loses messages. Results of jobs are messages: the work is done and nobody hears of it.
func (w *World) Drop(m Match) *Fault { return w.inject(&w.faults.post, Fault{kind: drops, match: m}) }

// Delay sends messages d later; those sent meanwhile overtake them.
func (w *World) Delay(m Match, d time.Duration) *Fault {
	return w.inject(&w.faults.post, Fault{kind: delays, match: m, by: d})
}

// Duplicate delivers messages twice, one right after the other.
func (w *World) Duplicate(m Match) *Fault {
	return w.inject(&w.faults.post, Fault{kind: duplicates, match: m})
}

// Panic lets the receiver panic instead of seeing the message, which is lost.
func (w *World) Panic(m Match) *Fault {
	return w.inject(&w.faults.turn, Fault{kind: panicsFirst, match: m})
}

// PanicAfter lets the receiver panic when it has done with the message.
func (w *World) PanicAfter(m Match) *Fault {
	return w.inject(&w.faults.turn, Fault{kind: panicsAfter, match: m})
}

// FailJobs runs jobs with a context whose deadline has passed. The name means what it means in
// To, and is that of the actor to which the result goes. With DelayJobs it is a job that
// times out.
func (w *World) FailJobs(to string) *Fault {
	return w.inject(&w.faults.job, Fault{kind: failsJob, match: To(to)})
}

// LoseJobs does not run jobs at all, so no result comes.
func (w *World) LoseJobs(to string) *Fault {
	return w.inject(&w.faults.job, Fault{kind: losesJob, match: To(to)})
}

// DelayJobs lets jobs begin d later. To have the work done and its result come later, Delay the result.
func (w *World) DelayJobs(to string, d time.Duration) *Fault {
	return w.inject(&w.faults.job, Fault{kind: delaysJob, match: To(to), by: d})
}

func (w *World) inject(among *[]*Fault, f Fault) *Fault {
	f.world, f.odds, f.among = w, 1, among
	*among = append(*among, &f)
	return &f
}

// At has the fault strike only the nth match from now, counted from 1.
func (f *Fault) At(nth int) *Fault {
	f.nth, f.seen = nth, 0
	return f
}

// Often has the fault strike with this probability, 0 to 1, drawn from the seed.
func (f *Fault) Often(odds float64) *Fault {
	f.odds = odds
	return f
}

// Heal ends the fault.
func (f *Fault) Heal() {
	f.healed = true
	// A copy: the fault may be healed while the list is gone through.
	*f.among = slices.DeleteFunc(slices.Clone(*f.among), func(other *Fault) bool { return other == f })
}

// Hits is how often the fault has struck.
func (f *Fault) Hits() int { return f.hits }

func (f *Fault) strikes(to string, msg any) bool {
	spent := f.nth > 0 && f.seen >= f.nth
	if f.healed || spent || !f.match(to, msg) {
		return false
	}
	f.seen++
	if f.nth > 0 && f.seen != f.nth || f.odds < 1 && f.world.chance.Float64() >= f.odds {
		return false
	}
	f.hits++
	return true
}

// meddle lets the faults have a message that is being posted. It reports whether one took it.
func (w *World) meddle(to *mailbox, posted any) (taken bool) {
	if len(w.faults.post) == 0 {
		return false
	}
	msg, _ := unwrap(posted)
	for _, f := range w.faults.post {
		if !f.strikes(to.self.Id, msg) {
			continue
		}
		w.note(to.self.Id, string(f.kind), posted)
		switch f.kind {
		case drops:
			return true
		case delays:
			w.later(f.by, timer{to: to.self, msg: posted})
			return true
		case duplicates:
			to.push(posted)
		}
	}
	return false
}

// panics tells whether the receiver is to panic before it sees the message, or after.
func (w *World) panics(to string, posted any) (before, after bool) {
	if len(w.faults.turn) == 0 {
		return false, false
	}
	msg, _ := unwrap(posted)
	for _, f := range w.faults.turn {
		switch strikes := f.strikes(to, msg); f.kind {
		case panicsFirst:
			before = before || strikes
		case panicsAfter:
			after = after || strikes
		}
	}
	return before, after
}

// hinder lets the faults have a job.
func (w *World) hinder(e *errand) (lost bool, delay time.Duration) {
	for _, f := range w.faults.job {
		if !f.strikes(e.to.Id, nil) {
			continue
		}
		w.note(e.to.Id, string(f.kind), nil)
		switch f.kind {
		case failsJob:
			e.late = true
		case losesJob:
			lost = true
		case delaysJob:
			delay += f.by
		}
	}
	return lost, delay
}
