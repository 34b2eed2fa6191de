package client

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

func TestQuietConnectionIsPingedAndADeadOneNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		start := time.Now()

		p.want(wire.Ping{})
		p.reply(wire.Re{}, wire.Pong{})
		p.want(wire.Ping{})
		answered := time.Since(start)
		lost := next[Offline](u)

		if answered != 2*heartbeat || time.Since(start) != heartbeat+silence || lost.Err == nil {
			t.Errorf("pinged twice in %v, dead after %v: %v", answered, time.Since(start), lost.Err)
		}
	})
}

func TestGoAwayIsFollowedWhenAllIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(byPassword)
		first := next[Connecting](u)
		p := w.accept()
		re, _ := ask[wire.Login](p)
		p.reply(re, welcome())
		next[Online](u)
		u.want(CaughtUp{})
		start := time.Now()
		u.send(bob, "before")
		re = p.want(chat("before"))

		p.reply(wire.Re{}, wire.GoAway{Reason: wire.Draining, After: 10 * time.Second})
		time.Sleep(10 * time.Second)
		u.send(bob, "after")
		p.reply(re, stored(1))
		u.wantStored(bob, 1, "before")
		gone := next[Offline](u)
		p = w.accept()
		second := next[Connecting](u)
		re, _ = ask[wire.Login](p)
		p.reply(re, welcome(wire.ConvState{Conv: bob, Head: 1}))
		p.want(chat("after"))

		if gone.Retry != 0 || time.Since(start) != 10*time.Second {
			t.Errorf("retried after %v, %v from the start", gone.Retry, time.Since(start))
		}
		if first == second {
			t.Errorf("dialled %v again, want another one", first)
		}
	})
}

func TestRetriesAreSpreadOverGrowingTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.down.Store(true)
		u := w.open(Credentials{ID: 1, Password: "secret"})

		most := firstRetry
		var shorter int
		for range 40 {
			next[Connecting](u)
			lost := next[Offline](u)
			if lost.Retry > most || !errors.Is(lost.Err, errRefusedDial) {
				t.Fatalf("%v, retried after %v; want at most %v", lost.Err, lost.Retry, most)
			}
			if lost.Retry < most/2 {
				shorter++
			}
			most = min(2*most, lastRetry)
		}

		if shorter < 5 || shorter > 35 {
			t.Errorf("%d of 40 were below the half; want them spread", shorter)
		}
		w.down.Store(false)
		p := w.login(u)
		u.want(CaughtUp{})
		time.Sleep(steady)
		p.close()
		if lost := next[Offline](u); lost.Retry > firstRetry {
			t.Errorf("after a good session it is tried again after %v", lost.Retry)
		}
	})
}
