package main

import (
	"runtime"
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

// mailbox holds an actor's messages and delivers them on the dispatcher's goroutines, one at a time,
// as the engine's unbounded mailbox does: system messages first, each kind in the order posted,
// user messages not while suspended. An idle one is 400 bytes smaller than the engine's, and
// nothing is allocated to wake one.
type mailbox struct {
	pool    *dispatcher
	invoker actor.MessageInvoker

	mu        sync.Mutex
	system    queue
	user      queue
	suspended bool
	running   bool // a goroutine delivers
}

var _ actor.Mailbox = (*mailbox)(nil)

// RegisterHandlers is the actor's birth.
func (m *mailbox) RegisterHandlers(invoker actor.MessageInvoker, _ actor.Dispatcher) {
	m.invoker = invoker
}

// Start has nothing to do: the first message starts it.
func (m *mailbox) Start() {}

// UserMessageCount says how many user messages wait.
func (m *mailbox) UserMessageCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.user.len()
}

// PostUserMessage puts msg behind the other user messages.
func (m *mailbox) PostUserMessage(msg any) { m.post(&m.user, msg) }

// PostSystemMessage puts msg behind the other system messages.
func (m *mailbox) PostSystemMessage(msg any) { m.post(&m.system, msg) }

func (m *mailbox) post(to *queue, msg any) {
	m.mu.Lock()
	to.push(msg)
	wakes := !m.running
	m.running = true
	m.mu.Unlock()
	if wakes {
		m.pool.start(m)
	}
}

// run delivers until nothing is left.
func (m *mailbox) run() {
	for !m.deliver() {
	}
}

// deliver delivers until nothing is left, or until the actor panics: its supervisor then decides.
func (m *mailbox) deliver() (done bool) {
	var msg any
	defer func() {
		if reason := recover(); reason != nil {
			m.invoker.EscalateFailure(reason, msg)
		}
	}()
	for n := 1; ; n++ {
		next, kind := m.next()
		msg = next
		switch kind {
		case nothing:
			return true
		case system:
			m.invoker.InvokeSystemMessage(msg)
		case user:
			m.invoker.InvokeUserMessage(msg)
		}
		if n%throughput == 0 {
			runtime.Gosched()
		}
	}
}

// The kinds of messages.
type kind int

const (
	nothing kind = iota
	system
	user
)

// next takes the next message. With nothing to take the goroutine ends its turn.
func (m *mailbox) next() (any, kind) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.system.len() > 0 {
		switch msg := m.system.pop(); msg.(type) {
		case *actor.SuspendMailbox:
			m.suspended = true
		case *actor.ResumeMailbox:
			m.suspended = false
		default:
			return msg, system
		}
	}
	if m.user.len() > 0 && !m.suspended {
		return m.user.pop(), user
	}
	m.running = false
	return nil, nothing
}

// keptRoom is how many messages a queue has room for while it is empty.
const keptRoom = 16

// queue is first in, first out. One that is empty holds next to nothing.
type queue struct {
	items []any
	head  int // of items, taken already
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(msg any) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 { // each message is moved less than once
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, msg)
}

// pop takes the first message of a queue that has one.
func (q *queue) pop() any {
	msg := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.len() == 0 {
		q.items, q.head = q.items[:0], 0
		if cap(q.items) > keptRoom {
			q.items = nil
		}
	}
	return msg
}
