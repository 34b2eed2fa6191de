package actors

import (
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// crowd is a walk in which ann and bob have v2 devices beside their classic ones.
type crowd struct {
	*walk
	keepers []*keeper
}

func newCrowd(t *testing.T, w *sim.World) *crowd { return newCrowdOn(newNode(t, w, tight)) }

func newCrowdOn(n *node) *crowd {
	c := &crowd{walk: newWalkOn(n, 1)}
	n.w.Delay(sim.Of[queried](""), time.Millisecond).Often(0.2) // calls of the store have no order
	n.w.Delay(sim.Of[committed](""), time.Millisecond).Often(0.1)
	for _, user := range []int64{1, 1, 2} {
		c.keepers = append(c.keepers, newKeeper(c.node, user))
	}
	return c
}

// act does one thing that a v2 client or its network may do, or lets the classic ones do one.
func (c *crowd) act() {
	r := c.w.Rand()
	k := c.keepers[r.IntN(len(c.keepers))]
	switch {
	case r.IntN(3) == 0:
		c.walk.act()
	case !c.connected(k):
	case !k.in:
		k.drip()
	default:
		c.step(k)
	}
	for range r.IntN(6) {
		c.keepers[r.IntN(len(c.keepers))].drip()
	}
	for range r.IntN(30) {
		c.w.Step()
	}
	if r.IntN(4) == 0 {
		c.w.Advance(time.Millisecond)
	}
}

// connected tells whether k may send; one whose connection has ended dials when it may.
func (c *crowd) connected(k *keeper) bool {
	if k.client != nil && k.closed != "" && !slices.Contains(c.w.Actors(), k.session.Id) {
		k.client = nil
	}
	if k.client == nil {
		k.dial()
	}
	return k.closed == "" && !k.hung
}

func (c *crowd) step(k *keeper) {
	r := c.w.Rand()
	switch r.IntN(10) {
	case 0, 1, 2:
		c.said++
		k.say(wire.WithUser(int64(1+r.IntN(c.users))), strconv.Itoa(c.said))
	case 3, 4:
		c.said++
		k.say(wire.InGroup(1), strconv.Itoa(c.said))
	case 5, 6:
		conv := []wire.Conv{wire.WithUser(1), wire.WithUser(2), wire.InGroup(1)}[r.IntN(3)]
		k.start(wire.Mark{Conv: conv, Delivered: k.pos[conv], Read: k.pos[conv] / 2})
	case 7:
		k.logout()
	case 8:
		k.hangUpNow()
	case 9:
		c.w.Advance(time.Duration(r.IntN(int(2 * time.Second))))
	}
}

// rest lets all that is under way come to its end.
func (c *crowd) rest() {
	for quiet := false; !quiet; {
		c.walk.rest()
		quiet = true
		for _, k := range c.keepers {
			for k.client != nil && len(k.queued) > 0 {
				k.drip()
				quiet = false
			}
		}
	}
}

// arrive logs everybody in who is not, and lets all that was sent be stored and arrive.
func (c *crowd) arrive() {
	c.w.Advance(2 * c.env.Limits.Reply)
	c.rest()
	c.walk.arrive()
	for range 2 { // the second time after what was hung up has ended
		for _, k := range c.keepers {
			if c.connected(k) && k.in {
				for _, m := range k.outbox {
					k.submit(m)
				}
			}
		}
		c.rest()
	}
}

// wantAllRead fails the test unless each v2 device has all there is to read, once and in order.
func (c *crowd) wantAllRead() {
	c.t.Helper()
	for _, k := range c.keepers {
		var convs []wire.Conv
		for _, state := range must[[]persistence.ConvState](c.t)(c.env.Store.Convs(c.t.Context(), persistence.UserID(k.user), 0, math.MaxInt)) {
			conv := convOf(state.Conv, persistence.UserID(k.user))
			convs = append(convs, conv)
			var want []string
			slice := must[persistence.Slice](c.t)(c.env.Store.Read(c.t.Context(), persistence.UserID(k.user), state.Conv, persistence.Span{Limit: 1e6}))
			for _, m := range slice.Messages {
				want = append(want, m.Body)
			}
			if !slices.Equal(k.seen[conv], want) {
				c.t.Errorf("a device of user %d has of %v\n%q, not\n%q", k.user, conv, k.seen[conv], want)
			}
		}
		for conv := range k.seen {
			if !slices.Contains(convs, conv) {
				c.t.Errorf("user %d has read of %v, which it is not in", k.user, conv)
			}
		}
		if len(k.outbox) > 0 {
			c.t.Errorf("user %d has no word of %v", k.user, k.outbox)
		}
	}
}

// leave hangs everybody up.
func (c *crowd) leave() {
	for _, k := range c.keepers {
		if k.client != nil && k.closed == "" && !k.hung {
			k.hangUpNow()
		}
	}
	c.rest()
	c.walk.leave()
}

func TestAV2DeviceThatKeepsTheRuleHasEachMessageOnceAndInOrder(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		c := newCrowd(t, w)
		for range 150 {
			c.act()
		}
		c.arrive()
		c.wantAllRead()
		c.wantInOrder(c.stored())
		for _, k := range c.keepers {
			k.wantLive()
		}
		c.leave()
		c.wantNothingLeft()
	})
}

