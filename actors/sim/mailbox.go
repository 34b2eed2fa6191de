package sim

import (
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/asynkron/protoactor-go/actor"
)

// mailbox holds an actor's messages until the world lets it take one. It keeps the engine's
// order: system messages first, each kind in the order posted, user messages not while suspended.
type mailbox struct {
	world     *World
	invoker   actor.MessageInvoker
	self      *actor.PID
	process   actor.Process // what the registry holds for as long as the actor lives
	system    queue
	user      queue
	watchers  []*actor.PID // all that ever were
	probe     bool
	ready     bool // in World.ready
	suspended bool
	stopped   bool
}

// RegisterHandlers is the actor's birth: the name was free.
func (m *mailbox) RegisterHandlers(invoker actor.MessageInvoker, _ actor.Dispatcher) {
	m.invoker = invoker
	m.self = invoker.(actor.Context).Self()
	m.process, _ = m.world.system.ProcessRegistry.GetLocal(m.self.Id)
	m.world.boxes = append(m.world.boxes, m)
}

func (m *mailbox) Start() {}

func (m *mailbox) UserMessageCount() int { return m.user.len() }

func (m *mailbox) PostUserMessage(msg any) {
	if msg == nil {
		// The engine's own mailbox would turn in circles over it.
		m.world.complain("nil was sent to %s", m.self.Id)
		return
	}
	if m.world.calm || !m.world.meddle(m, msg) {
		m.push(msg)
	}
}

func (m *mailbox) push(msg any) {
	m.user.push(msg)
	m.wake()
}

func (m *mailbox) PostSystemMessage(msg any) {
	m.system.push(msg)
	m.wake()
}

func (m *mailbox) wake() {
	if !m.ready && m.runnable() {
		m.ready = true
		m.world.ready = append(m.world.ready, m)
	}
}

func (m *mailbox) runnable() bool {
	return m.system.len() > 0 || m.user.len() > 0 && !m.suspended
}

// take delivers one message.
func (m *mailbox) take() (more bool) {
	if m.system.len() > 0 {
		m.takeSystem()
	} else {
		m.takeUser()
	}
	m.ready = m.runnable()
	return m.ready
}

func (m *mailbox) takeSystem() {
	msg := m.system.pop()
	m.world.note(m.self.Id, "", msg)
	switch msg.(type) {
	case *actor.SuspendMailbox:
		m.suspended = true
	case *actor.ResumeMailbox:
		m.suspended = false
	default:
		if watch, ok := msg.(*actor.Watch); ok {
			m.watchers = append(m.watchers, watch.Watcher)
		}
		m.guard(msg, func() { m.invoker.InvokeSystemMessage(msg) })
		m.bury()
	}
}

func (m *mailbox) takeUser() {
	msg := m.user.pop()
	before, after := m.world.panics(m.self.Id, msg)
	m.world.note(m.self.Id, "", msg)
	m.guard(msg, func() {
		if before {
			panic(Injected{m.self.Id})
		}
		m.invoker.InvokeUserMessage(msg)
		if after {
			panic(Injected{m.self.Id})
		}
	})
}

// guard hands a panic of the actor to its supervisor, as the engine's mailboxes do.
func (m *mailbox) guard(msg any, deliver func()) {
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		m.world.note(m.self.Id, fmt.Sprintf("panic: %v", reason), nil)
		if _, injected := reason.(Injected); !injected {
			m.world.complain("panic of %s: %v\n%s", m.self.Id, reason, debug.Stack())
		}
		m.invoker.EscalateFailure(reason, msg)
	}()
	deliver()
}

// bury looks whether the actor has stopped with the message just delivered. What it had not
// read by then is lost without a word, which only the trace tells.
func (m *mailbox) bury() {
	process, _ := m.world.system.ProcessRegistry.GetLocal(m.self.Id)
	if m.stopped || process == m.process {
		return
	}
	m.stopped, m.suspended = true, false
	for _, msg := range m.user.waiting() {
		m.world.note(m.self.Id, "lost", msg)
	}
	m.user = queue{}
	m.world.boxes = slices.DeleteFunc(m.world.boxes, func(other *mailbox) bool { return other == m })
}

// queue hands out first what was pushed first. It keeps its memory once it is empty.
type queue struct {
	all  []any
	next int
}

func (q *queue) len() int       { return len(q.all) - q.next }
func (q *queue) waiting() []any { return q.all[q.next:] }

func (q *queue) push(msg any) {
	if len(q.all) == cap(q.all) && q.next > len(q.all)/2 {
		q.all, q.next = slices.Delete(q.all, 0, q.next), 0
	}
	q.all = append(q.all, msg)
}

func (q *queue) pop() any {
	msg := q.all[q.next]
	q.all[q.next] = nil
	if q.next++; q.next == len(q.all) {
		q.all, q.next = q.all[:0], 0
	}
	return msg
}
