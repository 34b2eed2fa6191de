package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// cut is how many bytes of one string the trace shows.
const cut = 120

// event is a line of the trace. Messages are immutable, so it is written when it is read.
type event struct {
	at     time.Duration
	who    string
	what   string // "" for a delivery
	posted any    // nil where the event is about no message
}

// tail is what was added last: all of it, or as many as most.
type tail[T any] struct {
	kept  []T
	most  int // 0 for all
	added int
}

func (t *tail[T]) add(item T) {
	if t.most == 0 || t.added < t.most {
		t.kept = append(t.kept, item)
	} else {
		t.kept[t.added%t.most] = item
	}
	t.added++
}

// items are those kept, in the order in which they were added.
func (t *tail[T]) items() []T {
	if t.added == len(t.kept) {
		return t.kept
	}
	oldest := t.added % t.most
	return slices.Concat(t.kept[oldest:], t.kept[:oldest])
}

func (w *World) note(who, what string, posted any) {
	w.events.add(event{w.elapsed, who, what, posted})
}

// String is, for a delivery, "TIME RECEIVER MESSAGE from SENDER". What is not a delivery has "!" and
// its name before the message.
func (e event) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-8v %-16s", e.at, e.who)
	if e.what != "" {
		b.WriteString(" ! " + e.what)
	}
	if msg, from := unwrap(e.posted); msg != nil {
		b.WriteString(" " + describe(msg, cut))
		if from != nil {
			b.WriteString(" from " + from.Id)
		}
	}
	return b.String()
}

// Trace is the history so far, or its Tail, a line for each turn and each thing that a fault did.
func (w *World) Trace() string { return text(w.events.items()) }

func text(events []event) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e.String() + "\n")
	}
	return b.String()
}
