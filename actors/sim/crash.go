package sim

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"
)

// Crash ends, in this moment, the process whose actors are the one of that name and all below it:
// "n1" means n1 and n1/…. None of them takes another turn, nor is told that it stops. What they had
// not read is gone, and so is what time or a fault held back for them; what they sent is on its way.
// Nobody outside is told: a parent still counts its child, and who watched them waits in vain.
//
// Their names are free at once. A PID is a name: what others send to it later is a dead letter, or
// reaches whoever has the name by then, so a test lets go of those that it plays a connection to.
//
// A job of theirs that did not run either never does, or does so in a turn to come with nobody to
// tell the result, as a commit in flight may be made or not, and late. The seed decides for each.
//
// It is for the test, between two turns; an actor or a job that calls it panics.
func (w *World) Crash(name string) {
	if w.within {
		panic("sim: a crash was asked for from within a turn")
	}
	w.note(name, "crashed", nil)
	dead := names{name}
	w.boxes = slices.DeleteFunc(w.boxes, func(m *mailbox) bool {
		if !dead.have(m.self) {
			m.forget(dead)
			return false
		}
		w.system.ProcessRegistry.Remove(m.self)
		return true
	})
	w.ready = slices.DeleteFunc(w.ready, func(t turn) bool { return !t.survives(dead) })
	w.timers = slices.DeleteFunc(w.timers, func(t timer) bool {
		if t.job != nil {
			return !t.job.survives(dead)
		}
		return dead.have(t.to)
	})
}

// names are those of one process.
type names struct{ root string }

func (n names) have(pid *actor.PID) bool {
	return pid.Id == n.root || named(n.root+"/", pid.Id)
}

func (m *mailbox) survives(dead names) bool {
	m.ready = !dead.have(m.self) && m.runnable()
	return m.ready
}

func (e *errand) survives(dead names) bool {
	if e.alone || !dead.have(e.to) {
		return true
	}
	if e.world.chance.IntN(2) == 0 {
		e.world.pending--
		return false
	}
	e.alone = true
	return true
}

// forget drops what the dead asked the engine for, lest those who take their names get the answer:
// a restart after a failure, the news of a stop.
func (m *mailbox) forget(dead names) {
	asked := func(msg any) bool {
		switch msg := msg.(type) {
		case *actor.Failure:
			return dead.have(msg.Who)
		case *actor.Watch:
			return dead.have(msg.Watcher)
		case *actor.Unwatch:
			return dead.have(msg.Watcher)
		}
		return false
	}
	m.system = queue{all: slices.DeleteFunc(m.system.waiting(), asked)}
	m.watchers = slices.DeleteFunc(m.watchers, func(by *actor.PID) bool {
		if !dead.have(by) {
			return false
		}
		m.invoker.InvokeSystemMessage(&actor.Unwatch{Watcher: by})
		return true
	})
}
