package actors

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
)

func TestAMessageIsAcknowledgedToItsSessionAndPushedToAllOthers(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	phone, desk, old, bob := n.enter(1), n.enter(1), n.login(1), n.enter(2)

	phone.ask(to(2, "hi"))
	old.send(chat(2, "ho"))

	phone.want("ACK ONE_CHAT 1", "ONE_CHAT 2 ann: ho")
	desk.want("ONE_CHAT 1 ann: hi", "ONE_CHAT 2 ann: ho")
	old.want("ann>2: hi")
	bob.want("ONE_CHAT 1 ann: hi", "ONE_CHAT 2 ann: ho")
}

func TestAMessageWhoseACKCameToNothingIsPushedToItsSessionToo(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	phone := n.enter(1)
	n.w.Advance(n.env.Limits.Job + 2*cluster.BeatTime) // the router repairs what an earlier process may have left
	n.w.Delay(sim.Of[committed](""), n.env.Limits.Reply+time.Second).At(1)

	phone.ask(to(2, "hi"))
	n.w.Advance(n.env.Limits.Reply + time.Second)

	phone.want("ACK ONE_CHAT 110 the server cannot tell whether this was done, try again in a moment", "ONE_CHAT 1 ann: hi")
}

func TestAPushHasTheSameBytesForEverySession(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	phone, old := n.enter(2), n.login(2)

	n.enter(1).ask(to(2, "hi"))

	v2, classic := phone.got(), old.got()
	want := `{"msgid":6,"id":1,"name":"ann","toid":2,"msg":"hi","time":"2026-01-01 00:00:00","cid":"hi","seq":1,"ts":1767225600000}`
	if len(v2) != 1 || v2[0] != want || !slices.Equal(v2, classic) {
		t.Errorf("pushed were\n%q and\n%q, not\n%q", v2, classic, want)
	}
}

func TestANoteToOneselfIsPushedToAllSessionsAlsoTheOneThatWroteIt(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	phone, desk := n.enter(1), n.enter(1)

	phone.ask(to(1, "milk"))

	if got := phone.briefly(); !slices.Contains(got, "ONE_CHAT 1 ann: milk") || !slices.Contains(got, "ACK ONE_CHAT 1") || len(got) != 2 {
		t.Errorf("the phone got %q", got)
	}
	desk.want("ONE_CHAT 1 ann: milk")
}

func TestTheSameCIDIsStoredOnceAndStandsForOneMessage(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	ann, bob := n.enter(1), n.enter(2)
	hi := wire.OneChat{To: 2, Msg: "hi", CID: "x"}

	ann.ask(hi)
	n.enter(1).ask(hi).want("ACK ONE_CHAT 1 again")
	ann.want("ACK ONE_CHAT 1")
	conflict := "107 this cid was used for another message, take a new one"
	ann.ask(wire.OneChat{To: 2, Msg: "ho", CID: "x"}, wire.OneChat{To: 3, Msg: "hi", CID: "x"}, wire.GroupChat{Group: 9, Msg: "hi", CID: "x"})
	ann.want("ACK ONE_CHAT "+conflict, "ACK ONE_CHAT "+conflict, "ACK GROUP_CHAT "+conflict)

	bob.want("ONE_CHAT 1 ann: hi")
	n.enter(2).ask(wire.OneChat{To: 1, Msg: "hi", CID: "x"}).want("ACK ONE_CHAT 2") // another sender's
}

func TestAMessageNeedsACID(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann := n.enter(1)

	ann.send(`{"msgid":6,"toid":2,"msg":"hi"}`, `{"msgid":6,"toid":2,"msg":"hi","cid":""}`, `{"msgid":10,"groupid":2,"msg":"hi"}`)

	for _, got := range ann.briefly() {
		if !strings.Contains(got, "103 cid") {
			t.Errorf("answered %s", got)
		}
	}
}

