package client

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"chatserver/net/wire"
)

var (
	bob  = wire.WithUser(2)
	cat  = wire.WithUser(3)
	team = wire.InGroup(7)
)

func TestLedgerHandsOutEachMessageOnceInOrder(t *testing.T) {
	for name, c := range map[string]struct {
		kept map[wire.Conv]uint64
		do   func(l *ledger)
		want string
	}{
		"in order as pushed": {nil, func(l *ledger) {
			l.opened(nil)
			place(l, bob, 1, 2)
		}, "caught-up u:2/1 u:2/2"},
		"a doubled one once": {nil, func(l *ledger) {
			l.opened(nil)
			place(l, bob, 1, 1, 2, 1)
		}, "caught-up u:2/1 u:2/2"},
		"what is above a hole waits for what fills it": {nil, func(l *ledger) {
			l.opened(nil)
			place(l, bob, 2, 3, 1)
		}, "caught-up u:2/1 u:2/2 u:2/3"},
		"a hole asks for what is missing": {nil, func(l *ledger) {
			l.opened(nil)
			place(l, bob, 3)
			reply(l, 0, 4, 1, 2, 3, 4)
		}, "caught-up sync(u:2,0) u:2/1 u:2/2 u:2/3 u:2/4"},
		"nothing before all heads are known": {nil, func(l *ledger) {
			place(l, bob, 1)
			say(l, "login")
			l.opened(nil)
		}, "login caught-up u:2/1"},
		"behind at login": {map[wire.Conv]uint64{bob: 2}, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: bob, Head: 4, Delivered: 4}})
			reply(l, 0, 4, 3, 4)
		}, "sync(u:2,2) u:2/3 u:2/4 caught-up"},
		"a kept position is what counts, not the server's delivered": {map[wire.Conv]uint64{bob: 2}, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: bob, Head: 3, Delivered: 3}})
			reply(l, 0, 3, 3)
		}, "sync(u:2,2) u:2/3 caught-up"},
		"a new installation starts at delivered": {nil, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: bob, Head: 3, Delivered: 2}})
			reply(l, 0, 3, 3)
		}, "lift(u:2,2) sync(u:2,2) u:2/3 caught-up"},
		"joined again": {map[wire.Conv]uint64{team: 2}, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: team, Head: 9, Since: 8, Delivered: 8}})
			reply(l, 8, 9, 9)
		}, "lift(g:7,8) sync(g:7,8) g:7/9 caught-up"},
		"joined again while online": {map[wire.Conv]uint64{team: 2}, func(l *ledger) {
			l.opened(nil)
			place(l, team, 9)
			reply(l, 8, 9, 9)
		}, "caught-up sync(g:7,2) lift(g:7,8) g:7/9"},
		"new numbers void the old positions": {map[wire.Conv]uint64{bob: 5, cat: 0}, func(l *ledger) {
			l.void()
			l.opened([]wire.ConvState{{Conv: bob, Head: 2, Delivered: 1}})
			reply(l, 0, 2, 2)
		}, "lift(u:2,0) lift(u:2,1) sync(u:2,1) u:2/2 caught-up"},
		"what was held does not outlive its connection": {nil, func(l *ledger) {
			l.opened(nil)
			place(l, bob, 2)
			l.closed()
			l.opened([]wire.ConvState{{Conv: bob, Head: 2}})
			reply(l, 0, 2, 1, 2)
		}, "caught-up sync(u:2,0) u:2/1 u:2/2 caught-up"},
		"a SYNC that brings nothing is not asked again": {map[wire.Conv]uint64{bob: 1}, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: bob, Head: 3}})
			reply(l, 0, 3)
			reply(l, 0, 3)
		}, "sync(u:2,1) caught-up no-sync"},
		"a SYNC put off is asked again": {map[wire.Conv]uint64{bob: 1}, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: bob, Head: 2}})
			asked, _ := l.due()
			l.unsynced(asked)
			reply(l, 0, 2, 2)
		}, "sync(u:2,1) u:2/2 caught-up"},
		"conversations take turns": {nil, func(l *ledger) {
			l.opened([]wire.ConvState{{Conv: bob, Head: 2}, {Conv: team, Head: 1}})
			reply(l, 0, 2, 1)
			reply(l, 0, 1, 1)
			reply(l, 0, 2, 2)
		}, "sync(u:2,0) u:2/1 sync(g:7,0) g:7/1 sync(u:2,1) u:2/2 caught-up"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(c.kept)

			c.do(l)

			if got := trace(l); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestLedgerHoldsABoundedNumberAboveAHole(t *testing.T) {
	l := newLedger(nil)
	l.opened(nil)
	l.events()
	for seq := uint64(2); seq < 3*maxHeld; seq++ {
		place(l, bob, seq)
	}
	held := len(l.threads[bob].held)
	place(l, bob, 1)
	received := len(l.events())
	next, ok := l.due()

	if held != maxHeld || received != maxHeld+1 {
		t.Errorf("held %d, then received %d; want %d and one more", held, received, maxHeld)
	}
	if want := (wire.Sync{Conv: bob, After: maxHeld + 1, Limit: syncLimit}); !ok || next != want {
		t.Errorf("then asks %v, %v; want %v", next, ok, want)
	}
}

func convOf(p wire.Push) wire.Conv {
	if p.Kind == wire.GroupChatID {
		return wire.InGroup(p.To)
	}
	return wire.WithUser(p.From)
}

// message is the message that others have written at a place.
func message(conv wire.Conv, seq uint64) wire.Push {
	p := wire.Push{Kind: wire.OneChatID, From: conv.ID, To: 1, Seq: seq, CID: "c", Msg: fmt.Sprint(seq), At: at(seq)}
	if conv.Group {
		p.Kind, p.From, p.To = wire.GroupChatID, 9, conv.ID
	}
	return p
}

func messages(conv wire.Conv, seqs ...uint64) []wire.Push {
	var all []wire.Push
	for _, seq := range seqs {
		all = append(all, message(conv, seq))
	}
	return all
}

func place(l *ledger, conv wire.Conv, seqs ...uint64) {
	for _, p := range messages(conv, seqs...) {
		l.place(conv, p)
	}
}

// reply notes which SYNC is due, and answers it.
func reply(l *ledger, since, head uint64, seqs ...uint64) {
	asked, ok := l.due()
	if !ok {
		say(l, "no-sync")
		return
	}
	say(l, fmt.Sprintf("sync(%v,%d)", asked.Conv, asked.After))
	l.synced(asked, wire.SyncAck{Conv: asked.Conv, Since: since, Head: head, Msgs: messages(asked.Conv, seqs...)})
}

// note is an event of a test's own.
type note string

func (note) event() {}

func say(l *ledger, text string) { l.out = append(l.out, note(text)) }

// trace renders the events that a ledger made.
func trace(l *ledger) string {
	var all []string
	for _, e := range l.events() {
		switch e := e.(type) {
		case Received:
			if !reflect.DeepEqual(e.Push, message(e.Conv, e.Push.Seq)) {
				all = append(all, "wrong")
			}
			all = append(all, fmt.Sprintf("%v/%d", e.Conv, e.Push.Seq))
		case Lifted:
			all = append(all, fmt.Sprintf("lift(%v,%d)", e.Conv, e.To))
		case CaughtUp:
			all = append(all, "caught-up")
		case note:
			all = append(all, string(e))
		}
	}
	return strings.Join(all, " ")
}
