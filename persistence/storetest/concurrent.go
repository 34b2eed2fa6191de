package storetest

import (
	"fmt"
	"sync"

	"chatserver/persistence"
)

const writers, rounds = 8, 12

var concurrent = map[string]func(*world){
	"numbers have no hole and no double whoever appends at once": func(w *world) {
		ann := w.user("ann")
		var ids []persistence.UserID
		for i := range writers {
			ids = append(ids, w.user(fmt.Sprint("user", i)))
		}
		conv := persistence.GroupConv(w.group("tea", ann, ids...))

		outs := w.together(func(writer, round int) []persistence.Draft {
			me := ids[writer]
			refused := persistence.Draft{Conv: persistence.GroupConv(99), Sender: me, CID: fmt.Sprint("no", round), Body: "no"}
			direct := persistence.Draft{Conv: persistence.Direct(me, ann), Sender: me, CID: fmt.Sprint("d", round), Body: "d"}
			return []persistence.Draft{{Conv: conv, Sender: me, CID: fmt.Sprint("g", round), Body: fmt.Sprint(writer, ":", round)}, refused, direct}
		})

		equal(w, len(w.bodies(ann, conv)), writers*rounds)
		for writer, id := range ids {
			equal(w, len(w.bodies(ann, persistence.Direct(id, ann))), rounds)
			last := uint64(0)
			for _, out := range outs[writer] {
				if out[0].Seq <= last {
					w.Fatalf("writer %d got %d after %d", writer, out[0].Seq, last)
				}
				last = out[0].Seq
			}
		}
	},
	"the same cid sent by many at once is stored once": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)

		outs := w.together(func(_, round int) []persistence.Draft {
			return []persistence.Draft{{Conv: conv, Sender: ann, CID: fmt.Sprint(round), Body: "hi"}}
		})

		equal(w, len(w.bodies(ann, conv)), rounds)
		for round := range rounds {
			firsts := 0
			for writer := range writers {
				o := outs[writer][round][0]
				equal(w, o.Seq, outs[0][round][0].Seq)
				if !o.Dup {
					firsts++
				}
			}
			equal(w, firsts, 1)
		}
	},
	"after a member left nothing of it is stored": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)
		conv := persistence.GroupConv(g)
		left := make(chan uint64)
		go func() {
			_, err := w.Leave(w.Context(), g, bob)
			head, err2 := w.Head(w.Context(), conv)
			if err != nil || err2 != nil {
				w.Error(err, err2)
			}
			left <- head
		}()

		outs := w.together(func(writer, round int) []persistence.Draft {
			return []persistence.Draft{{Conv: conv, Sender: bob, CID: fmt.Sprint(writer, ":", round), Body: "hi"}}
		})

		head := <-left
		equal(w, uint64(len(w.bodies(ann, conv))), head)
		for writer := range writers {
			for _, out := range outs[writer] {
				if o := out[0]; o.Err == nil && o.Ver != 2 {
					w.Fatalf("stored at version %d", o.Ver)
				}
			}
		}
	},
}

// together lets each of some writers append what drafts says, round by round, all at once.
func (w *world) together(drafts func(writer, round int) []persistence.Draft) (outs [writers][rounds][]persistence.Outcome) {
	var wg sync.WaitGroup
	for writer := range writers {
		wg.Go(func() {
			for round := range rounds {
				out, err := w.Append(w.Context(), drafts(writer, round))
				if err != nil {
					w.Error(err)
					return
				}
				outs[writer][round] = out
			}
		})
	}
	wg.Wait()
	if w.Failed() {
		w.FailNow()
	}
	return outs
}