func TestACIDIsFoundAgainOverAnotherConnectionWhileItsFateIsUnknown(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Store = silent{e.Store} })
	n.register("ann", "bob")
	ann, bob := n.enter(1), n.enter(2)
	n.w.ExpectError("a batch was not stored")
	store := n.env.Store

	ann.ask(to(2, "hi"))
	ann.want("ACK ONE_CHAT 110 the server cannot tell whether this was done, try again in a moment")
	ann.hangUp()
	n.env.Store = store.(silent).Store
	again := n.enter(1).ask(to(2, "hi"))

	again.want("ACK ONE_CHAT 1 again")
	bob.want("ONE_CHAT 1 ann: hi")
	n.w.Advance(retry)
	bob.want()
}

func TestSyncReadsAfterAndBefore(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann := n.enter(1)
	for i := range 10 {
		ann.ask(to(2, fmt.Sprint(i+1)))
	}
	ann.got()

	for _, tt := range []struct {
		ask  wire.Sync
		want string
		more bool
	}{
		{wire.Sync{}, "1 2 3 4 5 6 7 8 9 10", false},
		{wire.Sync{After: 8}, "9 10", false},
		{wire.Sync{After: 10}, "", false},
		{wire.Sync{After: 99}, "", false},
		{wire.Sync{After: 3, Limit: 2}, "4 5", true},
		{wire.Sync{After: 8, Limit: 2}, "9 10", false},
		{wire.Sync{Before: 3}, "1 2", false},
		{wire.Sync{Before: 3, Limit: 1}, "2", true},
		{wire.Sync{Before: 1}, "", false},
		{wire.Sync{Before: 99, Limit: 3}, "8 9 10", true},
	} {
		tt.ask.Conv = wire.WithUser(2)
		ack := only[wire.SyncAck](ann.ask(tt.ask))
		if got := numbers(ack.Msgs); got != tt.want || ack.More != tt.more || ack.Head != 10 || ack.Since != 0 || ack.Conv != tt.ask.Conv {
			t.Errorf("%+v: %q of %d, more: %t", tt.ask, got, ack.Head, ack.More)
		}
	}
}

// numbers are the seqs of messages.
func numbers(msgs []wire.Push) string {
	var all []string
	for _, m := range msgs {
		all = append(all, fmt.Sprint(m.Seq))
	}
	return strings.Join(all, " ")
}

func TestSyncOfAGroupBeginsBehindSince(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	n.group("chess", 1)
	ann, bob := n.enter(1), n.enter(2)
	ann.ask(in(1, "a"), in(1, "b"))
	bob.ask(wire.AddGroup{Group: 1})
	ann.ask(in(1, "c"))
	bob.got()

	for _, ask := range []wire.Sync{{}, {After: 1}, {Before: 9}} {
		ask.Conv = wire.InGroup(1)
		ack := only[wire.SyncAck](bob.ask(ask))
		if got := numbers(ack.Msgs); got != "3" || ack.Since != 2 || ack.Head != 3 || ack.More {
			t.Errorf("%+v: %q since %d of %d, more: %t", ask, got, ack.Since, ack.Head, ack.More)
		}
	}
}

func TestSyncIsRefusedWhereThereIsNothingToRead(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 2)

	n.enter(1).ask(wire.Sync{Conv: wire.InGroup(1)}, wire.Sync{Conv: wire.InGroup(9)}, wire.Sync{Conv: wire.WithUser(9)}).want(
		"ACK SYNC 106 you are not in this group, join it first",
		"ACK SYNC 104 there is no such conversation",
		"ACK SYNC 104 there is no such conversation")
}

