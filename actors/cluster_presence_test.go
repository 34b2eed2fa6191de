package actors

import (
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
)

func TestALoginThatFailedDoesNotHideTheOneThatSucceedsElsewhere(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()
	bob.hangUp()
	c.nodes[0].away()
	ann.want("PRESENCE 2 offline")

	c.w.Delay(sim.Of[Answer]("n2/users/2"), time.Second).At(1) // of the claim
	c.nodes[1].dial().ask(loginV2(2)).hangUp()
	c.nodes[2].enter(2)

	ann.want("PRESENCE 2 online")
}

func TestWhoFailsToComeBackIsToldToBeGone(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}, to(2, "hi")).got()
	away := c.w.FailJobs("n2/store/")
	bob.ask(markRead(wire.WithUser(1), 1)).hangUp()
	ann.got()

	again := c.nodes[1].dial().ask(loginV2(2))
	again.want("LOGIN_ACK 110 the server cannot tell whether this was done, try again in a moment")
	away.Heal()
	c.nodes[0].away()

	ann.want("PRESENCE 2 offline")
}

func TestWhoDoesNotComeBackAfterItsUserDiedIsToldToBeGone(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()
	bob.hangUp()

	c.w.ExpectError("an actor panicked")
	c.w.Panic(sim.Of[Attach]("n2/users/2")).At(1)
	c.nodes[1].dial().ask(loginV2(2))
	c.nodes[0].away()

	ann.want("PRESENCE 2 offline")
}

func TestWhoDoesNotComeElsewhereAfterADrainIsToldToBeGone(t *testing.T) {
	t.Run("connected until then", func(t *testing.T) {
		c, ann, _, _ := trio(t)
		ann.ask(wire.AddFriend{Friend: 2}).got()
		c.drain(1)
		c.w.Advance(c.nodes[0].env.Limits.Absence + 2*cluster.BeatTime)
		ann.want("PRESENCE 2 offline")
	})
	t.Run("gone a moment before", func(t *testing.T) {
		c, ann, bob, _ := trio(t)
		ann.ask(wire.AddFriend{Friend: 2}).got()
		bob.hangUp()
		c.drain(1)
		c.w.Advance(c.nodes[0].env.Limits.Absence + 2*cluster.BeatTime)
		ann.want("PRESENCE 2 offline")
	})
}

func TestWhoLeavesWhileTheBusIsAwayIsToldToBeGoneWhenItIsBack(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()
	c.cut["n2"] = true
	bob.ask(wire.Logout{})
	c.w.Advance(2 * cluster.BeatTime)

	c.cut["n2"] = false
	c.w.Advance(3 * cluster.BeatTime)

	ann.want("PRESENCE 2 offline")
}

func TestWatchersAreToldThoughTheStoreWasBusy(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()
	busy := c.w.FailJobs("n2/store/")
	bob.ask(wire.Logout{})

	busy.Heal()
	c.w.Advance(3 * cluster.BeatTime)

	ann.want("PRESENCE 2 offline")
}

func TestWhoIsBlockedWhileAnotherComesBackStaysToldThatItIsGone(t *testing.T) {
	c, ann, bob, _ := trio(t)
	ann.ask(wire.AddFriend{Friend: 2}).got()
	bob.hangUp()
	c.nodes[0].away()
	ann.want("PRESENCE 2 offline") // which is seen to be true still a second later

	c.nodes[1].enter(2).ask(wire.Block{User: 1})
	ann.want("PRESENCE 2 online", "PRESENCE 2 offline")
	c.w.Advance(2 * retry)

	ann.want()
}

func TestWhoBlocksAFriendIsToldThatItComesAndGoes(t *testing.T) {
	t.Run("by a login", func(t *testing.T) {
		c, ann, bob, _ := trio(t)
		ann.ask(wire.AddFriend{Friend: 2}, wire.Block{User: 2}).got()
		bob.hangUp()
		c.nodes[0].away()
		c.nodes[1].enter(2)

		ann.want("PRESENCE 2 offline", "PRESENCE 2 online")
	})
	t.Run("by a block", func(t *testing.T) {
		_, ann, bob, _ := trio(t)
		ann.ask(wire.AddFriend{Friend: 2}, wire.Block{User: 2}).got()
		bob.ask(wire.Block{User: 1}, wire.Unblock{User: 1})

		ann.want("PRESENCE 2 offline", "PRESENCE 2 online")
	})
}
