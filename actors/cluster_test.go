package actors

import (
	"strings"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
)

// trio is a cluster on whose nodes ann, bob and eve are logged in, one on each.
func trio(t *testing.T, adjust ...func(*Env)) (c *cluster3, ann, bob, eve *client) {
	c = newCluster(t, sim.New(t), adjust...)
	c.nodes[0].register("ann", "bob", "eve")
	c.nodes[0].group("chess", 1, 2, 3)
	return c, c.nodes[0].enter(1), c.nodes[1].enter(2), c.nodes[2].enter(3)
}

func TestMessagesReachUsersAndGroupsOnOtherNodes(t *testing.T) {
	_, ann, bob, eve := trio(t)

	ann.ask(to(2, "hi bob"), in(1, "hi all"))
	bob.ask(to(1, "hi ann"))

	ann.want("ACK ONE_CHAT 1", "ACK GROUP_CHAT 1", "ONE_CHAT 2 bob: hi ann")
	bob.want("ONE_CHAT 1 ann: hi bob", "GROUP_CHAT 1 ann: hi all", "ACK ONE_CHAT 2")
	eve.want("GROUP_CHAT 1 ann: hi all")
}

func TestAUsersDevicesOnTwoNodesHaveTheSame(t *testing.T) {
	c, ann, bob, _ := trio(t)
	desk := c.nodes[2].enter(1)

	ann.ask(to(2, "from the phone"))
	bob.ask(to(1, "hi ann"))

	ann.want("ACK ONE_CHAT 1", "ONE_CHAT 2 bob: hi ann")
	desk.want("ONE_CHAT 1 ann: from the phone", "ONE_CHAT 2 bob: hi ann")
}

func TestABatchThatWasLostIsReadOnceItsNumberIsMissed(t *testing.T) {
	c, ann, bob, _ := trio(t)
	before := c.nodes[1].meter.gaps
	c.loseNext()
	ann.ask(to(2, "lost"))
	bob.want()

	ann.ask(to(2, "heard"))
	c.nodes[0].w.Advance(cluster.BeatTime)

	bob.want("ONE_CHAT 1 ann: lost", "ONE_CHAT 2 ann: heard")
	if gaps := c.nodes[1].meter.gaps - before; gaps != 1 {
		t.Errorf("%d gaps", gaps)
	}
}

func TestABatchThatWasLostIsReadWithTheNextBeat(t *testing.T) {
	c, ann, bob, eve := trio(t)
	c.loseNext()
	ann.ask(in(1, "lost to one of two"))

	c.nodes[0].w.Advance(cluster.BeatTime)

	bob.want("GROUP_CHAT 1 ann: lost to one of two")
	eve.want("GROUP_CHAT 1 ann: lost to one of two")
}

func TestANodeWithoutTheBusServesItsOwnAndReadsWhatOthersSay(t *testing.T) {
	c, ann, bob, eve := trio(t)
	c.cut["n2"] = true

	carl := c.nodes[1].enter(2) // another device of bob's, where the bus is away
	ann.ask(to(2, "are you there?"))
	bob.ask(in(1, "yes"))
	c.nodes[0].w.Advance(6 * time.Second)

	bob.want("ACK GROUP_CHAT 1", "ONE_CHAT 1 ann: are you there?")
	carl.want("GROUP_CHAT 1 bob: yes", "ONE_CHAT 1 ann: are you there?")
	ann.want("ACK ONE_CHAT 1", "GROUP_CHAT 1 bob: yes")
	eve.want("GROUP_CHAT 1 bob: yes")
	if !c.nodes[1].meter.deaf {
		t.Error("the node does not know that it is deaf")
	}

	c.cut["n2"] = false
	c.nodes[0].w.Advance(4 * time.Second)
	ann.ask(to(2, "now?"))
	bob.want("ONE_CHAT 2 ann: now?")
	if c.nodes[1].meter.deaf {
		t.Error("the node takes itself for deaf")
	}
}

func TestWhatIsStoredByANodeThatIsCutOffForLongIsReadNowAndThen(t *testing.T) {
	c, ann, bob, _ := trio(t)
	w := c.nodes[0].w
	c.cut["n1"] = true
	w.Advance(time.Minute)

	ann.ask(to(2, "from an island"))
	w.Advance(cluster.LeaseTime + cluster.BeatTime)

	bob.want("ONE_CHAT 1 ann: from an island")
}

