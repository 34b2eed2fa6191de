package actors

import (
	"cmp"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// Answer is the reply to every request that has a Ref. Value is what the request's comment
// says, or Err tells why there is none: an Err… of package persistence, a *wire.Fault,
// errBusy, or any other for "nobody knows". There is both only where the comment says so.
type Answer struct {
	Ref   uint64
	Value any
	Err   error
}

// asks are the requests that an actor waits for, each with the same time to be answered.
// One timer serves them all: they fall due in the order they were made.
type asks struct {
	last  uint64
	due   []ask // oldest first; answered ones linger until they are first
	armed bool
}

type ask struct {
	ref  uint64
	at   time.Time
	then func(actor.Context, Answer) // nil: answered
}

// newAsks is for the nth child of a parent. What one that had its name before it had asked may
// still be answered: no Ref is used by both.
func newAsks(nth uint64) asks { return asks{last: nth << 32} }

// overdue is the timer of an asks.
type overdue struct{}

// add remembers what to do with an answer and returns the Ref to ask with. then is called
// once: with the answer, or with errOverdue when Limits.Reply has passed without one.
func (a *asks) add(ctx actor.Context, env *Env, then func(actor.Context, Answer)) uint64 {
	a.last++
	a.due = append(a.due, ask{a.last, env.Clock.Now().Add(env.Limits.Reply), then})
	if !a.armed {
		a.armed = true
		env.Clock.After(env.Limits.Reply, ctx.Self(), overdue{})
	}
	return a.last
}

// answer hands msg to whoever waits for it. Late and doubled answers have nobody.
func (a *asks) answer(ctx actor.Context, msg Answer) {
	at, found := slices.BinarySearchFunc(a.due, msg.Ref, func(one ask, ref uint64) int { return cmp.Compare(one.ref, ref) })
	if !found || a.due[at].then == nil {
		return
	}
	then := a.due[at].then
	a.due[at].then = nil
	a.settle()
	then(ctx, msg)
}

// settle drops what was answered from the front.
func (a *asks) settle() {
	n := slices.IndexFunc(a.due, func(one ask) bool { return one.then != nil })
	if n < 0 {
		n = len(a.due)
	}
	a.due = slices.Delete(a.due, 0, n)
}

// expire answers what is overdue, and waits on for the rest.
func (a *asks) expire(ctx actor.Context, env *Env) {
	now := env.Clock.Now()
	for len(a.due) > 0 && !a.due[0].at.After(now) {
		a.answer(ctx, Answer{Ref: a.due[0].ref, Err: errOverdue})
	}
	a.armed = len(a.due) > 0
	if a.armed {
		env.Clock.After(a.due[0].at.Sub(now), ctx.Self(), overdue{})
		return
	}
	a.due = nil // nothing was asked for a while: an idle actor holds no memory for it
}

// refuse answers all that is waited for with err.
func (a *asks) refuse(ctx actor.Context, err error) {
	for len(a.due) > 0 {
		a.answer(ctx, Answer{Ref: a.due[0].ref, Err: err})
	}
}

// forget drops all that is waited for: nobody hears of an answer.
func (a *asks) forget() { a.due = nil }

// idle tells that nothing is waited for.
func (a *asks) idle() bool { return len(a.due) == 0 }
