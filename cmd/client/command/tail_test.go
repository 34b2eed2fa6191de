package command

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/cmd/client/home"
	"chatserver/net/client"
	"chatserver/net/wire"
)

// reads has the server answer SYNCs from conversations of nine messages with bob and three in gophers.
func (s *server) reads() *server {
	s.answer = func(r wire.Request) wire.Reply {
		sync, ok := r.(wire.Sync)
		if !ok {
			return wire.Done{}
		}
		push := wire.Push{Kind: wire.OneChatID, From: 2, Name: "bob", To: 1, Msg: "hi", At: at}
		ack := wire.SyncAck{Conv: sync.Conv, Head: 9}
		if sync.Conv.Group {
			push.Kind, push.To, ack.Head = wire.GroupChatID, 7, 3
		}
		for push.Seq = sync.After + 1; push.Seq <= ack.Head; push.Seq++ {
			ack.Msgs = append(ack.Msgs, push)
		}
		return ack
	}
	return s
}

// tailed runs a tail and wants it to print messages with these seqs.
func (s *server) tailed(want string, args ...string) {
	s.t.Helper()
	synctest.Test(s.t, func(*testing.T) {
		got := s.run("", append([]string{"tail"}, args...)...)
		if got.code != allWell || seqsOf(got.stdout) != want || got.said != "" {
			s.t.Errorf("tail %v: exit %d, printed %q, said %q; want messages %s", args, got.code, got.stdout, got.said, want)
		}
	})
}

func TestTailPrintsWhatItHasNotPrintedBefore(t *testing.T) {
	s := newServer(t).knows().reads()

	s.tailed("1 2 3 4 5 6 7 8 9")
	s.tailed("")
}

func TestEachSetOfConversationsIsAReaderOfItsOwn(t *testing.T) {
	s := newServer(t).knows().reads()

	s.tailed("1 2 3 4 5 6 7 8 9")
	s.tailed("1 2 3 4 5 6 7 8 9", "u:2", "g:7")
	s.tailed("", "g:7", "u:2", "u:2")
	s.tailed("", "g:7") // the group's three were there before the user was
	s.tailed("1 2 3 4 5 6 7 8 9", "--reader", "mine")
}

func TestTailBeginsWhereItIsTold(t *testing.T) {
	s := newServer(t).knows().reads()

	s.tailed("8 9", "u:2", "--since", "7")
	s.tailed("", "u:2")
	s.tailed("9", "u:2", "--since", "8")
}

func TestFollowingTailPrintsWhatComesUntilItIsInterrupted(t *testing.T) {
	s := newServer(t).knows().reads()
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(context.Background())
		var out, errs strings.Builder
		ended := make(chan int)
		go func() {
			ended <- Run(ctx, []string{"tail", "-f", "u:2"}, World{In: strings.NewReader(""), Out: &out, Err: &errs, Dial: s.dial})
		}()
		time.Sleep(time.Hour) // of the bubble: longer than --timeout

		interrupt()

		if code := <-ended; code != allWell || seqsOf(out.String()) != "1 2 3 4 5 6 7 8 9" || errs.Len() > 0 {
			t.Errorf("exit %d, printed %q, said %q", code, out.String(), errs.String())
		}
	})
}

func TestTailThatCannotFinishIsInterruptedOrOutOfTime(t *testing.T) {
	s := newServer(t).knows()
	s.answer = func(wire.Request) wire.Reply { return refuse(wire.Unavailable, "the store is away") }
	synctest.Test(t, func(t *testing.T) {
		s.run("", "tail", "--timeout", "5s").wants(failed, "", "not all messages came in 5s")
	})
}

func TestOneReaderAtATime(t *testing.T) {
	s := newServer(t).knows().reads()
	account, err := s.home().Find("ann")
	if err != nil {
		t.Fatal(err)
	}
	state, err := client.OpenState(account.Path("tail-u2"))
	if err != nil {
		t.Fatal(err)
	}
	defer state.Close()

	s.run("", "tail", "u:2").wants(failed, "", "another tail reads the same")
}

func TestEndOfTheLoginEndsATail(t *testing.T) {
	for why, code := range map[error]int{
		client.ErrKicked:                        unauthorised,
		&wire.Fault{Errno: wire.Denied}:         unauthorised,
		errors.New("keep the state: disk full"): failed,
	} {
		x := &tail{app: &app{World: World{Out: io.Discard, Err: io.Discard}}, follow: true}

		over, err := x.heard(client.Ended{Err: why})

		if !over || exitCode(err) != code {
			t.Errorf("over: %v, %v", over, err)
		}
	}
}

func TestLostConnectionIsToldByTail(t *testing.T) {
	said := &strings.Builder{}
	x := &tail{app: &app{World: World{Out: io.Discard, Err: said}}, follow: true}

	x.heard(client.Offline{Err: io.EOF, Retry: 2300 * time.Millisecond})
	x.heard(client.Offline{Err: home.ErrNoAccount, Retry: time.Second})

	want := "the server ended the connection: trying again in 2.3s\n" +
		"there is no connection (no such account is logged in on this computer: client login NAME logs in, client accounts shows who is): trying again in 1s\n"
	if said.String() != want {
		t.Errorf("said %q", said)
	}
}
