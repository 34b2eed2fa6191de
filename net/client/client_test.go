package client

import (
	"context"
	"reflect"
	"testing"
	"testing/synctest"

	"chatserver/net/wire"
)

func TestMessagesComeOnceInOrderOverLostConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})

		p.push(messages(bob, 1, 2)...)
		u.wantReceived(messages(bob, 1, 2)...)
		p.close()
		next[Offline](u)
		p = w.login(u, wire.ConvState{Conv: bob, Head: 4})
		re := p.want(wire.Sync{Conv: bob, After: 2, Limit: 500})
		p.push(message(bob, 5))
		p.reply(re, wire.SyncAck{Conv: bob, Msgs: messages(bob, 3, 4, 5), Head: 5})

		u.wantReceived(messages(bob, 3, 4)...)
		u.want(Received{bob, message(bob, 5)}, CaughtUp{})
	})
}

func TestCatchingUpGoesOnAfterALostConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		behind := []wire.ConvState{{Conv: bob, Head: 2}, {Conv: team, Head: 1}}
		u, p := w.online(behind...)
		re := p.want(wire.Sync{Conv: bob, Limit: 500})
		p.reply(re, wire.SyncAck{Conv: bob, Msgs: messages(bob, 1), Head: 2, More: true})
		p.want(wire.Sync{Conv: team, Limit: 500})
		u.wantReceived(message(bob, 1))
		p.close()
		next[Offline](u)

		p = w.login(u, behind...)
		re = p.want(wire.Sync{Conv: bob, After: 1, Limit: 500})
		p.reply(re, wire.SyncAck{Conv: bob, Msgs: messages(bob, 2), Head: 2})
		re = p.want(wire.Sync{Conv: team, Limit: 500})
		p.reply(re, wire.SyncAck{Conv: team, Msgs: messages(team, 1), Head: 1})

		u.wantReceived(message(bob, 2), message(team, 1))
		u.want(CaughtUp{})
	})
}

func TestAllPagesOfConversationsComeBeforeOnline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(Credentials{ID: 1, Password: "secret"})
		next[Connecting](u)
		p := w.accept()
		re, _ := ask[wire.Login](p)
		first, second := wire.ConvState{Conv: bob, Head: 1, Delivered: 1}, wire.ConvState{Conv: team, Head: 5, Delivered: 5}
		greeting := welcome(first)
		greeting.More = true
		p.reply(re, greeting)
		re = p.want(wire.Convs{After: bob, Limit: 500})
		p.reply(wire.Re{}, wire.Presence{ID: 2, Online: true})
		p.push(message(team, 6))
		p.reply(re, wire.ConvList{Convs: []wire.ConvState{second}})

		online := next[Online](u)

		if !reflect.DeepEqual(online.Convs, []wire.ConvState{first, second}) {
			t.Errorf("online with %v", online.Convs)
		}
		u.want(Presence{ID: 2, Online: true}, Lifted{bob, 1}, Lifted{team, 5}, CaughtUp{})
		u.wantReceived(message(team, 6))
	})
}

func TestPositionMovesWhenItsMessageIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		p.push(messages(bob, 1, 2)...)
		u.wantReceived(message(bob, 1))
		u.Close()

		u = w.open(Credentials{})
		p = w.login(u, wire.ConvState{Conv: bob, Head: 2, Delivered: 2})

		p.want(wire.Sync{Conv: bob, After: 1, Limit: 500})
	})
}

func TestNewInstallationKeepsWhereItStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, _ := w.online(wire.ConvState{Conv: bob, Head: 5, Delivered: 5})
		u.want(Lifted{bob, 5}, CaughtUp{})
		u.Close()

		u = w.open(Credentials{})
		p := w.login(u, wire.ConvState{Conv: bob, Head: 7, Delivered: 7})

		p.want(wire.Sync{Conv: bob, After: 5, Limit: 500})
	})
}

func TestNewEpochVoidsPositions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		p.push(messages(bob, 1, 2, 3)...)
		u.wantReceived(messages(bob, 1, 2)...)
		p.close()
		p = w.accept()
		re, _ := ask[wire.Login](p)
		restored := welcome(wire.ConvState{Conv: bob, Head: 1})
		restored.Epoch = "e2"
		p.reply(re, restored)
		re = p.want(wire.Sync{Conv: bob, Limit: 500})
		p.reply(re, wire.SyncAck{Conv: bob, Msgs: messages(bob, 1), Head: 1})

		next[Offline](u)
		next[Connecting](u)
		next[Online](u)
		u.want(Lifted{bob, 0})
		u.wantReceived(message(bob, 1))
		u.want(CaughtUp{})
		u.Close()
		kept, _ := w.state.Load()
		if kept.Epoch != "e2" || kept.Positions[bob] != 1 {
			t.Errorf("kept %q, %v", kept.Epoch, kept.Positions)
		}
	})
}

func TestReaderThatStopsStallsTheConnectionAndNotSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		const many = 4 * stall
		pushed := 0
		go func() {
			for ; pushed < many; pushed++ {
				p.push(message(bob, uint64(pushed+1)))
			}
		}()

		synctest.Wait()
		waiting := pushed
		u.send(bob, "hi")

		if waiting < stall || waiting > stall+2 {
			t.Errorf("%d messages were taken from the network, want about %d", waiting, stall)
		}
		for seq := range uint64(many) {
			u.wantReceived(message(bob, seq+1))
		}
		p.want(chat("hi"))
	})
}

func TestHintsAreToldAsTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})
		marked := wire.Marked{Conv: bob, ID: 2, Delivered: 3, Read: 1}
		befriended := wire.Event{Kind: wire.FriendAdded, ID: 1, By: 2}

		p.reply(wire.Re{}, marked)
		p.reply(wire.Re{}, wire.Typed{Conv: team, ID: 2})
		p.reply(wire.Re{}, befriended)

		u.want(Marked(marked), Typed{Conv: team, ID: 2}, Happened(befriended))
	})
}

func TestKickedSessionDoesNotComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		u.want(CaughtUp{})

		p.reply(wire.Re{}, wire.Event{Kind: wire.Kicked})

		u.want(Happened(wire.Event{Kind: wire.Kicked}))
		if _, err := u.Send(bob, "hi"); err != ErrKicked {
			t.Errorf("Send: %v", err)
		}
		if _, err := u.Call(t.Context(), wire.Friends{}); err != ErrKicked {
			t.Errorf("Call: %v", err)
		}
		u.want(Ended{ErrKicked})
		if e, open := <-u.Events(); open {
			t.Errorf("after the end: %#v", e)
		}
		if _, err := u.Send(bob, "hi"); err != ErrClosed {
			t.Errorf("Send after the end: %v", err)
		}
	})
}

func TestCloseEndsEveryCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(Credentials{ID: 1, Password: "secret"})
		called := make(chan error)
		go func() {
			_, err := u.Call(context.Background(), wire.Friends{})
			called <- err
		}()
		synctest.Wait()

		go u.Close()

		if err := <-called; err != ErrClosed {
			t.Errorf("Call: %v, want ErrClosed", err)
		}
		if e, open := <-u.Events(); open {
			t.Errorf("it happened %#v", e)
		}
	})
}
