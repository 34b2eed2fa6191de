package actors

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

func TestHelloTellsWhatTheServerIsLikeAndUpgradesTheConnection(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.Rate, e.Login = 7, Replace })
	c := n.dial().send(`{"msgid":12,"v":2,"rid":"a"}`)

	if !c.upgraded {
		t.Error("the connection was not upgraded")
	}
	got := only[wire.HelloAck](c)
	want := wire.HelloAck{V: 2, Node: "sim", Time: got.Time, Limits: wire.Limits{Msg: 8192, Frame: 65536, Rate: 7}, Login: "replace"}
	if got != want || !got.Time.Equal(n.w.Now()) {
		t.Errorf("answered %+v", got)
	}
	c.send(`{"msgid":22}`)
	c.want("ACK FRIENDS 102 log in first")
}

func TestHelloAgreesOnTheHighestVersionThatBothSidesServe(t *testing.T) {
	n := newNode(t, sim.New(t))

	for object, want := range map[string]string{
		`{"msgid":12,"v":9}`: "HELLO 2 sim multi",
		`{"msgid":12,"v":1}`: "ACK 111 this server speaks version 2: send \"v\":2",
		`{"msgid":12}`:       "ACK 103 v is missing",
		`{"msgid":1,"v":3,"id":1,"password":"secret"}`: "LOGIN_ACK 111 this server speaks version 2: send \"v\":2",
		`{"msgid":4,"v":3,"name":"x","password":"yy"}`: "REG_ACK 111 this server speaks version 2: send \"v\":2",
	} {
		n.dial().send(object).want(want)
	}
}

func TestAClassicConnectionThatIsLoggedInCannotTurnToV2(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	c := n.login(1)

	c.send(`{"msgid":12,"v":2}`, `{"msgid":4,"v":2,"name":"x","password":"secret"}`, string(wire.AppendRequest(nil, loginV2(1), "")))
	if got := c.got(); len(got) != 3 || c.upgraded {
		t.Errorf("answered %q, upgraded: %t", got, c.upgraded)
	}
	n.login(2).send(chat(1, "hi"))
	c.want("bob>1: hi")

	c.send(`{"msgid":3}`, `{"msgid":12,"v":2}`)
	c.want("HELLO 2 sim multi")
}

func TestALoginByIDNameOrTokenIsTheSame(t *testing.T) {
	n := newNode(t, sim.New(t))
	c := n.dial().ask(wire.Reg{V: wire.V2, Name: "Ann", Password: "secret"})
	c.want("REG_ACK {1}")

	_, byID := n.welcome(loginV2(1))
	_, byName := n.welcome(wire.Login{V: wire.V2, Name: "aNN", Password: "secret"})
	_, byToken := n.welcome(loginBy(byID.Token))

	for _, w := range []wire.Welcome{byID, byName, byToken} {
		if w.ID != 1 || w.Name != "Ann" || w.Epoch == "" || w.Session == "" || w.Limits.Msg != 8192 {
			t.Errorf("LOGIN_ACK %+v", w)
		}
		if until := n.w.Now().Add(n.env.Limits.Token); !w.TokenExpires.Equal(until) {
			t.Errorf("the token expires at %v, not %v", w.TokenExpires, until)
		}
	}
	if byID.Token == byName.Token || byID.Token == byToken.Token || byID.Session == byName.Session {
		t.Errorf("tokens %q, %q, %q, sessions %q, %q", byID.Token, byName.Token, byToken.Token, byID.Session, byName.Session)
	}
}

func TestAWrongLoginNeverSaysWhatIsWrong(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")

	for _, login := range []wire.Login{
		loginV2(9),
		{V: wire.V2, ID: 1, Password: "wrong"},
		{V: wire.V2, Name: "bob", Password: "secret"},
		{V: wire.V2, Name: "a b", Password: "secret"},
		{V: wire.V2, Name: "ann", Password: "wrong"},
		loginBy("no token"),
	} {
		n.dial().ask(login).want("LOGIN_ACK 1 id or password is invalid!")
	}
}

func TestATokenIsGoodUntilItsSuccessorWasUsed(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	_, first := n.welcome(wire.Login{V: wire.V2, ID: 1, Password: "secret", Device: "phone"})

	_, lost := n.welcome(loginBy(first.Token)) // its answer never reached the client
	_, second := n.welcome(loginBy(first.Token))
	_, third := n.welcome(loginBy(second.Token))

	if lost.Token != second.Token || third.Token == second.Token {
		t.Errorf("the tokens were %q, %q and %q", lost.Token, second.Token, third.Token)
	}

	n.dial().ask(loginBy(first.Token)).want("LOGIN_ACK 1 id or password is invalid!")
	n.dial().ask(loginBy(third.Token)).want("LOGIN_ACK ann")
}

func TestATokenThatIsNotUsedForLongEnoughIsNone(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.Token = 5 * time.Minute }) // 90 days have many beats
	n.register("ann")
	c, w := n.welcome(loginV2(1))
	c.hangUp()

	n.w.Advance(n.env.Limits.Token)

	n.dial().ask(loginBy(w.Token)).want("LOGIN_ACK 1 id or password is invalid!")
}