func TestWhoeverPanicsAV2DeviceThatKeepsTheRuleMissesNothing(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		c := newCrowd(t, w)
		c.strict = false
		for _, text := range []string{"an actor panicked", "a batch was not stored", "what was stored of late could not be read"} {
			w.AllowError(text)
		}
		faults := []*sim.Fault{
			w.Panic(sim.To("root/users/")).Often(0.003), w.PanicAfter(sim.To("root/users/")).Often(0.003),
			w.Panic(sim.To("root/groups/")).Often(0.01), w.PanicAfter(sim.To("root/groups/")).Often(0.01),
			w.Panic(sim.To("root/sessions/")).Often(0.003), w.Panic(sim.To("root/store/")).Often(0.004),
			w.FailJobs("root/store/").Often(0.01),
		}
		for range 150 {
			c.act()
		}
		for _, f := range faults {
			f.Heal()
		}
		c.arrive()
		c.wantAllRead()
		c.wantInOrder(c.stored())
		c.leave()
		c.wantNothingLeft()
	})
}

// onThreeNodes is a crowd whose devices dial any of three nodes, between which the network loses,
// breaks, forgets, and takes nodes for dead.
func onThreeNodes(t *testing.T, w *sim.World) (c *crowd, trio *cluster3) {
	trio = newCluster(t, w, tight)
	first := trio.nodes[0]
	first.peers = trio.nodes
	c = newCrowdOn(first)
	c.strict = false // what one node has not written down yet another hands out again
	trio.breakNow()
	return c, trio
}

func TestOnWhateverNodeADeviceThatKeepsTheRuleHasEachMessageOnceAndInOrder(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		c, trio := onThreeNodes(t, w)
		for range 200 {
			c.act()
			trio.disturb()
		}
		trio.heal()
		c.arrive()
		c.wantAllRead()
		c.wantInOrder(c.stored())
		c.leave()
		c.wantNothingLeft()
	})
}

func TestWhicheverNodePanicsADeviceThatKeepsTheRuleMissesNothing(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		c, trio := onThreeNodes(t, w)
		faults := panics(w)
		for range 200 {
			c.act()
			trio.disturb()
		}
		for _, f := range faults {
			f.Heal()
		}
		trio.heal()
		c.arrive()
		c.wantAllRead()
		c.wantInOrder(c.stored())
		c.leave()
		c.wantNothingLeft()
	})
}

// panics makes actors of all nodes panic, and calls of the store fail.
func panics(w *sim.World) (faults []*sim.Fault) {
	for _, text := range []string{"an actor panicked", "a batch was not stored"} {
		w.AllowError(text)
	}
	for _, n := range []string{"n1", "n2", "n3"} {
		for _, part := range []string{"/users/", "/groups/", "/sessions/", "/store/", "/router", "/presence"} {
			faults = append(faults, w.Panic(sim.To(n+part)).Often(0.002), w.PanicAfter(sim.To(n+part)).Often(0.002))
		}
		faults = append(faults, w.FailJobs(n+"/store/").Often(0.01), w.FailJobs(n+"/router").Often(0.01))
	}
	return faults
}
