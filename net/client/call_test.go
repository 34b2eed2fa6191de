package client

import (
	"context"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

// called is what became of a Call.
type called struct {
	reply wire.Reply
	err   error
}

// call asks in a goroutine of its own.
func (u *user) call(ctx context.Context, r wire.Request) <-chan called {
	done := make(chan called, 1)
	go func() {
		reply, err := u.Call(ctx, r)
		done <- called{reply, err}
	}()
	return done
}

func TestCallWaitsToBeOnline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(byPassword)
		found := u.call(t.Context(), wire.Lookup{Name: "bob"})
		synctest.Wait()

		p := w.login(u)
		re := p.want(wire.Lookup{Name: "bob"})
		p.reply(re, wire.Found{User: wire.Peer{ID: 2, Name: "bob"}})

		if got, want := <-found, (called{wire.Found{User: wire.Peer{ID: 2, Name: "bob"}}, nil}); got != want {
			t.Errorf("got %#v", got)
		}
	})
}

func TestCallThatIsRefusedReturnsTheFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		done := u.call(t.Context(), wire.Block{User: 9})

		p.refuse(p.want(wire.Block{User: 9}), wire.Fault{Errno: wire.NotFound, Text: "no such user"})

		if got := <-done; !isFault(got.err, wire.NotFound) {
			t.Errorf("got %v", got.err)
		}
	})
}

func TestCallWhoseConnectionBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		changes := u.call(t.Context(), wire.Block{User: 2})
		p.want(wire.Block{User: 2})
		reads := u.call(t.Context(), wire.Friends{})
		p.want(wire.Friends{})

		p.close()
		got := <-changes
		next[Offline](u)
		p = w.login(u)
		p.reply(p.want(wire.Friends{}), wire.FriendList{Friends: []wire.Peer{{ID: 2, Name: "bob"}}})

		if got.err != ErrUnknown {
			t.Errorf("what changes something: %v, want ErrUnknown", got.err)
		}
		if got := <-reads; got.err != nil {
			t.Errorf("what only reads: %v", got.err)
		}
	})
}

func TestSessionThatIsLoggedInNoLongerLogsInAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		done := u.call(t.Context(), wire.Block{User: 2})

		p.refuse(p.want(wire.Block{User: 2}), wire.Fault{Errno: wire.LoginFirst, Text: "log in"})
		next[Offline](u)
		p = w.login(u)
		p.reply(p.want(wire.Block{User: 2}), wire.Done{})

		if got := <-done; got.err != nil {
			t.Errorf("got %v", got.err)
		}
	})
}

func TestCallEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		sent := u.call(ctx, wire.Block{User: 2})
		p.want(wire.Block{User: 2})
		read := u.call(ctx, wire.Friends{})
		p.want(wire.Friends{})

		if got := <-sent; !errors.Is(got.err, ErrUnknown) || !errors.Is(got.err, context.DeadlineExceeded) {
			t.Errorf("what was sent: %v", got.err)
		}
		if got := <-read; got.err != context.DeadlineExceeded {
			t.Errorf("what only reads: %v", got.err)
		}
		p.close()
		synctest.Wait()
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got := <-u.call(ctx, wire.Block{User: 2}); got.err != context.DeadlineExceeded {
			t.Errorf("what was never sent: %v", got.err)
		}
		u.want(CaughtUp{})
		next[Offline](u)
		p = w.login(u)
		u.Typing(bob)
		p.want(wire.Typing{Conv: bob}) // and nothing that nobody waits for
	})
}

func TestOneSyncIsInFlightAndPeopleGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online(wire.ConvState{Conv: bob, Head: 1}, wire.ConvState{Conv: team, Head: 1})
		re := p.want(wire.Sync{Conv: bob, Limit: 500})
		got := make(chan wire.SyncAck, 1)
		go func() {
			ack, err := u.History(t.Context(), cat, 0, 20)
			if err != nil {
				t.Error(err)
			}
			got <- ack
		}()
		synctest.Wait()

		p.reply(re, wire.SyncAck{Conv: bob, Msgs: messages(bob, 1), Head: 1})
		re = p.want(wire.Sync{Conv: cat, Before: wire.MaxSeq, Limit: 20})
		old := wire.SyncAck{Conv: cat, Msgs: messages(cat, 8, 9), Head: 9, More: true}
		p.reply(re, old)
		p.want(wire.Sync{Conv: team, Limit: 500})

		if ack := <-got; !reflect.DeepEqual(ack, old) {
			t.Errorf("history %#v", ack)
		}
		u.wantReceived(message(bob, 1))
	})
}

func TestSyncThatIsTurnedDownIsAskedAgainLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online(wire.ConvState{Conv: bob, Head: 1}, wire.ConvState{Conv: team, Head: 4})
		start := time.Now()
		re := p.want(wire.Sync{Conv: bob, Limit: 500})
		p.refuse(re, wire.Fault{Errno: wire.SlowDown, Text: "wait", Retry: 2 * time.Second})
		re = p.want(wire.Sync{Conv: team, Limit: 500})
		waited := time.Since(start)
		p.refuse(re, wire.Fault{Errno: wire.Forbidden, Text: "you are no member"})
		re = p.want(wire.Sync{Conv: bob, Limit: 500})
		p.reply(re, wire.SyncAck{Conv: bob, Msgs: messages(bob, 1), Head: 1})

		u.wantReceived(message(bob, 1))
		u.want(CaughtUp{})
		if waited != 2*time.Second {
			t.Errorf("asked again after %v", waited)
		}
	})
}

func TestServerHearsOfWhatIsKeptAndRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		start := time.Now()
		p.push(messages(bob, 1, 2)...)
		u.wantReceived(messages(bob, 1, 2)...)
		u.Read(bob, 1)
		u.Read(bob, 2)

		re := p.want(wire.Mark{Conv: bob, Delivered: 2, Read: 2})
		waited := time.Since(start)
		kept, _ := w.state.Load()
		p.refuse(re, wire.Fault{Errno: wire.Unavailable, Text: "wait"})
		re = p.want(wire.Mark{Conv: bob, Delivered: 2, Read: 2})
		p.reply(re, wire.Done{})

		if waited != settle || kept.Positions[bob] != 2 {
			t.Errorf("the server heard after %v, when %d was kept", waited, kept.Positions[bob])
		}
		p.close()
		next[Offline](u)
		u.Read(bob, 3)
		p = w.login(u, wire.ConvState{Conv: bob, Head: 2, Delivered: 1})
		p.want(wire.Mark{Conv: bob, Delivered: 2, Read: 3})
	})
}

func TestCloseSaysTheLastMarks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		p.push(message(bob, 1))
		u.wantReceived(message(bob, 1))
		u.Read(bob, 1)

		go u.Close()

		p.want(wire.Mark{Conv: bob, Delivered: 1, Read: 1})
		if object, err := p.in.Next(); err != io.EOF {
			t.Errorf("then %s, %v; want the end", object, err)
		}
	})
}

func TestCloseWaitsLittleForAServerThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, _ := w.online()
		u.Read(bob, 1)
		start := time.Now()

		u.Close()

		if waited := time.Since(start); waited != farewell {
			t.Errorf("it took %v", waited)
		}
	})
}

func TestTypingIsSaidNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		start := time.Now()
		u.Typing(bob)
		u.Typing(bob)
		u.Typing(team)
		p.want(wire.Typing{Conv: bob})
		p.want(wire.Typing{Conv: team})
		time.Sleep(typingEach)
		u.Typing(bob)
		p.want(wire.Typing{Conv: bob})

		if waited := time.Since(start); waited != typingEach {
			t.Errorf("said again after %v", waited)
		}
	})
}
