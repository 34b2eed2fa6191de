package actors

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// scatter takes some turns, and at times lets a moment pass.
func scatter(w *sim.World, most int) {
	for range w.Rand().IntN(most) {
		w.Step()
	}
	if w.Rand().IntN(4) == 0 {
		w.Advance(time.Millisecond)
	}
}

func TestOfManyLoginsTheLastIsLeftWhereItReplacesTheOthers(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 40, func(t *testing.T, w *sim.World) {
		n := newNode(t, w, func(e *Env) { e.Login = Replace })
		n.register("ann", "bob")
		bob := n.enter(2).ask(wire.AddFriend{Friend: 1})
		w.Delay(sim.Of[queried]("root/store/0"), time.Millisecond).Often(0.2)
		var logins []*client
		for i := range 12 {
			if w.Rand().IntN(3) == 0 {
				logins = append(logins, n.dial())
				logins[len(logins)-1].start(loginV2(1))
			}
			bob.start(to(1, fmt.Sprint(i)))
			scatter(w, 40)
		}
		logins = append(logins, n.dial())
		logins[len(logins)-1].start(loginV2(1))
		bob.start(to(1, "last"))
		w.Advance(n.env.Limits.Reply)
		bob.ask(to(1, "behind"))

		open := slices.DeleteFunc(slices.Clone(logins), func(c *client) bool { return c.closed != "" })
		if len(open) != 1 {
			t.Fatalf("%d of %d connections are open", len(open), len(logins))
		}
		wantAllAboveTheHead(t, open[0], 14)
		if seen := presences(bob); !slices.Equal(seen, []string{"PRESENCE 1 online"}) {
			t.Errorf("bob saw %q", seen)
		}
	})
}

// presences are what the client saw come and go.
func presences(c *client) []string {
	return slices.DeleteFunc(c.briefly(), func(s string) bool { return !strings.HasPrefix(s, "PRESENCE") })
}

// wantAllAboveTheHead fails the test unless a client that has one conversation was pushed all of it
// above the head that its LOGIN_ACK told, up to the last.
func wantAllAboveTheHead(t *testing.T, c *client, last uint64) {
	t.Helper()
	objects := c.got()
	_, reply := decodeV2(t, objects[0])
	next := uint64(1)
	for _, conv := range reply.(wire.Welcome).Convs {
		next = conv.Head + 1
	}
	for _, object := range objects[1:] {
		if _, reply := decodeV2(t, object); reply.(wire.Push).Seq != next {
			t.Fatalf("pushed was %s, not %d", object, next)
		}
		next++
	}
	if next != last+1 {
		t.Errorf("pushed was up to %d, not %d: %q", next-1, last, objects)
	}
}

func TestNoLoginOutlivesItsToken(t *testing.T) {
	ends := map[string]wire.Request{
		"revoked":          wire.Revoke{Token: 1},
		"password changed": wire.Passwd{Password: "secret", New: "secret2"},
		"account closed":   wire.CloseAccount{Password: "secret"},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim.Seeds(t, 40, func(t *testing.T, w *sim.World) {
				n := newNode(t, w)
				n.register("ann")
				_, phone := n.welcome(onDevice("phone"))
				desk := n.enter(1)
				w.Delay(sim.Of[queried]("root/store/0"), time.Millisecond).Often(0.2)

				again := n.dial()
				again.start(loginBy(phone.Token))
				scatter(w, 40)
				desk.start(end)
				w.Advance(time.Second)

				switch got := again.briefly(); {
				case slices.Equal(got, []string{"LOGIN_ACK 1 id or password is invalid!"}):
				case again.closed == "":
					t.Errorf("it lives on and got %q", got)
				case len(got) > 0 && !slices.Equal(got, []string{"LOGIN_ACK ann", "EVENT kicked 1"}):
					t.Errorf("it got %q", got)
				}
			})
		})
	}
}

func TestALoginMadeWhileLoginsAreReadAgainIsNotTakenForAnOldOne(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	phone, _ := n.welcome(onDevice("phone"))
	slow := n.w.Delay(sim.Of[queried](""), time.Second)
	n.w.System().Root.Send(actor.NewPID(phone.session.Address, "root/users"), cluster.Refresh{User: 1})
	n.w.Settle()
	slow.Heal()

	desk, _ := n.welcome(onDevice("desk"))
	n.w.Advance(time.Second)

	desk.want()
	if desk.closed != "" {
		t.Errorf("closed with %q", desk.closed)
	}
}

func TestABlockHoldsThoughItsUserWasJustBeingRead(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.enter(1), n.enter(2)
	ofSelf := func(q queried) bool { _, ok := q.query.msg.Do.(selfOf); return ok }
	n.w.Delay(sim.Of("root/store/", ofSelf), 50*time.Millisecond)
	n.enter(2) // its token may have taken the place of the other one, so the user is read
	bob.ask(wire.Block{User: 1})
	n.w.Advance(60 * time.Millisecond)

	ann.ask(wire.Typing{Conv: wire.WithUser(2)})

	bob.want("ACK BLOCK")
}

