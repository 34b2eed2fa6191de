package client

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"chatserver/net/wire"
)

// shared is a token that is lent, and what its borrowers do.
type shared struct {
	token string
	did   []string
}

func (s *shared) borrow(context.Context) (string, func(string) error, error) {
	s.did = append(s.did, "borrow "+s.token)
	return s.token, func(successor string) error {
		s.did = append(s.did, "give "+successor)
		if successor != "" {
			s.token = successor
		}
		return nil
	}, nil
}

func (s *shared) want(t *testing.T, did ...string) {
	t.Helper()
	synctest.Wait()
	if !slices.Equal(s.did, did) {
		t.Errorf("with the token was done %q, want %q", s.did, did)
	}
}

// loan is a world in which the token is lent.
func loan(t *testing.T) (*world, *shared) {
	w, s := newWorld(t), &shared{token: "t1"}
	w.borrow = s.borrow
	return w, s
}

func TestSharedTokenIsBorrowedForEachLoginAndItsSuccessorGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := loan(t)
		u := w.open(Credentials{})
		p := w.login(u)
		u.want(CaughtUp{})
		s.want(t, "borrow t1", "give tok")

		s.token = "of another process"
		p.close()
		next[Offline](u)
		next[Connecting](u)
		w.accept().want(wire.Login{V: wire.V2, Token: "of another process", Device: "test"})
	})
}

func TestSharedTokenStaysAsItIsWhereNoAnswerCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := loan(t)
		u := w.open(Credentials{})
		next[Connecting](u)
		p := w.accept()
		p.want(wire.Login{V: wire.V2, Token: "t1", Device: "test"})

		p.close()

		next[Offline](u)
		s.want(t, "borrow t1", "give ")
	})
}

func TestClosedWhileItLogsInAClientGivesTheSharedTokenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := loan(t)
		u := w.open(Credentials{})
		next[Connecting](u)
		p := w.accept()
		p.want(wire.Login{V: wire.V2, Token: "t1", Device: "test"})

		u.Close()

		s.want(t, "borrow t1", "give ")
	})
}

func TestStateKeepsNoTokenThatIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := loan(t)
		w.login(w.open(Credentials{}))

		kept, err := w.state.Load()

		if err != nil || kept.ID != 1 || kept.Token != "" {
			t.Errorf("the state has %+v, %v", kept, err)
		}
	})
}

func TestTokenThatIsNotLentIsTriedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := loan(t)
		busy := errors.New("somebody else logs in")
		w.borrow = func(context.Context) (string, func(string) error, error) { return "", nil, busy }
		u := w.open(Credentials{})
		next[Connecting](u)
		w.accept()

		if e := next[Offline](u); e.Err != busy {
			t.Errorf("offline because of %v, want %v", e.Err, busy)
		}
		next[Connecting](u)
		w.accept()
		s.want(t)
	})
}
