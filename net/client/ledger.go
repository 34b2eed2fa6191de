package client

import (
	"cmp"
	"maps"
	"slices"

	"chatserver/net/wire"
)

const (
	syncLimit = 500  // messages of one SYNC; the protocol's largest
	maxHeld   = 1024 // messages above a hole, by conversation; what is above comes again by SYNC
)

// ledger is the client's rule of the protocol, without I/O: what comes from pushes, acks and
// SYNCs in any order becomes each message once, in the order of its conversation.
//
// Its invariants, by conversation: all messages up to at were handed out; those held are above
// at+1, or above at while the start is not known; where at is below head, a SYNC is on its way or
// the conversation is listed for one.
type ledger struct {
	threads map[wire.Conv]*thread
	open    bool        // CONVS was read to its end on this connection
	behind  []wire.Conv // they wait for their SYNC
	short   int         // how many have not reached their goal
	out     []Event     // not yet taken by events
}

// thread is one conversation in the ledger.
type thread struct {
	at     uint64 // the position
	known  bool   // at is more than a guess: it was kept, or the server told where to start
	head   uint64 // the highest seq that is known to be stored
	goal   uint64 // head at login, 0 once it was reached
	listed bool   // in behind
	held   map[uint64]wire.Push
}

// newLedger starts from the positions that were kept.
func newLedger(positions map[wire.Conv]uint64) *ledger {
	l := &ledger{threads: map[wire.Conv]*thread{}}
	for conv, at := range positions {
		t := l.thread(conv)
		t.at, t.head, t.known = at, at, true
	}
	return l
}

func (l *ledger) thread(conv wire.Conv) *thread {
	t := l.threads[conv]
	if t == nil {
		t = &thread{held: map[uint64]wire.Push{}}
		l.threads[conv] = t
	}
	return t
}

// opened says that this connection's CONVS was read to its end. Now messages are handed out.
func (l *ledger) opened(convs []wire.ConvState) {
	for _, state := range convs {
		t := l.thread(state.Conv)
		start := state.Since
		if !t.known {
			start = max(state.Since, state.Delivered)
		}
		l.lift(state.Conv, t, start)
		t.head = max(t.head, state.Head)
		if t.at < state.Head {
			t.goal = state.Head
			l.short++
		}
	}
	l.open = true
	if l.short == 0 {
		l.out = append(l.out, CaughtUp{})
	}
	for _, conv := range sorted(l.threads) {
		l.advance(conv, l.threads[conv])
	}
}

// closed says that the connection is gone. What was held comes again.
func (l *ledger) closed() {
	l.open, l.behind, l.short = false, nil, 0
	for _, t := range l.threads {
		t.goal, t.listed = 0, false
		clear(t.held)
	}
}

// void says that the server's numbers are new ones. It comes before opened.
func (l *ledger) void() {
	for _, conv := range sorted(l.threads) {
		if l.threads[conv].at > 0 {
			l.out = append(l.out, Lifted{Conv: conv})
		}
	}
	clear(l.threads)
}

// place puts a stored message where it belongs, whoever told of it.
func (l *ledger) place(conv wire.Conv, p wire.Push) {
	t := l.thread(conv)
	t.head = max(t.head, p.Seq)
	if p.Seq > t.at && (p.Seq == t.at+1 || len(t.held) < maxHeld) {
		t.held[p.Seq] = p
	}
	if l.open {
		l.advance(conv, t)
	}
}

// due takes the next SYNC that has to be asked. There must be none in flight.
func (l *ledger) due() (wire.Sync, bool) {
	for len(l.behind) > 0 {
		conv := l.behind[0]
		l.behind = l.behind[1:]
		t := l.threads[conv]
		t.listed = false
		if t.at < t.head {
			return wire.Sync{Conv: conv, After: t.at, Limit: syncLimit}, true
		}
	}
	return wire.Sync{}, false
}

// synced is the answer to what due has asked.
func (l *ledger) synced(asked wire.Sync, ack wire.SyncAck) {
	t := l.thread(asked.Conv)
	l.lift(asked.Conv, t, ack.Since)
	t.head = max(t.head, ack.Head)
	for _, p := range ack.Msgs {
		l.place(asked.Conv, p)
	}
	if len(ack.Msgs) == 0 && t.at == asked.After {
		l.forgo(asked.Conv) // to ask again would bring no more
		return
	}
	l.advance(asked.Conv, t)
}

// unsynced puts off what due has asked: it is asked again.
func (l *ledger) unsynced(asked wire.Sync) { l.advance(asked.Conv, l.thread(asked.Conv)) }

// forgo gives up what is missing of a conversation, until something new of it comes.
func (l *ledger) forgo(conv wire.Conv) {
	t := l.thread(conv)
	t.head = t.at
	clear(t.held)
	l.reached(t)
}

// events takes what has happened since it was called before.
func (l *ledger) events() []Event {
	out := l.out
	l.out = nil
	return out
}

// advance hands out what follows the position, and lists the conversation where more is missing.
func (l *ledger) advance(conv wire.Conv, t *thread) {
	for p, ok := t.held[t.at+1]; ok; p, ok = t.held[t.at+1] {
		delete(t.held, p.Seq)
		t.at, t.known = p.Seq, true
		l.out = append(l.out, Received{conv, p})
	}
	if t.at >= t.goal {
		l.reached(t)
	}
	if t.at < t.head && !t.listed {
		t.listed = true
		l.behind = append(l.behind, conv)
	}
}

// reached says that a conversation is where it was to be.
func (l *ledger) reached(t *thread) {
	if t.goal == 0 {
		return
	}
	t.goal = 0
	if l.short--; l.short == 0 {
		l.out = append(l.out, CaughtUp{})
	}
}

// lift moves a position over what cannot or need not be received.
func (l *ledger) lift(conv wire.Conv, t *thread, to uint64) {
	t.known = true
	if to <= t.at {
		return
	}
	t.at, t.head = to, max(t.head, to)
	maps.DeleteFunc(t.held, func(seq uint64, _ wire.Push) bool { return seq <= to })
	l.out = append(l.out, Lifted{conv, to})
}

// sorted are the conversations of a map in one order: users first, each kind by id.
func sorted[T any](convs map[wire.Conv]T) []wire.Conv {
	return slices.SortedFunc(maps.Keys(convs), func(a, b wire.Conv) int {
		if a.Group != b.Group {
			if b.Group {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.ID, b.ID)
	})
}
