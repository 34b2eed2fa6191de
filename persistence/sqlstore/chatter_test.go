package sqlstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"chatserver/persistence"
)

// acked are the messages that were acknowledged, by their cids.
type acked struct {
	mu  sync.Mutex
	all map[string]persistence.Outcome
}

// chatter appends batches to conversations drawn at random until stop, on both nodes with two writers
// each. A batch that fails is sent again. It returns what was acknowledged.
func (n *nodes) chatter(t *testing.T, batches int, stop <-chan struct{}) map[string]persistence.Outcome {
	a := acked{all: map[string]persistence.Outcome{}}
	var wg sync.WaitGroup
	n.both(func(node int, s *Store) {
		for writer := range 2 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(node), uint64(writer)))
				for round := range batches {
					drafts := n.drafts(r, fmt.Sprint(node, "-", writer, "-", round))
					for !a.append(t.Context(), s, drafts) {
						select {
						case <-stop:
							return
						default:
						}
					}
				}
			})
		}
	})
	wg.Wait()
	return a.all
}

func (n *nodes) drafts(r *rand.Rand, cid string) []persistence.Draft {
	drafts := make([]persistence.Draft, 1+r.IntN(20))
	for i := range drafts {
		from, to := n.users[r.IntN(len(n.users))], n.users[r.IntN(len(n.users))]
		drafts[i] = persistence.Draft{Conv: persistence.Direct(from, to), Sender: from, CID: fmt.Sprint(cid, "-", i), Body: cid}
	}
	return drafts
}

// append reports whether all of a batch is stored.
func (a *acked) append(ctx context.Context, s *Store, drafts []persistence.Draft) (done bool) {
	out, err := s.Append(ctx, drafts)
	if err != nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	done = true
	for i, o := range out {
		if o.Err != nil {
			done = false
			continue
		}
		a.all[drafts[i].CID] = o
	}
	return done
}

// wantStored fails the test unless what was acknowledged is stored once, under its number, and nothing
// else is.
func (n *nodes) wantStored(t *testing.T, acked map[string]persistence.Outcome) {
	t.Helper()
	stored := map[string]bool{}
	for i, a := range n.users {
		for _, b := range n.users[i:] {
			for _, m := range n.contiguous(t, persistence.Direct(a, b)) {
				if o, ok := acked[m.CID]; !ok || o.Seq != m.Seq || stored[m.CID] {
					t.Errorf("%q is stored as %d, acknowledged %v as %d, twice %v", m.CID, m.Seq, ok, o.Seq, stored[m.CID])
				}
				stored[m.CID] = true
			}
		}
	}
	if len(stored) != len(acked) {
		t.Errorf("%d messages are stored and %d acknowledged", len(stored), len(acked))
	}
}
