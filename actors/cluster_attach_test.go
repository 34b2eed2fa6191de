package actors

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/persistence"
)

// Calls take long and nothing is lost, so no repair hides what an attach in the wrong order misses.
func TestWhoeverLogsInWhileOthersWriteMissesNothingThoughCallsTakeLong(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 10, func(t *testing.T, w *sim.World) {
		c := newCluster(t, w)
		c.nodes[0].register("ann", "bob")
		ann := c.nodes[0].enter(1)
		for _, n := range []string{"n1", "n2"} {
			w.DelayJobs(n+"/router", 2*time.Millisecond).Often(0.3)
			w.DelayJobs(n+"/store/", time.Millisecond).Often(0.3)
			w.Delay(sim.Of[committed](n+"/store/"), 2*time.Millisecond).Often(0.3)
		}
		said := 0
		for range 8 {
			bob := c.nodes[1].dial()
			bob.start(loginV2(2))
			for range 4 {
				said++
				ann.start(to(2, fmt.Sprint(said)))
				scatter(w, 30)
			}
			w.Advance(40 * time.Millisecond)
			wantAllAboveTheHead(t, bob, uint64(said))
			bob.hangUp()
			w.Advance(10 * time.Millisecond)
		}
	})
}

// The second session finds the user's seat taken, and the claim of the group still on its way.
func TestWhoLogsInWhileAnotherDeviceIsLoggingInMissesNothing(t *testing.T) {
	c := newCluster(t, sim.New(t))
	c.nodes[0].register("ann", "bob")
	c.nodes[0].group("chess", 1, 2)
	ann, n2 := c.nodes[0].enter(1), c.nodes[1]
	ofGroup := func(c Claim) bool { return slices.Equal(c.Keys, []cluster.Key{cluster.GroupKey(1)}) }
	c.w.Delay(sim.Of("n2/router", ofGroup), 50*time.Millisecond).At(1)
	phone, desk := n2.dial(), n2.dial()
	phone.start(loginV2(2))
	desk.start(loginV2(2))
	c.w.Advance(10 * time.Millisecond)

	ann.ask(in(1, "hi all"))
	c.w.Advance(50 * time.Millisecond)

	wantAllAboveTheHead(t, phone, 1)
	wantAllAboveTheHead(t, desk, 1)
}

func TestWhoComesWhileItsActorsAskToStopIsServed(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 1, 2)
	ann := n.enter(1)
	ann.hangUp()
	n.w.Delay(sim.Of[idle[persistence.UserID]]("root/users"), time.Second)
	n.w.Delay(sim.Of[idle[persistence.GroupID]]("root/groups"), time.Second)
	n.w.Advance(n.env.Limits.Idle) // they have asked, and nobody heard it yet

	ann, bob := n.enter(1), n.enter(2)
	n.w.Advance(2 * time.Second)
	bob.ask(to(1, "hi"), in(1, "hi all"))

	ann.want("ONE_CHAT 1 bob: hi", "GROUP_CHAT 1 bob: hi all")
}
