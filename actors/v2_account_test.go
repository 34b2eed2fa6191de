package actors

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

func onDevice(device string) wire.Login {
	return wire.Login{V: wire.V2, ID: 1, Password: "secret", Device: device}
}

func TestFriendsAreAddedListedAndRemoved(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, desk, bob := n.enter(1), n.enter(1), n.enter(2)

	ann.ask(wire.AddFriend{Friend: 2})
	ann.want("EVENT friend_added 2 by 1", "ACK ADD_FRIEND {{2 bob true }}")
	desk.want("EVENT friend_added 2 by 1")
	bob.want("EVENT friend_added 2 by 1")
	ann.ask(wire.AddFriend{Friend: 2}, wire.AddFriend{Friend: 9}, wire.Friends{}, wire.DelFriend{Friend: 2}, wire.DelFriend{Friend: 2}, wire.Friends{})

	ann.want("ACK ADD_FRIEND 105 user 2 is on your list already", "ACK ADD_FRIEND 104 there is no user 9",
		"ACK FRIENDS {[{2 bob true }]}", "ACK DEL_FRIEND", "ACK DEL_FRIEND 104 user 2 is not on your list", "ACK FRIENDS {[]}")
	bob.hangUp()
	n.away()
	ann.want()
}

func TestLookupFindsByIDAndByName(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann := n.enter(1)

	for ask, want := range map[wire.Lookup]string{
		{ID: 2}:       "ACK LOOKUP {{2 bob false }}",
		{Name: "BOB"}: "ACK LOOKUP {{2 bob false }}",
		{ID: 1}:       "ACK LOOKUP {{1 ann true }}",
		{ID: 9}:       "ACK LOOKUP 104 there is no such user",
		{Name: "eve"}: "ACK LOOKUP 104 there is no such user",
		{Name: "a b"}: "ACK LOOKUP 104 there is no such user",
	} {
		ann.ask(ask).want(want)
	}
}

func TestOnlyWhoIsThereIsBlocked(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")

	n.enter(1).ask(wire.Block{User: 9}, wire.Unblock{User: 9}, wire.Unblock{User: 2}).want(
		"ACK BLOCK 104 there is no such user", "ACK UNBLOCK 104 there is no such user", "ACK UNBLOCK")
}

func TestAPasswordIsChangedByWhoKnowsIt(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	c, mine := n.welcome(onDevice("phone"))
	desk, other := n.welcome(onDevice("desk"))
	old := n.login(1)

	c.ask(wire.Passwd{Password: "wrong", New: "secret2"})
	c.want("ACK PASSWD 1 this is not your password")
	c.ask(wire.Passwd{Password: "secret", New: "secret2"})
	c.want("ACK PASSWD")

	desk.want("EVENT kicked 1")
	old.want()
	if c.closed != "" || desk.closed != wire.Revoked || old.closed != wire.Revoked {
		t.Errorf("closed with %q, %q, %q", c.closed, desk.closed, old.closed)
	}
	denied := "LOGIN_ACK 1 id or password is invalid!"
	n.dial().ask(loginBy(other.Token)).want(denied)
	n.dial().ask(onDevice("desk")).want(denied)
	n.dial().ask(loginBy(mine.Token)).want("LOGIN_ACK ann")
	n.dial().ask(wire.Login{V: wire.V2, ID: 1, Password: "secret2"}).want("LOGIN_ACK ann")
}

func TestTokensAreListedAndRevoked(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	phone, w := n.welcome(onDevice("phone"))
	n.w.Advance(time.Hour)
	desk, _ := n.welcome(onDevice("desk"))
	n.enter(2)
	again, _ := n.welcome(loginBy(w.Token))

	desk.ask(wire.Tokens{})
	tokens := only[wire.TokenList](desk).Tokens
	if len(tokens) != 2 || tokens[0].Device != "phone" || tokens[1].Device != "desk" {
		t.Fatalf("tokens %+v", tokens)
	}
	if used := tokens[0].Used; !used.Equal(n.w.Now()) || !tokens[1].Used.IsZero() || !tokens[1].Created.Equal(n.w.Now()) {
		t.Errorf("tokens %+v", tokens)
	}
	desk.ask(wire.Revoke{Token: 99}, wire.Revoke{Token: 3}, wire.Revoke{Token: 1}, wire.Tokens{})

	no := "ACK REVOKE 104 you have no such token, TOKENS lists those there are"
	desk.want(no, no, "ACK REVOKE", "ACK TOKENS 2=desk")
	for _, c := range []*client{phone, again} { // both were logged in with it
		c.want("EVENT kicked 1")
		if c.closed != wire.Revoked {
			t.Errorf("closed with %q", c.closed)
		}
	}
}

