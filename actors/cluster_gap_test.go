package actors

import (
	"strconv"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/persistence"
)

func TestWhatANodeSaidWhileItWasTakenForDeadIsReadWhenItIsBack(t *testing.T) {
	c, ann, bob, eve := trio(t)
	w := c.nodes[0].w
	c.cut["n1"] = true
	w.Advance(cluster.LeaseTime + 3*cluster.BeatTime) // and the others have read what it may have said until now
	ann.ask(to(2, "is anybody out there?"), to(3, "anybody?"))
	w.Advance(2 * repairWindow)

	c.cut["n1"] = false
	w.Advance(3 * cluster.BeatTime)

	bob.want("ONE_CHAT 1 ann: is anybody out there?")
	eve.want("ONE_CHAT 1 ann: anybody?")
}

func TestANodeThatIsNotKnownYetLearnsThatSomethingWasNotLocated(t *testing.T) {
	c, ann, _, _ := trio(t)
	w := c.nodes[0].w
	w.Advance(cluster.BeatTime / 2)
	c.cut["n1"] = true
	late := c.join() // which n1 does not see; at its first beat it reads
	bob := late.enter(2)
	w.Advance(cluster.BeatTime + cluster.BeatTime/4)
	ann.ask(to(2, "where are you?"))
	c.cut["n1"] = false
	w.Advance(5 * cluster.BeatTime)

	bob.want("ONE_CHAT 1 ann: where are you?")
}

func TestANodeThatHasMuchToSendIsHeardAllTheSame(t *testing.T) {
	c, ann, _, _ := trio(t)
	w := c.nodes[0].w
	w.Delay(sim.Of[published]("n1/router"), 900*time.Millisecond) // a slow bus
	for i := range 60 {
		ann.ask(in(1, strconv.Itoa(i)))
		w.Advance(150 * time.Millisecond)
		if c.nodes[0].meter.deaf || c.nodes[2].meter.deaf {
			t.Fatal("a node takes itself, or another one, for deaf")
		}
	}
}

func TestANodeThatTheBusKnowsByAnEarlierNameBeginsAnew(t *testing.T) {
	c, ann, _, _ := trio(t)
	c.w.ExpectError("an actor panicked")
	c.w.DelayJobs("n4/router", cluster.BeatTime/2).At(1) // the bus is opened for it after it was for its successor
	c.w.Panic(sim.Of[Claim]("n4/router")).At(1)
	late := c.join()
	bob := late.enter(2)
	c.w.Advance(3 * cluster.LeaseTime)

	ann.ask(to(2, "who are you?"))

	bob.want("ONE_CHAT 1 ann: who are you?")
	if late.meter.deaf {
		t.Error("the node is deaf for ever")
	}
}

func TestWhatAProcessLeftUnderWayWhenItDiedIsReadOnceItsNodeIsUpAgain(t *testing.T) {
	c, _, bob, _ := trio(t)
	up := c.join()
	c.w.Advance(up.env.Limits.Job / 2)
	draft := persistence.Draft{Conv: persistence.Direct(1, 2), Sender: 1, CID: "late", Body: "late"}
	must[[]persistence.Outcome](t)(up.env.Store.Append(t.Context(), []persistence.Draft{draft}))

	c.w.Advance(up.env.Limits.Job)

	bob.want("ONE_CHAT 1 ann: late")
}

func TestANodeThatNeverHeardAnotherLooksBackToWhereItBegan(t *testing.T) {
	c, ann, _, _ := trio(t)
	c.cut["n1"] = true
	c.w.Advance(cluster.LeaseTime + c.nodes[0].env.Limits.Absence + 3*cluster.BeatTime) // it is dead and buried
	bob := c.join().enter(2)
	c.w.Advance(c.nodes[3].env.Limits.Job + 2*cluster.BeatTime) // it looks for nothing any more
	ann.ask(to(2, "is anybody out there?"))
	c.w.Advance(2 * repairWindow)
	bob.want()

	c.cut["n1"] = false
	c.w.Advance(3 * cluster.BeatTime)

	bob.want("ONE_CHAT 1 ann: is anybody out there?")
}

func TestANodeReadsNowAndThenWhatOneStoresThatWasDeadBeforeItCame(t *testing.T) {
	c, ann, _, _ := trio(t)
	c.cut["n1"] = true
	c.w.Advance(cluster.LeaseTime + cluster.BeatTime)
	bob := c.join().enter(2)
	c.w.Advance(2 * cluster.BeatTime)
	ann.ask(to(2, "from an island"))

	c.w.Advance(cluster.LeaseTime + cluster.BeatTime)

	bob.want("ONE_CHAT 1 ann: from an island")
}

// mute starts a fourth node that cannot open the bus at first, with another device of eve's on it.
func (c *cluster3) mute() *client {
	c.w.FailJobs("n4/router").At(1)
	return c.join().enter(3)
}

func TestANodeWithoutANameOnTheBusSendsWhenItHasOne(t *testing.T) {
	c, _, bob, _ := trio(t)
	eve := c.mute()
	eve.ask(to(2, "hi"))
	bob.want()

	c.w.Advance(cluster.BeatTime)

	bob.want("ONE_CHAT 1 eve: hi")
}

func TestWhatIsLostOfANodeThatHadNoNameOnTheBusIsMissed(t *testing.T) {
	c, _, bob, _ := trio(t)
	eve := c.mute()
	c.lose = func(from, to cluster.NodeID) bool { return from != to }
	eve.ask(to(2, "hi"))
	c.lose = nil

	c.w.Advance(2 * cluster.BeatTime)

	bob.want("ONE_CHAT 1 eve: hi")
}

func TestTheFirstLifeOfANodeBeginsWithAGapWhereSomethingWasNotSaidBefore(t *testing.T) {
	t.Run("a writer died", func(t *testing.T) {
		c, _, bob, _ := trio(t)
		eve := c.mute()
		c.w.ExpectError("an actor panicked")
		c.w.Panic(sim.Of[committed]("n4/store/")).At(1)

		eve.ask(to(2, "hi"))
		c.w.Advance(2 * cluster.BeatTime)

		bob.want("ONE_CHAT 1 eve: hi")
	})
	t.Run("the router died", func(t *testing.T) {
		c, _, bob, _ := trio(t)
		eve := c.mute()
		c.w.ExpectError("an actor panicked")
		c.w.Panic(sim.Of[cluster.Stored]("n4/router")).At(1)

		eve.ask(to(2, "hi"))
		c.w.Advance(2 * cluster.BeatTime)

		bob.want("ONE_CHAT 1 eve: hi")
	})
}

func TestALaterLifeOfANodeBeginsWithAGapForWhoNeverSawTheEarlierOne(t *testing.T) {
	c, ann, _, _ := trio(t)
	c.w.DelayJobs("n4/router", 4*cluster.BeatTime).At(2) // it is not told soon who is there
	bob := c.join().enter(2)
	c.w.Advance(2 * cluster.BeatTime) // and it repairs once
	life := c.lives["n1"]
	c.hub.Lapse(life)
	c.lose = func(from, to cluster.NodeID) bool { return from.Name() == "n1" && from != to }
	ann.ask(to(2, "lost"))
	c.w.Advance(cluster.BeatTime + cluster.BeatTime/2)
	c.lose = nil

	c.w.Advance(3 * cluster.BeatTime)

	if c.lives["n1"] == life {
		t.Fatal("it lives on")
	}
	bob.want("ONE_CHAT 1 ann: lost")
}
