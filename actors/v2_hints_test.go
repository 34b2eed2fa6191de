package actors

import (
	"slices"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
)

func TestAMarkIsToldToTheOtherSideAndToOnesOtherSessions(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, phone, desk := n.enter(1), n.enter(2), n.enter(2)
	ann.ask(to(2, "a"), to(2, "b"), to(2, "c"))
	for _, c := range []*client{ann, phone, desk} {
		c.got()
	}

	phone.ask(wire.Mark{Conv: wire.WithUser(1), Delivered: 2})
	phone.ask(wire.Mark{Conv: wire.WithUser(1), Read: 1})
	phone.ask(wire.Mark{Conv: wire.WithUser(1), Delivered: 1}) // would go back
	phone.ask(wire.Mark{Conv: wire.WithUser(1), Delivered: 9, Read: 9})

	phone.want()
	ann.want("MARK u:2 by 2: 2 0", "MARK u:2 by 2: 2 1", "MARK u:2 by 2: 3 3")
	desk.want("MARK u:1 by 2: 2 0", "MARK u:1 by 2: 2 1", "MARK u:1 by 2: 3 3")
	n.w.Advance(n.env.Limits.Marks)
	if c := only[wire.ConvList](phone.ask(wire.Convs{})).Convs[0]; c.Delivered != 3 || c.Read != 3 {
		t.Errorf("written down was %+v", c)
	}
}

func TestConvsTellsAtOnceWhatOneHasReadOnAnyDevice(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, phone, desk := n.enter(1), n.enter(2), n.enter(2)
	ann.ask(to(2, "a"), to(2, "b"))

	phone.ask(markRead(wire.WithUser(1), 2))

	for _, c := range []*client{phone, desk} {
		c.got()
		if conv := only[wire.ConvList](c.ask(wire.Convs{})).Convs[0]; conv.Delivered != 2 || conv.Read != 2 {
			t.Errorf("told was %+v", conv)
		}
	}
}

func TestAMarkIsAnsweredOnlyWhereAskedOrRefused(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 2)
	ann := n.enter(1)

	ann.send(`{"msgid":15,"conv":"u:2","read":1}`, `{"msgid":15,"conv":"u:2","read":1,"rid":7}`,
		`{"msgid":17,"toid":2}`, `{"msgid":17,"toid":2,"rid":8}`, `{"msgid":15,"conv":"g:1","read":1}`, `{"msgid":17,"groupid":1}`)

	not := "106 you are not in this group, join it first"
	got := slices.Sorted(slices.Values(ann.briefly()))
	if want := []string{"#7 ACK MARK", "#8 ACK TYPING", "ACK MARK " + not, "ACK TYPING " + not}; !slices.Equal(got, want) {
		t.Errorf("answered %q", got)
	}
	if ann.credit != 7 {
		t.Errorf("%d credits came back of 7", ann.credit)
	}
}

func TestAMarkInAGroupIsToldToOnesOtherSessionsOnly(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 1, 2)
	ann, phone, desk := n.enter(1), n.enter(2), n.enter(2)
	ann.ask(in(1, "a"))
	ann.got()
	desk.got()

	phone.ask(markRead(wire.InGroup(1), 1))

	ann.want()
	desk.want("MARK g:1 by 2: 1 1")
}

func TestAMarkInANoteToOneselfIsToldToOnesOtherSessions(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	phone, desk := n.enter(1), n.enter(1)
	phone.ask(to(1, "milk"))
	desk.got()

	phone.ask(markRead(wire.WithUser(1), 1))

	desk.want("MARK u:1 by 1: 1 1")
}

func TestWhatAClassicClientWasHandedIsToldLikeAMark(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, old, desk := n.enter(1), n.login(2), n.enter(2)

	ann.ask(to(2, "a"), to(2, "b"))
	old.got()
	desk.got()
	ann.got()
	n.w.Advance(n.env.Limits.Marks)

	ann.want("MARK u:2 by 2: 2 0")
	desk.want("MARK u:1 by 2: 2 0")
}

func TestTypingIsRelayedToThoseOnline(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	n.group("chess", 1, 2, 3)
	ann, desk, bob, old := n.enter(1), n.enter(1), n.enter(2), n.login(3)

	ann.ask(wire.Typing{Conv: wire.WithUser(2)}, wire.Typing{Conv: wire.InGroup(1)}, wire.Typing{Conv: wire.WithUser(9)})

	bob.want("TYPING u:1 by 1", "TYPING g:1 by 1")
	for _, c := range []*client{ann, desk, old} {
		c.want()
	}
}

// watched are ann, who has bob on her list, and no more than what she is told.
func watched(t *testing.T) (n *node, ann *client) {
	n = newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann = n.enter(1).ask(wire.AddFriend{Friend: 2})
	ann.got()
	return n, ann
}

func TestAFriendWhoComesAndGoesIsTold(t *testing.T) {
	n, ann := watched(t)

	bob := n.enter(2)
	ann.want("PRESENCE 2 online")
	desk := n.login(2)
	bob.hangUp()
	n.away()
	ann.want()
	desk.hangUp()
	ann.want()
	n.w.Advance(n.env.Limits.Absence - time.Millisecond)
	ann.want()
	n.away()

	ann.want("PRESENCE 2 offline")
}