func TestWhoRevokesItsOwnTokenIsToldSoAndEnds(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	c, w := n.welcome(onDevice("phone"))

	c.ask(wire.Revoke{Token: 1})

	c.want("ACK REVOKE", "EVENT kicked 1")
	if c.closed != wire.Revoked {
		t.Errorf("closed with %q", c.closed)
	}
	n.dial().ask(loginBy(w.Token)).want("LOGIN_ACK 1 id or password is invalid!")
}

func TestALoginOfADeviceTakesThePlaceOfItsEarlierOne(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	_, w := n.welcome(onDevice("phone"))
	c, _ := n.welcome(onDevice("phone"))

	c.ask(wire.Tokens{})

	c.want("ACK TOKENS 2=phone")
	n.dial().ask(loginBy(w.Token)).want("LOGIN_ACK 1 id or password is invalid!")
}

func TestAnAccountThatIsClosedIsGone(t *testing.T) {
	n, people := chess(t, sim.New(t), "bob")
	ann, bob, desk := people[0], people[1], n.enter(1)
	bob.ask(to(1, "hi"))
	for _, c := range []*client{ann, bob, desk} {
		c.got()
	}

	ann.ask(wire.CloseAccount{Password: "wrong"})
	ann.want("ACK CLOSE_ACCOUNT 1 this is not your password")
	ann.ask(wire.CloseAccount{Password: "secret"})

	ann.want("ACK CLOSE_ACCOUNT")
	if got := desk.briefly(); got[len(got)-1] != "EVENT kicked 1" { // before it, it may be told that it left the group
		t.Errorf("desk got %q", got)
	}
	bob.want("EVENT group_left 1 in 1", "EVENT role_changed 2 by 1 in 1 as creator")
	if ann.closed != wire.AccountClosed || desk.closed != wire.AccountClosed {
		t.Errorf("closed with %q and %q", ann.closed, desk.closed)
	}
	n.dial().ask(loginV2(1)).want("LOGIN_ACK 1 id or password is invalid!")
	bob.ask(to(1, "there?"), wire.Lookup{ID: 1}, wire.Groups{}, wire.Sync{Conv: wire.WithUser(1)})
	if got := bob.briefly(); !slices.Equal(got[:3], []string{"ACK ONE_CHAT 104 there is no user 1", "ACK LOOKUP 104 there is no such user", "ACK GROUPS {[{1 chess  creator open 1}]}"}) {
		t.Errorf("bob got %q", got)
	}
}

// halfCloser closes an account as far as its group, and then fails.
type halfCloser struct{ persistence.Store }

func (h halfCloser) CloseAccount(ctx context.Context, user persistence.UserID) ([]persistence.Leaving, error) {
	heir, err := h.Leave(ctx, 1, user)
	return []persistence.Leaving{{Group: 1, Heir: heir}}, errors.Join(err, errors.New("disk full"))
}

func TestAGroupHearsWhoLeftItThoughTheAccountCouldNotBeClosed(t *testing.T) {
	n, people := chess(t, sim.New(t), "bob")
	ann, bob := people[0], people[1]
	n.env.Store = halfCloser{n.env.Store}

	ann.ask(wire.CloseAccount{Password: "secret"})
	bob.ask(in(1, "still there?"))

	ann.want("ACK CLOSE_ACCOUNT 110 the server cannot tell whether this was done, try again in a moment", "EVENT group_left 1 in 1")
	bob.want("EVENT group_left 1 in 1", "EVENT role_changed 2 by 1 in 1 as creator", "ACK GROUP_CHAT 1")
}

func TestNothingThatComesBehindTheEndOfAnAccountIsServed(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.enter(1), n.enter(2)

	ann.start(wire.CloseAccount{Password: "secret"}, to(2, "late"), wire.Logout{}, loginV2(2))
	n.w.Settle()

	ann.want("ACK CLOSE_ACCOUNT")
	bob.want()
	if bob.closed != "" {
		t.Errorf("bob was closed with %q", bob.closed)
	}
}

func TestWhatIsAskedOfALoginIsNeverAnsweredForTheNextOne(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	c, bob := n.enter(1).ask(to(3, "hi")), n.enter(2)
	c.got()
	n.w.Delay(sim.Of[Query]("root/store", func(q Query) bool { _, convs := q.Do.(convsOf); return convs }), time.Second)

	c.start(wire.Convs{}, wire.Passwd{Password: "secret", New: "secret2"}, wire.Logout{}, loginV2(2))
	n.w.Advance(2 * time.Second)

	c.want("ACK PASSWD", "ACK LOGINOUT", "LOGIN_ACK bob", "ACK CONVS {[{u:3 1 0 0 0 0 0}] false}")
	if bob.closed != "" {
		t.Errorf("bob's other session was closed with %q", bob.closed)
	}
}
