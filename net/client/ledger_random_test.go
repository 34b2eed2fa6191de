package client

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"chatserver/net/wire"
)

// TestLedgerHoldsInAnyOrder lets pushes, acks, SYNCs and lost connections come in any order, and
// takes part of them away.
func TestLedgerHoldsInAnyOrder(t *testing.T) {
	for seed := range uint64(2000) {
		w := &ledgerWorld{
			rand: rand.New(rand.NewPCG(seed, 1)),
			l:    newLedger(nil),
			logs: map[wire.Conv][]wire.Push{bob: nil, cat: nil, team: nil},
		}

		for range 200 {
			w.step()
		}
		w.finish()

		for conv, log := range w.logs {
			if w.err == nil && w.history.At(conv) != uint64(len(log)) {
				w.err = fmt.Errorf("%v ends at %d of %d", conv, w.history.At(conv), len(log))
			}
			if held := len(w.l.thread(conv).held); w.err == nil && held > 0 {
				w.err = fmt.Errorf("%v still holds %d", conv, held)
			}
		}
		if w.err != nil {
			t.Fatalf("seed %d: %v", seed, w.err)
		}
	}
}

// ledgerWorld is a ledger, a server and the network between them.
type ledgerWorld struct {
	rand    *rand.Rand
	l       *ledger
	logs    map[wire.Conv][]wire.Push
	online  bool
	pushes  []wire.Push // on their way, in order
	acks    []wire.Push // own messages that are stored, on their way
	asked   []wire.Sync
	history History
	err     error
}

func (w *ledgerWorld) step() {
	switch n := w.rand.IntN(20); {
	case n < 8:
		w.store()
	case n < 12 && len(w.pushes) > 0:
		w.l.place(convOf(w.pushes[0]), w.pushes[0])
		w.pushes = w.pushes[1:]
	case n < 15 && len(w.acks) > 0:
		w.l.place(convOf(w.acks[0]), w.acks[0])
		w.acks = w.acks[1:]
	case n < 18:
		w.sync()
	case n == 18 && w.online:
		w.l.closed()
		w.online, w.pushes, w.acks, w.asked = false, nil, nil, nil
	case n == 19 && !w.online:
		w.login()
	}
	w.take()
}

func (w *ledgerWorld) store() {
	convs := sorted(w.logs)
	conv := convs[w.rand.IntN(len(convs))]
	p := message(conv, uint64(len(w.logs[conv])+1))
	w.logs[conv] = append(w.logs[conv], p)
	switch {
	case !w.online:
	case w.rand.IntN(3) == 0:
		w.acks = append(w.acks, p)
	default:
		w.pushes = append(w.pushes, p)
	}
}

func (w *ledgerWorld) login() {
	var convs []wire.ConvState
	for _, conv := range sorted(w.logs) {
		convs = append(convs, wire.ConvState{Conv: conv, Head: uint64(len(w.logs[conv]))})
	}
	w.l.opened(convs)
	w.online = true
}

// sync asks, or answers what was asked, with a few messages.
func (w *ledgerWorld) sync() {
	if len(w.asked) == 0 {
		if asked, ok := w.l.due(); w.online && ok {
			w.asked = append(w.asked, asked)
		}
		return
	}
	asked, log := w.asked[0], w.logs[w.asked[0].Conv]
	w.asked = nil
	end := min(len(log), int(asked.After)+1+w.rand.IntN(5))
	w.l.synced(asked, wire.SyncAck{Conv: asked.Conv, Msgs: log[asked.After:end], Head: uint64(len(log))})
}

func (w *ledgerWorld) take() {
	for _, e := range w.l.events() {
		if err := w.history.Add(e); w.err == nil {
			w.err = err
		}
	}
}

// finish brings all that is on its way, and asks until nothing is due.
func (w *ledgerWorld) finish() {
	if !w.online {
		w.login()
	}
	for _, p := range append(w.pushes, w.acks...) {
		w.l.place(convOf(p), p)
	}
	if len(w.asked) > 0 {
		w.sync()
	}
	for w.sync(); len(w.asked) > 0; w.sync() {
		w.sync()
	}
	w.take()
}
