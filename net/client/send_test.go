package client

import (
	"errors"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

func TestOwnMessageIsStoredThenReceivedInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})

		u.send(bob, "mine")
		re := p.want(chat("mine"))
		p.reply(re, stored(2))
		p.push(message(bob, 1))

		if s := next[Stored](u); s.Seq != 2 || s.CID != "mine" || s.Dup {
			t.Errorf("stored %#v", s)
		}
		p.want(wire.Sync{Conv: bob, Limit: 500})
		u.wantReceived(message(bob, 1))
		if r := next[Received](u); r.Conv != bob || r.Push.Seq != 2 || r.Push.Msg != "mine" || r.Push.From != 1 {
			t.Errorf("received %#v", r)
		}
		if left := u.Outbox(); len(left) != 0 {
			t.Errorf("the outbox still has %v", left)
		}
	})
}

func TestOwnMessageThatIsPushedIsAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		u.send(bob, "mine")
		re := p.want(chat("mine"))

		p.push(wire.Push{Kind: wire.OneChatID, From: 1, To: 2, Msg: "mine", CID: "mine", Seq: 1, At: at(1)})
		p.reply(re, stored(1))
		p.push(message(bob, 2))

		u.wantStored(bob, 1, "mine")
		u.wantReceived(message(bob, 2))
	})
}

func TestWhatWasNotAcknowledgedGoesAgainInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		u.send(bob, "one", "two", "three")
		p.want(chat("one"))
		re := p.want(chat("two"))
		p.want(chat("three"))
		p.reply(re, stored(2))
		if s := next[Stored](u); s.CID != "two" {
			t.Fatalf("stored %#v", s)
		}
		p.close()
		next[Offline](u)

		p = w.login(u, wire.ConvState{Conv: bob, Head: 2})
		one := p.want(chat("one"))
		three := p.want(chat("three"))
		re = p.want(wire.Sync{Conv: bob, Limit: 500})
		p.reply(re, wire.SyncAck{Conv: bob, Head: 2, Msgs: []wire.Push{
			{Kind: wire.OneChatID, From: 1, To: 2, Msg: "one", CID: "one", Seq: 1, At: at(1)},
			{Kind: wire.OneChatID, From: 1, To: 2, Msg: "two", CID: "two", Seq: 2, At: at(2)},
		}})
		p.reply(one, wire.Stored{Seq: 1, At: at(1), Dup: true})
		p.reply(three, stored(3))

		u.wantStored(bob, 1, "one")
		if r := next[Received](u); r.Push.Seq != 2 || r.Push.CID != "two" {
			t.Errorf("received %#v", r)
		}
		u.want(CaughtUp{})
		u.wantStored(bob, 3, "three")
	})
}

func TestTurnedDownMessagesGoAgainInOrderLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		start := time.Now()
		u.send(bob, "one", "two")
		one, two := p.want(chat("one")), p.want(chat("two"))

		p.refuse(one, wire.Fault{Errno: wire.SlowDown, Text: "wait", Retry: 3 * time.Second})
		synctest.Wait()
		u.send(bob, "three")
		u.send(cat, "other")
		other := p.want(wire.OneChat{To: cat.ID, Msg: "other", CID: "other"})
		p.refuse(two, wire.Fault{Errno: wire.Unavailable, Text: "wait", Retry: time.Second})
		again := []wire.Re{p.want(chat("one")), p.want(chat("two")), p.want(chat("three"))}
		waited := time.Since(start)
		p.reply(other, stored(1))
		for i, re := range again {
			p.reply(re, stored(uint64(i+1)))
		}

		if waited != 3*time.Second {
			t.Errorf("went again after %v, want 3 s", waited)
		}
		u.wantStored(cat, 1, "other")
		u.wantStored(bob, 1, "one")
		u.wantStored(bob, 2, "two")
		u.wantStored(bob, 3, "three")
	})
}

func TestRefusedMessageLeavesTheOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		u.send(bob, "hi")
		re := p.want(chat("hi"))

		p.refuse(re, wire.Fault{Errno: wire.Forbidden, Text: "bob has blocked you"})

		r := next[Refused](u)
		if r.CID != "hi" || r.Conv != bob || r.Fault.Errno != wire.Forbidden || len(u.Outbox()) != 0 {
			t.Errorf("refused %#v, and the outbox has %v", r, u.Outbox())
		}
		u.Close()
		if kept, _ := w.state.Load(); len(kept.Outbox) != 0 {
			t.Errorf("kept %v", kept.Outbox)
		}
	})
}

func TestOutboxOutlivesTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		path := filepath.Join(t.TempDir(), "ann")
		w.state = openState(t, path)
		u, _ := w.online()
		u.Close()
		w.state = openState(t, path)
		w.down.Store(true)
		u = w.open(Credentials{})
		texts := numbered(20)
		u.send(bob, texts...)
		left := u.Outbox()
		u.Close()

		w.state = openState(t, path)
		w.down.Store(false)
		u = w.open(Credentials{})

		if got := u.Outbox(); !reflect.DeepEqual(got, left) {
			t.Errorf("the outbox has %v, want %v", got, left)
		}
		p := w.login(u)
		for i, text := range texts {
			p.reply(p.want(chat(text)), stored(uint64(i+1)))
		}
		u.want(CaughtUp{})
		for i, text := range texts {
			u.wantStored(bob, uint64(i+1), text)
		}
	})
}

func TestOnlyAWindowOfMessagesIsOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		texts := numbered(window + 1)
		u.send(bob, texts...)
		first := p.want(chat(texts[0]))
		for _, text := range texts[1:window] {
			p.want(chat(text))
		}

		start := time.Now()
		p.want(wire.Ping{})
		quiet := time.Since(start)
		p.reply(first, stored(1))
		p.want(chat(texts[window]))

		if quiet != heartbeat {
			t.Errorf("more was sent after %v", quiet)
		}
	})
}

func TestMessageIsRefusedBeforeItIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newWorld(t).open(Credentials{ID: 1, Password: "secret"})
		u.send(bob, "first")
		for name, c := range map[string]struct {
			text, cid string
			want      wire.Errno
		}{
			"empty":        {"", "c", wire.Invalid},
			"no UTF-8":     {"\xff", "c", wire.Malformed},
			"too long":     {strings.Repeat("x", wire.MaxMsg+1), "c", wire.TooLarge},
			"without cid":  {"hi", "", wire.Invalid},
			"a long cid":   {"hi", strings.Repeat("x", 65), wire.Invalid},
			"a cid in use": {"another", "first", wire.Conflict},
		} {
			_, err := u.SendAs(bob, c.text, c.cid)

			fault := (*wire.Fault)(nil)
			if !errors.As(err, &fault) || fault.Errno != c.want {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		first := u.Outbox()[0]
		if again, err := u.SendAs(bob, "first", "first"); again != first || err != nil || len(u.Outbox()) != 1 {
			t.Errorf("again: %v, %v; the outbox has %v", again, err, u.Outbox())
		}
	})
}

func TestMessageThatCannotBeKeptIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		full := &fullDisk{State: w.state}
		w.state = full
		u := w.open(Credentials{ID: 1, Password: "secret"})

		full.now.Store(true)
		_, err := u.Send(bob, "hi")

		if !errors.Is(err, errFull) || len(u.Outbox()) != 0 {
			t.Errorf("Send: %v, and the outbox has %v", err, u.Outbox())
		}
		next[Connecting](u)
		p := w.accept()
		re, _ := ask[wire.Login](p)
		p.reply(re, welcome())
		if end := next[Ended](u); !errors.Is(end.Err, errFull) {
			t.Errorf("ended: %v", end.Err)
		}
	})
}

func TestStateThatCannotBeKeptEndsTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		full := &fullDisk{State: w.state}
		w.state = full
		u, p := w.online()
		u.want(CaughtUp{})
		p.push(message(bob, 1))
		u.wantReceived(message(bob, 1))
		p.close()
		next[Offline](u)
		next[Connecting](u)

		full.now.Store(true)
		time.Sleep(settle)
		late := w.accept()

		if object, err := late.in.Next(); err != io.EOF {
			t.Errorf("on a connection that came too late: %s, %v", object, err)
		}
		if end := next[Ended](u); !errors.Is(end.Err, errFull) {
			t.Errorf("ended: %v", end.Err)
		}
		if err := u.Close(); !errors.Is(err, errFull) {
			t.Errorf("Close: %v", err)
		}
	})
}

var errFull = errors.New("no space left on device")

// fullDisk is a State that fails to save, from some time on.
type fullDisk struct {
	State
	now atomic.Bool
}

func (f *fullDisk) Save(change Change) error {
	if f.now.Load() {
		return errFull
	}
	return f.State.Save(change)
}