func TestALogoutIsToldAtOnce(t *testing.T) {
	n, ann := watched(t)
	bob := n.enter(2)
	bob.ask(wire.Logout{})
	ann.want("PRESENCE 2 online", "PRESENCE 2 offline")

	bob.ask(loginV2(2))
	ann.want("PRESENCE 2 online")
}

func TestAFriendWhoReconnectsWasNeverAway(t *testing.T) {
	n, ann := watched(t)
	for range 5 {
		n.enter(2).hangUp()
		n.w.Advance(n.env.Limits.Absence / 2)
	}
	bob := n.enter(2)
	n.away()

	ann.want("PRESENCE 2 online")
	bob.want()
}

func TestAFriendWhomAListShowedOfflineIsToldToHaveComeBack(t *testing.T) {
	n, ann := watched(t)
	n.enter(2).hangUp()
	ann.ask(wire.Friends{})
	ann.want("PRESENCE 2 online", "ACK FRIENDS {[{2 bob false }]}")

	n.enter(2)

	ann.want("PRESENCE 2 online")
}

func TestWhoeverAListShowsOfflineIsToldToComeWhateverOvertakesWhat(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 60, func(t *testing.T, w *sim.World) {
		n := newNode(t, w)
		n.register("ann", "bob")
		ann := n.enter(1).ask(wire.AddFriend{Friend: 2})
		n.enter(2).hangUp()
		ann.got()

		bob := n.dial()
		bob.start(loginV2(2))
		for range w.Rand().IntN(40) {
			w.Step()
		}
		ann.ask(wire.Friends{})
		w.Settle()

		got := ann.briefly()
		listed := slices.Index(got, "ACK FRIENDS {[{2 bob false }]}")
		if told := slices.Index(got, "PRESENCE 2 online"); listed >= 0 && told < listed {
			t.Errorf("ann, who has seen bob offline, got %q", got)
		}
	})
}

func TestBlockingHidesFromWhoIsBlocked(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.enter(1).ask(wire.AddFriend{Friend: 2}), n.enter(2).ask(to(1, "before"))
	ann.got()
	bob.got()

	bob.ask(wire.Block{User: 1})
	bob.want("ACK BLOCK")
	ann.want("PRESENCE 2 offline")

	ann.ask(to(2, "hi"), wire.Typing{Conv: wire.WithUser(2)}, markRead(wire.WithUser(2), 1), wire.Friends{}, wire.Lookup{Name: "bob"})
	bob.ask(markRead(wire.WithUser(1), 1))
	ann.want("ACK ONE_CHAT 106 user 2 does not take messages from you", "ACK FRIENDS {[{2 bob false }]}", "ACK LOOKUP {{2 bob false }}")
	n.w.Advance(n.env.Limits.Marks)
	if c := only[wire.ConvList](ann.ask(wire.Convs{})).Convs[0]; c.PeerRead != 0 || c.PeerDelivered != 0 {
		t.Errorf("ann is told %+v", c)
	}
	bob.hangUp()
	n.away()
	bob = n.enter(2)
	bob.want()
	ann.want()

	bob.ask(wire.Unblock{User: 1})
	ann.want("PRESENCE 2 online")
	ann.ask(to(2, "again"))
	bob.want("ACK UNBLOCK", "ONE_CHAT 2 ann: again")
}

func TestWhoBlocksSomebodyIsNotSeenByThemToType(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.enter(1), n.enter(2)

	ann.ask(wire.Block{User: 2}, wire.Typing{Conv: wire.WithUser(2)}, wire.Unblock{User: 2}, wire.Typing{Conv: wire.WithUser(2)})

	ann.want("ACK BLOCK", "ACK UNBLOCK")
	bob.want("TYPING u:1 by 1")
}

func TestWhoIsBlockedIsNotHeardInAGroupToType(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 1, 2)
	ann, bob := n.enter(1), n.enter(2)
	bob.ask(wire.Block{User: 1})
	bob.got()

	ann.ask(wire.Typing{Conv: wire.InGroup(1)}, in(1, "still a member"))

	bob.want("GROUP_CHAT 1 ann: still a member")
}

func TestDrainingTellsV2ClientsToGoElsewhere(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, guest, old := n.enter(1), n.dial().ask(wire.Hello{V: 2}), n.login(2)
	guest.got()

	n.w.Probe("main").Ask(n.root, Drain{})
	n.w.Settle()

	ann.want("GOAWAY draining 5s")
	guest.want("GOAWAY draining 5s")
	old.want()
	for _, c := range []*client{ann, guest, old} {
		if c.closed != wire.Draining {
			t.Errorf("closed with %q", c.closed)
		}
	}
}

func TestPingIsEchoedBeforeAndAfterLogin(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	c := n.dial().ask(wire.Hello{V: 2})
	c.got()

	c.ask(wire.Ping{T: `"a"`}, loginV2(1), wire.Ping{T: "1.50"}, wire.Ping{})

	c.want(`PONG {"a"}`, "LOGIN_ACK ann", "PONG {1.50}", "PONG {}")
}
