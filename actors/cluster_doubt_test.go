package actors

import (
	"context"
	"errors"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

const unsure = " 110 the server cannot tell whether this was done, try again in a moment"

// open makes a group of ann's that bob may join, and lets all that is owed be repaired.
func (c *cluster3) open() {
	c.nodes[0].group("go", 1)
	c.w.Advance(2 * cluster.BeatTime)
}

func TestALeaveThatIsAnsweredLateLeavesTheSeatOfALaterJoin(t *testing.T) {
	c, ann, phone, _ := trio(t)
	desk := c.nodes[2].enter(2)
	slow := c.w.Delay(sim.Of[queried]("n2/store/"), time.Second).At(1)

	phone.ask(wire.LeaveGroup{Group: 1})
	slow.Heal()
	desk.ask(wire.AddGroup{Group: 1})
	c.w.Advance(time.Second)
	phone.got()
	ann.ask(in(1, "are you back?"))

	phone.want("GROUP_CHAT 1 ann: are you back?")
}

func TestAJoinThatTookEffectAndFailedIsFoundOut(t *testing.T) {
	c, ann, bob, _ := trio(t)
	c.open()
	c.w.Delay(sim.Of[queried]("n2/store/"), time.Minute).At(1)

	bob.ask(wire.AddGroup{Group: 2})
	c.w.Advance(c.nodes[0].env.Limits.Reply + 2*retry)
	bob.want("ACK ADD_GROUP" + unsure)
	ann.ask(in(2, "welcome"))

	bob.want("GROUP_CHAT 1 ann: welcome")
}

func TestAJoinWhoseUserDiesIsFoundOutByItsOtherDevices(t *testing.T) {
	c, ann, phone, _ := trio(t)
	desk := c.nodes[2].enter(2)
	c.open()
	c.w.ExpectError("an actor panicked")
	c.w.Panic(sim.Of[Answer]("n2/users/2")).At(1)

	phone.ask(wire.AddGroup{Group: 2})
	c.w.Advance(2 * retry)
	ann.ask(in(2, "welcome"))

	desk.want("GROUP_CHAT 1 ann: welcome")
}

// forgetful is a store that changes a password and fails.
type forgetful struct{ persistence.Store }

func (f forgetful) SetPassword(ctx context.Context, user persistence.UserID, hash string, keep persistence.TokenID) error {
	return errors.Join(f.Store.SetPassword(ctx, user, hash, keep), errors.New("the connection broke"))
}

func TestLoginsEndThoughNobodyHeardThatTheirPasswordWasChanged(t *testing.T) {
	t.Run("the store failed", func(t *testing.T) {
		c, ann, _, _ := trio(t, func(e *Env) { e.Store = forgetful{e.Store} })
		desk := c.nodes[2].enter(1)
		c.w.Advance(2 * cluster.BeatTime)

		ann.ask(wire.Passwd{Password: "secret", New: "another"})
		c.w.Advance(2 * retry)

		desk.want("EVENT kicked 1")
	})
	t.Run("the doorkeeper died", func(t *testing.T) {
		c, ann, _, _ := trio(t)
		desk := c.nodes[2].enter(1)
		c.w.Advance(2 * cluster.BeatTime)
		c.w.ExpectError("an actor panicked")
		c.w.Panic(sim.Of[attempted]("n1/accounts")).At(1)

		ann.ask(wire.Passwd{Password: "secret", New: "another"})
		c.w.Advance(2 * retry)

		desk.want("EVENT kicked 1")
	})
}

func TestABatchThatWasStoredAndNotHandedOnIsFoundOut(t *testing.T) {
	t.Run("the store failed", func(t *testing.T) {
		c, ann, bob, _ := trio(t, func(e *Env) { e.Store = unlucky{e.Store} })
		c.w.Advance(2 * cluster.BeatTime)
		c.w.ExpectError("a batch was not stored")

		ann.ask(to(2, "hi"))
		c.w.Advance(2 * retry)

		bob.want("ONE_CHAT 1 ann: hi")
	})
	t.Run("its writer died", func(t *testing.T) {
		c, ann, bob, _ := trio(t)
		c.w.Advance(2 * cluster.BeatTime)
		c.w.ExpectError("an actor panicked")
		c.w.Panic(sim.Of[committed]("n1/store/")).At(1)

		ann.ask(to(2, "hi"))
		c.w.Advance(2 * retry)

		bob.want("ONE_CHAT 1 ann: hi")
	})
}

// unlucky is a store that takes a batch and fails.
type unlucky struct{ persistence.Store }

func (u unlucky) Append(ctx context.Context, drafts []persistence.Draft) ([]persistence.Outcome, error) {
	_, err := u.Store.Append(ctx, drafts)
	return nil, errors.Join(err, errors.New("the connection broke"))
}