func TestASyncAckIsCutAt256KiBWhereTheClientReadsOnFrom(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann := n.enter(1)
	for i := range 40 {
		ann.ask(wire.OneChat{To: 2, Msg: strings.Repeat("x", 8192), CID: fmt.Sprint(i)})
	}
	ann.got()

	up := only[wire.SyncAck](ann.ask(wire.Sync{Conv: wire.WithUser(2), Limit: 500}))
	down := only[wire.SyncAck](ann.ask(wire.Sync{Conv: wire.WithUser(2), Before: 41, Limit: 500}))

	if n := len(up.Msgs); n != 31 || up.Msgs[0].Seq != 1 || !up.More {
		t.Errorf("upwards %d messages, more: %t", n, up.More)
	}
	if n := len(down.Msgs); n != 31 || down.Msgs[n-1].Seq != 40 || !down.More {
		t.Errorf("downwards %d messages, more: %t", n, down.More)
	}
}

func TestOneSyncIsServedAtATime(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann := n.enter(1)
	n.w.DelayJobs("root/store/", time.Second)

	ann.ask(wire.Sync{Conv: wire.WithUser(2)}, wire.Sync{Conv: wire.WithUser(1)})
	ann.want("ACK SYNC 109 one SYNC at a time: wait for the answer to the last one")
	n.w.Advance(time.Second)
	ann.want("SYNC_ACK {u:2 [] 0 0 false}")

	ann.ask(wire.Sync{Conv: wire.WithUser(1)})
	n.w.Advance(time.Second)
	ann.want("SYNC_ACK {u:1 [] 0 0 false}")
}

func TestAClassicSessionIsToldNothingOfV2(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	n.group("chess", 2, 1, 3)
	old, desk := n.login(1), n.enter(1)
	old.send(`{"msgid":7,"friendid":2}`)

	bob := n.enter(2).ask(
		wire.AddFriend{Friend: 1}, wire.Typing{Conv: wire.WithUser(1)}, wire.Typing{Conv: wire.InGroup(1)},
		wire.Kick{Group: 1, User: 3}, wire.SetRole{Group: 1, User: 1, Role: "admin"}, wire.Ban{Group: 1, User: 1})
	desk.ask(to(2, "x"), markRead(wire.WithUser(2), 1), wire.Passwd{Password: "secret", New: "secrets"})
	bob.ask(markRead(wire.WithUser(1), 1), wire.Logout{})
	n.away()
	n.w.Probe("main").Ask(n.root, Drain{})
	n.w.Settle()

	old.want("ann>2: x")
	if old.closed != wire.Revoked {
		t.Errorf("closed with %q", old.closed)
	}
	if got := desk.briefly(); !slices.Contains(got, "PRESENCE 2 online") || !slices.Contains(got, "GOAWAY draining 5s") {
		t.Errorf("its v2 twin got %q", got)
	}
}

func TestClassicAndV2TalkToEachOther(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 1, 2)
	ann, bob := n.login(1), n.enter(2)

	ann.send(chat(2, "hi"), groupChat(1, "all"))
	bob.ask(to(1, "ho"), in(1, "too"))

	ann.want("bob>1: ho", "bob>g1: too")
	bob.want("ONE_CHAT 1 ann: hi", "GROUP_CHAT 1 ann: all", "ACK ONE_CHAT 2", "ACK GROUP_CHAT 2")
}

func TestWhatAClassicClientWasHandedBeforeIsPushedToNoV2SessionAndTheOtherWayRound(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, old := n.enter(1), n.login(2)
	ann.ask(to(2, "one"))
	n.w.Advance(n.env.Limits.Marks)
	old.want("ann>2: one")

	bob, w := n.welcome(loginV2(2))
	if want := []wire.ConvState{{Conv: wire.WithUser(1), Head: 1, Delivered: 1}}; !slices.Equal(w.Convs, want) {
		t.Errorf("told were %+v, not %+v", w.Convs, want)
	}
	old.hangUp()
	ann.ask(to(2, "two"))
	bob.want("ONE_CHAT 2 ann: two")
	bob.ask(markRead(wire.WithUser(1), 2))
	n.w.Advance(n.env.Limits.Marks)

	n.dial().send(login(2)).want("LOGIN_ACK bob")
}
