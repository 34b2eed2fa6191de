package actors

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// ledger is a store that notes when bob came to and left group 1.
type ledger struct {
	persistence.Store
	stays []stay
}

// stay is what bob may read of the group between a join and an end: what comes after since, and
// where it is over up to until.
type stay struct {
	since, until uint64
	over         bool
}

const bobID persistence.UserID = 2

func (l *ledger) Join(ctx context.Context, group persistence.GroupID, user persistence.UserID) (persistence.Membership, error) {
	m, err := l.Store.Join(ctx, group, user)
	if err == nil && user == bobID {
		l.stays = append(l.stays, stay{since: m.Since})
	}
	return m, err
}

func (l *ledger) Leave(ctx context.Context, group persistence.GroupID, user persistence.UserID) (persistence.UserID, error) {
	heir, err := l.Store.Leave(ctx, group, user)
	if err == nil && user == bobID {
		l.ended(ctx, group)
	}
	return heir, err
}

func (l *ledger) Kick(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) error {
	err := l.Store.Kick(ctx, group, by, user)
	if err == nil {
		l.ended(ctx, group)
	}
	return err
}

func (l *ledger) ended(ctx context.Context, group persistence.GroupID) {
	head, err := l.Head(ctx, persistence.GroupConv(group))
	if err != nil {
		panic(err)
	}
	last := &l.stays[len(l.stays)-1]
	last.until, last.over = head, true
}

// in tells in which of bob's stays a message was said; -1 for none.
func (l *ledger) in(seq uint64) int {
	for i, s := range l.stays {
		if s.since < seq && (!s.over || seq <= s.until) {
			return i
		}
	}
	return -1
}

// wantWithin fails the test where a device of bob's was pushed a message of the group from outside
// of his stays, or of one that it was told the end of.
func (l *ledger) wantWithin(t testing.TB, bob *client) (pushed map[uint64]bool) {
	t.Helper()
	pushed = map[uint64]bool{}
	over := 0 // ends that the device was told
	objects := bob.got()
	for i, object := range objects {
		_, reply := decodeV2(t, object)
		switch r := reply.(type) {
		case wire.Event:
			if r.ID == int64(bobID) && (r.Kind == wire.GroupKicked || r.Kind == wire.GroupLeft) {
				over++
			}
		case wire.Push:
			if pushed[r.Seq] = true; l.in(r.Seq) < over {
				t.Errorf("bob was pushed %d after %d ends; he stayed %+v\n%q", r.Seq, over, l.stays, objects[:i+1])
			}
		}
	}
	return pushed
}

func TestWhoeverOvertakesWhomNobodyIsPushedMoreThanItMayRead(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 40, func(t *testing.T, w *sim.World) {
		l := &ledger{}
		n := newNode(t, w, l.keep)
		l.churn(n, n, n, func() {})
	})
}

func TestWhoeverOvertakesWhomOnThreeNodesNobodyIsPushedMoreThanItMayRead(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 40, func(t *testing.T, w *sim.World) {
		l := &ledger{}
		c := newCluster(t, w, l.keep)
		c.breakNow()
		l.churn(c.nodes[0], c.nodes[1], c.nodes[2], c.heal)
	})
}

// keep makes the ledger the store.
func (l *ledger) keep(e *Env) {
	if l.Store == nil {
		l.Store = e.Store
	}
	e.Store = l
	e.Limits.Held = 2 // of a group's actor too
}

// churn is what ann on one node, bob on another and eve on a third do, who may be the same one.
func (l *ledger) churn(of1, of2, of3 *node, heal func()) {
	n, t, w := of1, of1.t, of1.w
	n.register("ann", "bob", "eve")
	group := n.group("chess", 1, 3)
	ann, bob, eve := of1.enter(1), of2.enter(2), of3.enter(3)
	w.Delay(sim.Of[queried](""), time.Millisecond).Often(0.3)
	said := 0
	say := func() {
		said++
		eve.start(in(int64(group), fmt.Sprint(said)))
	}
	for range 60 {
		switch r := w.Rand(); r.IntN(6) {
		case 0, 1:
			for range 1 + r.IntN(5) {
				say()
			}
		case 2, 3:
			bob.start(wire.AddGroup{Group: 1})
		case 4:
			ann.start(wire.Kick{Group: 1, User: 2})
		case 5:
			bob.start(wire.LeaveGroup{Group: 1})
		}
		for range w.Rand().IntN(25) {
			w.Step()
		}
		if w.Rand().IntN(4) == 0 {
			w.Advance(time.Millisecond)
		}
	}
	heal()
	w.Advance(n.env.Limits.Reply)
	say()
	w.Advance(n.env.Limits.Reply)

	pushed := l.wantWithin(t, bob)
	head := must[uint64](t)(n.env.Store.Head(t.Context(), persistence.GroupConv(group)))
	if last := len(l.stays) - 1; last >= 0 && !l.stays[last].over {
		for seq := l.stays[last].since + 1; seq <= head; seq++ {
			if !pushed[seq] {
				t.Errorf("bob, who stayed %+v, was not pushed %d of %d", l.stays, seq, head)
			}
		}
	}
}