func TestLoginAckTellsAllThatAClientHasToKnow(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve", "dan")
	chess := n.group("chess", 2, 1, 3)
	ann, bob := n.login(1), n.enter(2)
	n.enter(3)
	ann.send(`{"msgid":7,"friendid":2}`, `{"msgid":7,"friendid":4}`, chat(2, "one"))
	bob.ask(in(1, "two"), to(1, "three"), wire.Mark{Conv: wire.WithUser(1), Read: 1})
	n.w.Advance(time.Second)
	ann.send(`{"msgid":3}`)

	_, w := n.welcome(loginV2(1))

	if want := "[{2 bob true } {4 dan false }]"; fmt.Sprint(w.Friends) != want {
		t.Errorf("friends %v, not %v", w.Friends, want)
	}
	if want := "[{1 chess  normal open 3}]"; fmt.Sprint(w.Groups) != want {
		t.Errorf("groups %v, not %v", w.Groups, want)
	}
	want := []wire.ConvState{
		{Conv: wire.WithUser(2), Head: 2, Delivered: 2, PeerDelivered: 1, PeerRead: 1},
		{Conv: wire.InGroup(int64(chess)), Head: 1, Delivered: 1},
	}
	if !slices.Equal(w.Convs, want) || w.More {
		t.Errorf("conversations %+v, more: %t, not %+v", w.Convs, w.More, want)
	}
}

func TestLoginAckListsTheFirst200ConversationsAndConvsTheRest(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	for i := range 203 {
		n.group(fmt.Sprint(i), 1)
	}
	c, w := n.welcome(loginV2(1))
	if len(w.Convs) != 200 || !w.More {
		t.Fatalf("%d conversations, more: %t", len(w.Convs), w.More)
	}

	c.ask(wire.Convs{After: w.Convs[199].Conv, Limit: 2})
	rest := only[wire.ConvList](c)
	c.ask(wire.Convs{After: wire.InGroup(202)})
	last := only[wire.ConvList](c)
	c.ask(wire.Convs{})
	all := only[wire.ConvList](c)

	if want := []wire.ConvState{{Conv: wire.InGroup(201)}, {Conv: wire.InGroup(202)}}; !slices.Equal(rest.Convs, want) || !rest.More {
		t.Errorf("behind them %+v", rest)
	}
	if want := []wire.ConvState{{Conv: wire.InGroup(203)}}; !slices.Equal(last.Convs, want) || last.More {
		t.Errorf("at the end %+v", last)
	}
	if len(all.Convs) != wire.DefaultLimit || !all.More {
		t.Errorf("without a limit %d, more: %t", len(all.Convs), all.More)
	}
}

func TestConvsAreInTheOrderOfTheirNames(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve", "dan")
	n.group("chess", 3)
	c := n.enter(3).ask(to(4, "a"), to(1, "b"), to(3, "c"), to(2, "d"))
	c.got()

	c.ask(wire.Convs{After: wire.WithUser(1)})

	var names []string
	for _, state := range only[wire.ConvList](c).Convs {
		names = append(names, state.Conv.String())
	}
	if want := []string{"u:2", "u:3", "u:4", "g:1"}; !slices.Equal(names, want) {
		t.Errorf("behind u:1 are %v, not %v", names, want)
	}
}

func TestALoginWhileLoggedInIsRefused(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	c := n.enter(1)

	c.ask(loginV2(1))
	c.want("LOGIN_ACK 105 you are logged in already, log out first")

	c.ask(wire.Logout{}, loginV2(1))
	c.want("ACK LOGINOUT", "LOGIN_ACK ann")
}

func TestLoginPolicyRejectRefusesTheLaterSessionOfAnyDialect(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Login = Reject })
	n.register("ann")
	first := n.enter(1)

	n.dial().ask(loginV2(1)).want("LOGIN_ACK 2 this account is using, input another!")
	n.dial().send(login(1)).want("LOGIN_ACK 2 this account is using, input another!")
	first.want()
}

func TestLoginPolicyReplaceTellsTheEarlierSessionThatItIsOver(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Login = Replace })
	n.register("ann")
	classic := n.login(1)
	first := n.enter(1)
	second := n.enter(1)

	classic.want()
	first.want("EVENT kicked 1")
	second.want()
	if classic.closed != wire.Replaced || first.closed != wire.Replaced || second.closed != "" {
		t.Errorf("closed with %q, %q, %q", classic.closed, first.closed, second.closed)
	}
}

func TestATokenThatIsRevokedMeanwhileLogsNobodyIn(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	_, w := n.welcome(loginV2(1))
	n.w.Delay(sim.Of[Attach]("root/users"), time.Second) // the login is checked, but not attached

	c := n.dial().ask(loginBy(w.Token))
	tokens := must[[]persistence.Token](t)(n.env.Store.Tokens(context.Background(), 1, n.w.Now()))
	if err := n.env.Store.Revoke(context.Background(), 1, tokens[0].ID); err != nil {
		t.Fatal(err)
	}
	n.w.Advance(time.Second)

	c.want("LOGIN_ACK 1 id or password is invalid!")
}
