package actors

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/memstore"
)

const (
	users   = 6
	keepers = 6 // the first of the devices, the others are classic
)

// What happens of itself, as the census names it.
const (
	processEnded   = "an actor without which nothing works died"
	processDrained = "a node ended in order"
	networkCut     = "a call or a batch did not reach the bus"
	clientSlow     = "too much waited for a client"
	backlogFull    = "too many messages waited to be stored"
	queriesFull    = "too many queries waited for the store"
	envelopesFull  = "too many envelopes waited for the bus"
)

// trial is one history: three nodes on one store and one bus, six users with eight devices, and what
// becomes of them. What is wrong is told to the TB at once, or by verdict at the end.
type trial struct {
	testing.TB
	w       *sim.World
	store   *ledger
	hub     *cluster.Local
	hosts   []*host
	devices []program
	cut     map[[2]string]bool // what cannot talk: a node and "", the bus; or one node and another
	weather []blowing
	struck  int // storms and panics that are over
	said    int
	mood    mood
	narrow  bool // queues are short
	policy  LoginPolicy
	parted  bool  // a node died, whatever the mood
	lost    *host // the one, until it is back

	deadline time.Time // for what is promised after the last fault
	doubled  bool      // envelopes come twice now and then, and events with them

	passwords map[int64][]string // of each user, one of which is good

	storeClock, busClock   time.Duration // how far they are off
	storeUnsure, busUnsure float64       // how often a call that took effect fails all the same
	storeTwice             float64       // how often a commit is made twice

	happened map[string]int // how often each verb had an effect, each storm struck, and what came of itself
}

// program is one client program of a user's.
type program interface {
	// ready tells whether it is logged in; where it is not, it does the next thing to be.
	ready() bool
	// here tells whether it is logged in.
	here() bool
	// drip takes one object off the connection, if there is one.
	drip() bool
	line() *line
	owner() int64 // its user
	// move breaks its connection; it connects to that node next, or to any where it is nil.
	move(to *host)
	// stayAway has it not connect again, or do so again.
	stayAway(bool)
	// settle does what is left to be done, and tells whether nothing is.
	settle() bool
	// lacks tells something that has not arrived; "": nothing.
	lacks() string
}

func newTrial(tb testing.TB, w *sim.World, m mood) *trial {
	t := &trial{TB: tb, w: w, mood: m, narrow: isNarrow(w.Seed()), policy: policyOf(w.Seed()), cut: map[[2]string]bool{}, happened: map[string]int{}, passwords: map[int64][]string{}}
	t.store = newLedger(t, memstore.New(func() time.Time { return w.Now().Add(t.storeClock) }))
	t.hub = cluster.NewLocal(func() time.Time { return w.Now().Add(t.busClock) })
	t.hub.Hinder = t.hinder
	t.people()
	for i := range 3 {
		h := &host{t: t, name: fmt.Sprintf("n%d", i+1)}
		t.hosts = append(t.hosts, h)
		h.start()
	}
	w.Delay(sim.Of[queried](""), time.Millisecond).Often(0.1) // calls of the store have no order
	w.Delay(sim.Of[committed](""), time.Millisecond).Often(0.05)
	w.Delay(sim.Of[idle[persistence.UserID]](""), time.Second).Often(0.3) // who rests may be wanted again
	w.Delay(sim.Of[idle[persistence.GroupID]](""), time.Second).Often(0.3)
	for _, text := range []string{"an actor panicked", "a batch was not stored"} {
		w.AllowError(text)
	}
	t.pass(2 * cluster.BeatTime)
	return t
}

// people makes users 1 to 6 and two groups. 1 has two v2 clients, 5 a classic one, 2 one of each, the others a v2 one.
func (t *trial) people() {
	ctx := context.Background()
	for i, name := range []string{"ann", "bob", "cleo", "dan", "eve", "fred"} {
		must[persistence.UserID](t)(t.store.Register(ctx, name, []byte(name), "plain:secret"))
		t.passwords[int64(i+1)] = []string{"secret"}
		for friend := range i {
			must[persistence.Peer](t)(t.store.Befriend(ctx, persistence.UserID(i+1), persistence.UserID(friend+1)))
		}
	}
	for id, members := range [][]persistence.UserID{{1, 2, 3, 5}, {2, 1, 4, 6}} {
		name := fmt.Sprint("group ", id+1)
		group := must[persistence.GroupID](t)(t.store.Found(ctx, members[0], name, []byte(name), ""))
		for _, u := range members[1:] {
			must[persistence.Membership](t)(t.store.Join(ctx, group, u))
		}
	}
	for i, u := range []int64{1, 1, 2, 3, 4, 6} {
		t.devices = append(t.devices, newKeeper(t, u, i+1))
	}
	t.devices = append(t.devices, newTelnet(t, 2), newTelnet(t, 5))
}

// play takes steps, until the source has no more.
func (t *trial) play(next source) {
	for s, ok := next(t); ok; s, ok = next(t) {
		if verbOf(s.verb).do(t, s) {
			t.happened[s.verb]++
		}
		t.turns(s.turns)
		for range t.w.Rand().IntN(7) {
			t.devices[t.w.Rand().IntN(len(t.devices))].drip()
		}
		if t.w.Rand().IntN(4) == 0 {
			t.pass(time.Millisecond)
		}
	}
}

// wishes is how much clients have asked for.
func (t *trial) wishes() int { return t.count(wish) }

// faults is how much has broken: what was broken once, and storms and panics that struck.
func (t *trial) faults() int {
	n := t.count(breakage) + t.count(hitch) + t.struck
	for _, one := range t.weather {
		n += min(1, one.fault.Hits())
	}
	return n
}

func (t *trial) count(of kind) (n int) {
	for _, v := range verbs {
		if v.kind == of {
			n += t.happened[v.name]
		}
	}
	return n
}

// strikes tells whether what happens that often happens now.
func (t *trial) strikes(often float64) bool { return often > 0 && t.w.Rand().Float64() < often }

// turns takes n turns.
func (t *trial) turns(n int) {
	for range n {
		if !t.w.Step() {
			return
		}
		t.reap()
	}
}

// pass lets d pass.
func (t *trial) pass(d time.Duration) {
	const slice = 100 * time.Millisecond
	for ; d > 0; d -= slice {
		t.w.Advance(min(d, slice))
		t.reap()
	}
}

// reap ends nodes whose process ends: one without an actor that it needs, or that was drained.
func (t *trial) reap() {
	for _, h := range t.hosts {
		switch {
		case h.fatal:
			h.die()
			t.happened[processEnded]++
		case h.main != nil && len(h.main.Got()) > 0:
			h.die()
			t.happened[processDrained]++
		case h.main != nil && t.w.Now().After(h.until):
			h.die()
		}
	}
}

// Which conversation, and which group, a number means.

func (t *trial) conv(n int) wire.Conv {
	if n %= 12; n < users {
		return wire.WithUser(user(n))
	}
	return wire.InGroup([]int64{1, 1, 1, 2, 2, 3}[n-users])
}

func (t *trial) group(n int) int64 { return []int64{1, 1, 2, 2, 3, 4}[n%6] }
