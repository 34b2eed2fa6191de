package main

import (
	"slices"
	"sync"
	"testing"

	"github.com/asynkron/protoactor-go/actor"
)

// recorder is an actor that keeps what it is given, and whose mailbox delivers when the test says so.
type recorder struct {
	mailbox
	got, failed []any
	onMessage   func(msg any)
}

func newRecorder(onMessage func(r *recorder, msg any)) *recorder {
	r := &recorder{mailbox: mailbox{running: true}} // so that posting starts no goroutine
	r.onMessage = func(msg any) { onMessage(r, msg) }
	r.RegisterHandlers(r, nil)
	return r
}

func (r *recorder) InvokeSystemMessage(msg any)    { r.InvokeUserMessage(msg) }
func (r *recorder) EscalateFailure(_, message any) { r.failed = append(r.failed, message) }
func (r *recorder) InvokeUserMessage(msg any) {
	r.got = append(r.got, msg)
	r.onMessage(msg)
}

// want delivers what waits and fails unless it was this.
func (r *recorder) want(t *testing.T, want ...any) {
	t.Helper()
	r.got = nil
	r.run()
	if !slices.Equal(r.got, want) {
		t.Fatalf("got %v, want %v", r.got, want)
	}
	r.running = true
}

func TestSystemMessagesComeFirstAndEachKindInOrder(t *testing.T) {
	r := newRecorder(func(r *recorder, msg any) {
		if msg == "first" {
			r.PostUserMessage(1)
			r.PostUserMessage(2)
			r.PostSystemMessage("a")
			r.PostSystemMessage("b")
		}
	})
	r.PostUserMessage("first")
	r.want(t, "first", "a", "b", 1, 2)
}

func TestSuspendedMailboxKeepsUserMessages(t *testing.T) {
	r := newRecorder(func(*recorder, any) {})
	r.PostSystemMessage(&actor.SuspendMailbox{})
	r.PostUserMessage(1)
	r.PostSystemMessage("a")
	r.want(t, "a")
	if n := r.UserMessageCount(); n != 1 {
		t.Fatalf("%d wait, want 1", n)
	}

	r.PostSystemMessage(&actor.ResumeMailbox{})
	r.want(t, 1)
}

func TestPanicIsEscalatedAndTheNextMessageIsDelivered(t *testing.T) {
	r := newRecorder(func(_ *recorder, msg any) {
		if msg == "bad" {
			panic("boom")
		}
	})
	r.PostUserMessage("bad")
	r.PostUserMessage("good")
	r.want(t, "bad", "good")
	if !slices.Equal(r.failed, []any{"bad"}) {
		t.Fatalf("escalated %v", r.failed)
	}
}

func TestQueueKeepsOrderAndLittleRoom(t *testing.T) {
	var q queue
	next, last := 0, 0
	for round := range 100 { // each time deeper, then down to a few
		for range 7 * round {
			q.push(last)
			last++
		}
		for q.len() > round%5 {
			if got := q.pop(); got != next {
				t.Fatalf("got %v, want %d", got, next)
			}
			next++
		}
		if room := cap(q.items); q.len() == 0 && room > keptRoom {
			t.Fatalf("an empty queue has room for %d", room)
		}
	}
}

func TestNothingPostedIsLeftLying(t *testing.T) {
	const posters, each = 8, 2000
	var all sync.WaitGroup
	all.Add(posters * each)
	last := map[int]int{}
	m := &mailbox{pool: &dispatcher{}}
	m.RegisterHandlers(&recorder{onMessage: func(msg any) {
		from, n := msg.([2]int)[0], msg.([2]int)[1]
		if n != last[from]+1 {
			t.Errorf("poster %d: %d came after %d", from, n, last[from])
		}
		last[from] = n
		all.Done()
	}}, nil)
	for from := range posters {
		go func() {
			for n := range each {
				m.PostUserMessage([2]int{from, n + 1})
			}
		}()
	}
	all.Wait()
}