func TestABusThatForgotEverythingIsToldAgain(t *testing.T) {
	c, ann, bob, eve := trio(t)
	c.hub.Empty()
	ann.ask(to(2, "nobody knows where you are"))
	bob.want()

	c.nodes[0].w.Advance(3 * cluster.BeatTime)
	bob.want("ONE_CHAT 1 ann: nobody knows where you are")
	ann.got()
	ann.ask(to(2, "known again"), in(1, "all of us"))

	bob.want("ONE_CHAT 2 ann: known again", "GROUP_CHAT 1 ann: all of us")
	eve.want("GROUP_CHAT 1 ann: all of us")
}

func TestARouterThatDiesIsAnotherNodeToTheOthersAndNothingIsMissed(t *testing.T) {
	c, ann, bob, eve := trio(t)
	w := c.nodes[0].w
	w.ExpectError("an actor panicked")
	w.Panic(sim.Of[located]("n1/router")).At(1)
	ann.ask(in(1, "in hand"))
	w.Advance(8 * time.Second)

	ann.ask(in(1, "after"))
	bob.ask(in(1, "and back"))

	ann.want("ACK GROUP_CHAT 1", "ACK GROUP_CHAT 2", "GROUP_CHAT 3 bob: and back")
	bob.want("GROUP_CHAT 1 ann: in hand", "GROUP_CHAT 2 ann: after", "ACK GROUP_CHAT 3")
	eve.want("GROUP_CHAT 1 ann: in hand", "GROUP_CHAT 2 ann: after", "GROUP_CHAT 3 bob: and back")
}

func TestARouterThatDiedRepairsOnceItKnowsWhoIsHere(t *testing.T) {
	c, ann, bob, _ := trio(t)
	w := c.nodes[0].w
	w.ExpectError("an actor panicked")
	c.loseNext()
	ann.ask(to(2, "lost, and nobody knows it yet"))
	slow := w.Delay(sim.Of("n2/router", func(c Claim) bool { return c.Ref == 0 }), time.Minute)

	w.Panic(sim.Of[beat]("n2/router")).At(1)
	w.Advance(2 * time.Minute)

	if slow.Hits() == 0 {
		t.Fatal("nothing was claimed anew")
	}
	bob.want("ONE_CHAT 1 ann: lost, and nobody knows it yet")
}

func TestFriendsOnOtherNodesAreSeenToComeAndGo(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2})
	ann.want("EVENT friend_added 2 by 1", "ACK ADD_FRIEND {{2 bob true }}")

	bob.hangUp()
	ann.ask(wire.Friends{})
	ann.want("ACK FRIENDS {[{2 bob false }]}")
	c.nodes[2].enter(2)
	ann.want("PRESENCE 2 online") // since she saw him offline

	bob = c.nodes[1].enter(2)
	bob.ask(wire.Logout{})
	c.nodes[0].away()
	ann.want()
}

func TestAFriendWhoMovesToAnotherNodeWasNeverAway(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()

	bob.hangUp()
	c.nodes[0].w.Advance(c.nodes[0].env.Limits.Absence / 2)
	bob = c.nodes[2].enter(2)
	c.nodes[0].away()
	ann.want()

	bob.hangUp()
	c.nodes[0].away()
	ann.want("PRESENCE 2 offline")
}

func TestTheUsersOfADeadNodeAreOfflineAndToldSo(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()
	c.kill(1)

	c.nodes[0].w.Advance(cluster.LeaseTime + cluster.BeatTime)
	ann.ask(wire.Friends{})
	ann.want("ACK FRIENDS {[{2 bob false }]}")
	c.nodes[0].away()
	c.nodes[0].w.Advance(cluster.BeatTime)

	ann.want("PRESENCE 2 offline")
	_ = bob
}

func TestWhatIsStoredByANodeThatDiesBeforeItTellsIsReadByTheOthers(t *testing.T) {
	c, ann, bob, _ := trio(t)
	c.cut["n1"] = true // it commits, and nobody hears of it
	ann.ask(to(2, "last words"))
	c.kill(0)

	c.nodes[0].w.Advance(cluster.LeaseTime)

	bob.want("ONE_CHAT 1 ann: last words")
}