// A device has one token: the last that it was issued.
func TestALoginWhoseTokenALoginThatWasGivenUpTookIsTriedAgain(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	login := wire.Login{V: wire.V2, ID: 1, Password: "secret", Device: "phone"}
	n.w.DelayJobs("root/accounts", 50*time.Millisecond).At(1)
	n.w.Delay(sim.Of[Attach]("root/users"), 100*time.Millisecond).At(1)
	givenUp := n.dial()
	givenUp.start(login)
	givenUp.hangUp()

	phone := n.dial()
	phone.start(login)
	n.w.Advance(200 * time.Millisecond)
	phone.ask(login)

	phone.want("LOGIN_ACK"+unsure, "LOGIN_ACK ann")
}

func TestALoginEndsThoughWhoEndedItHasGone(t *testing.T) {
	for name, end := range map[string]wire.Request{
		"revoked":          wire.Revoke{Token: 1},
		"password changed": wire.Passwd{Password: "secret", New: "secret2"},
		"account closed":   wire.CloseAccount{Password: "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNode(t, sim.New(t))
			n.register("ann")
			phone, _ := n.welcome(onDevice("phone"))
			desk := n.enter(1)
			n.w.Advance(time.Minute) // nothing is left to be repaired
			for _, result := range []sim.Match{sim.Of[attempted](""), sim.Of[queried]("")} {
				n.w.Delay(result, time.Millisecond)
			}

			desk.start(end)
			n.w.Settle()
			n.w.System().Root.Send(desk.session, HungUp{errNetwork})
			n.w.System().Root.Send(desk.session, Closed{})
			n.w.Settle()
			n.w.Advance(10 * time.Millisecond)

			phone.want("EVENT kicked 1")
		})
	}
}

func TestAMessageIsNotDeniedForALoginThatIsRevokedBehindIt(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	phone, welcome := n.welcome(onDevice("phone"))
	desk := n.enter(1)
	n.w.Delay(sim.Of[committed](""), time.Minute)
	n.w.Delay(sim.Of("root/users/1", isRoster), time.Second).At(1)
	phone.ask(to(2, "hi"), wire.Logout{}, loginBy(welcome.Token))

	desk.ask(wire.Revoke{Token: 1})

	phone.want("ACK LOGINOUT", "ACK ONE_CHAT"+unsure, "LOGIN_ACK 1 id or password is invalid!")
}

// hasty is a store in which a password is changed while a token is issued for the one before.
type hasty struct {
	persistence.Store
	t testing.TB
}

func (s hasty) Issue(ctx context.Context, user persistence.UserID, device string, hash []byte, expires time.Time) (persistence.TokenID, error) {
	if err := s.SetPassword(ctx, user, "plain:secret2", 0); err != nil {
		s.t.Fatal(err)
	}
	return s.Store.Issue(ctx, user, device, hash, expires)
}

func TestATokenForAPasswordThatWasChangedMeanwhileIsNone(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Store = hasty{e.Store, t} })
	n.register("ann")

	n.dial().ask(loginV2(1)).want("LOGIN_ACK 1 id or password is invalid!")

	if tokens := must[[]persistence.Token](t)(n.env.Store.Tokens(t.Context(), 1, n.w.Now())); len(tokens) != 0 {
		t.Errorf("tokens %+v", tokens)
	}
}

func TestAUserThatIsAboutToStopIsNotLostNorItsMarks(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 30, func(t *testing.T, w *sim.World) {
		n := newNode(t, w, func(e *Env) { e.Limits.Absence, e.Limits.Idle = 9*time.Millisecond, 10*time.Millisecond })
		n.register("ann", "bob")
		ann := n.enter(1).ask(wire.AddFriend{Friend: 2})
		ann.got()
		slow := w.Delay(sim.Of[queried]("root/store/0"), time.Millisecond).Often(0.3)
		var bob *client
		for i := range 10 {
			bob = n.dial()
			bob.start(loginV2(2))
			w.Advance(5 * time.Millisecond)
			ann.start(to(2, fmt.Sprint(i)))
			scatter(w, 30)
			bob.start(wire.Mark{Conv: wire.WithUser(1), Read: uint64(i)})
			scatter(w, 10)
			w.System().Root.Send(bob.session, HungUp{})
			w.Advance(time.Duration(8+w.Rand().IntN(5)) * time.Millisecond)
		}
		slow.Heal()
		w.Advance(time.Second)

		if seen := presences(ann); seen[len(seen)-1] != "PRESENCE 2 offline" {
			t.Errorf("ann saw %q", seen)
		}
		if c := must[[]persistence.ConvState](t)(n.env.Store.Convs(t.Context(), 1, 0, 1))[0]; c.Head != 10 || c.PeerRead < 8 {
			t.Errorf("written down was %+v", c)
		}
		if slices.Contains(w.Actors(), "root/users/2") {
			t.Error("bob's actor did not stop")
		}
	})
}

func TestABlockHoldsThoughAnotherDeviceWasLoggingIn(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.enter(1), n.enter(2)
	n.w.Delay(sim.Of("root/users/1", isRoster), time.Millisecond).At(1)
	n.dial().ask(loginV2(1)) // what it reads of the user is from before the block

	ann.ask(wire.Block{User: 2}).got()
	n.w.Advance(time.Millisecond)
	bob.ask(wire.Typing{Conv: wire.WithUser(1)})

	ann.want()
}

// isRoster tells the answer by which an attach learns who it is.
func isRoster(a Answer) bool {
	_, roster := a.Value.(persistence.Roster)
	return roster
}