func TestADeviceElsewhereFollowsWhatOneDoes(t *testing.T) {
	c, ann, bob, _ := trio(t)
	desk := c.nodes[2].enter(1)
	bob.ask(to(1, "hi"))
	ann.got()
	desk.got()

	ann.ask(markRead(wire.WithUser(2), 1))
	desk.want("MARK u:2 by 1: 1 1")
	bob.want("ACK ONE_CHAT 1", "MARK u:1 by 1: 1 1")

	ann.ask(wire.CreateGroup{Name: "go"}).got()
	desk.got()
	bob.ask(wire.AddGroup{Group: 2}, in(2, "welcome me")).got()
	desk.want("EVENT group_joined 2 in 2", "GROUP_CHAT 1 bob: welcome me")
	ann.got()

	ann.ask(wire.Block{User: 2}).got()
	bob.ask(wire.Typing{Conv: wire.WithUser(1)})
	desk.want()
}

func TestALoginThatIsTakenBackEndsOnEveryNode(t *testing.T) {
	c, ann, _, _ := trio(t)
	desk := c.nodes[2].enter(1)
	old := c.nodes[1].login(1)

	ann.ask(wire.Passwd{Password: "secret", New: "another"})

	ann.want("ACK PASSWD")
	desk.want("EVENT kicked 1")
	if desk.closed != wire.Revoked || old.closed != wire.Revoked || ann.closed != "" {
		t.Errorf("closed are %q, %q and %q", desk.closed, old.closed, ann.closed)
	}
}

func TestALoginThatWasTakenBackWhileTheNodeWasDeafEndsWhenItHears(t *testing.T) {
	c, ann, _, _ := trio(t)
	desk, old := c.nodes[2].enter(1), c.nodes[2].login(1)
	c.cut["n3"] = true

	ann.ask(wire.Passwd{Password: "secret", New: "another"})
	c.nodes[0].w.Advance(5 * time.Second)

	if desk.closed != wire.Revoked || old.closed != wire.Revoked || ann.closed != "" {
		t.Errorf("closed are %q, %q and %q", desk.closed, old.closed, ann.closed)
	}
}

func TestTheLoginPolicyHoldsAmongNodes(t *testing.T) {
	t.Run("reject", func(t *testing.T) {
		c, ann, _, _ := trio(t, func(e *Env) { e.Login = Reject })
		second := c.nodes[1].dial().ask(loginV2(1))
		second.want("LOGIN_ACK 2 this account is using, input another!")
		ann.hangUp()
		c.nodes[1].enter(1)
	})
	t.Run("replace", func(t *testing.T) {
		c, ann, _, _ := trio(t, func(e *Env) { e.Login = Replace })
		second := c.nodes[1].enter(1)
		ann.want("EVENT kicked 1")
		if ann.closed != wire.Replaced || second.closed != "" {
			t.Errorf("closed are %q and %q", ann.closed, second.closed)
		}
	})
}

func TestADrainedNodesUsersHaveTimeToComeElsewhere(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}, wire.AddFriend{Friend: 3}).got()
	w := c.nodes[0].w
	w.System().Root.RequestWithCustomSender(c.nodes[1].root, Drain{}, w.Probe("main").PID())
	w.Advance(2 * cluster.BeatTime)

	ann.ask(wire.Friends{})
	ann.want("ACK FRIENDS {[{2 bob false } {3 eve true }]}")
	_ = bob
	c.nodes[2].enter(2)
	ann.want("PRESENCE 2 online")
	c.nodes[0].away()
	ann.want()
}

func TestNodesOfOneNameAreToldApartAndWarnedOf(t *testing.T) {
	c, ann, bob, _ := trio(t, func(e *Env) { e.Name, e.Login = "node", Reject })
	w := c.nodes[0].w
	ann.ask(to(2, "hi"))
	bob.want("ONE_CHAT 1 ann: hi")
	c.nodes[1].dial().ask(loginV2(1)).want("LOGIN_ACK 2 this account is using, input another!")

	if logs := strings.Join(w.Logs(), "\n"); !strings.Contains(logs, "give each a name of its own") {
		t.Errorf("nobody warns:\n%s", logs)
	}
}
