package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"chatserver/net/wire"
)

// decoded reads a LOGIN_ACK back.
func decoded(t *testing.T, object []byte) wire.LoginAck {
	t.Helper()
	_, reply, err := wire.DecodeReply(object, wire.Classic)
	if err != nil {
		t.Fatalf("%s: %v", object, err)
	}
	return reply.(wire.LoginAck)
}

// users counts who is listed in the groups of an answer.
func users(groups []wire.Group) (n int) {
	for _, g := range groups {
		n += len(g.Users)
	}
	return n
}

func TestEverySizeOfLoginAckHoldsAsMuchAsFits(t *testing.T) {
	whole := loginAck(full, 0)
	least := len(loginAck(wire.LoginAck{ID: full.ID, Name: full.Name}, 0))
	var before wire.LoginAck
	for max := least; max <= len(whole); max++ {
		out, offline := wire.AppendLoginAck(nil, full, max)
		if len(out) > max {
			t.Fatalf("%d of at most %d bytes: %s", len(out), max, out)
		}
		a := decoded(t, out)
		if offline != len(a.Offline) {
			t.Errorf("says %d offline messages, holds %d", offline, len(a.Offline))
		}
		if len(a.Friends) < len(before.Friends) {
			t.Errorf("%d bytes hold fewer friends than %d", max, max-1)
		}
		for i, g := range a.Groups {
			if len(g.Users) == 0 || g.Users[0] != full.Groups[i].Users[0] {
				t.Errorf("group %d does not start with the user: %+v", g.ID, g.Users)
			}
		}
		before = a
	}
	if len(before.Friends) != 2 || len(before.Groups) != 2 || users(before.Groups) != 3 || len(before.Offline) != 2 {
		t.Errorf("not all is there: %+v", before)
	}
}

func TestEveryGroupIsListedBeforeTheOthersInThem(t *testing.T) {
	a := wire.LoginAck{ID: 1, Name: "ann", Offline: []wire.Push{direct}}
	for g := range 3 {
		users := []wire.Peer{{ID: 1, Name: "ann", Role: "normal"}}
		for u := range 50 {
			users = append(users, wire.Peer{ID: int64(u + 2), Name: "somebody", Role: "normal"})
		}
		a.Groups = append(a.Groups, wire.Group{ID: int64(g + 1), Name: "g", Users: users})
	}

	out, offline := wire.AppendLoginAck(nil, a, 1023)

	got := decoded(t, out).Groups
	if len(got) != 3 || len(got[0].Users) < 2 || len(got[2].Users) != 1 || offline != 0 {
		t.Errorf("got %d groups, %d offline messages: %s", len(got), offline, out)
	}
}

func TestFriendsThatDoNotFitAreLeftOut(t *testing.T) {
	a := wire.LoginAck{ID: 1, Name: "ann"}
	for i := range 5000 {
		a.Friends = append(a.Friends, wire.Peer{ID: int64(i + 2), Name: fmt.Sprint("friend", i)})
	}

	cut, all := decoded(t, loginAck(a, 1023)), decoded(t, loginAck(a, 0))

	if n := len(cut.Friends); n < 10 || n > 20 || cut.Friends[n-1] != a.Friends[n-1] {
		t.Errorf("%d friends within 1023 bytes", n)
	}
	if len(all.Friends) != 5000 {
		t.Errorf("%d friends without a bound", len(all.Friends))
	}
}

func TestOfflineMessagesInALoginAckAreWholeAndTheOldest(t *testing.T) {
	a := wire.LoginAck{ID: 1, Name: "ann", Offline: []wire.Push{
		with("first"), with("second"), with(strings.Repeat("x", 5000)), with("last")}}

	out, offline := wire.AppendLoginAck(nil, a, 1023)

	got := decoded(t, out).Offline
	if offline != 2 || len(got) != 2 || got[0].Msg != "first" || got[1].Msg != "second" {
		t.Errorf("%d taken: %s", offline, out)
	}
}

func TestALoginAckThatCannotFitHasNoLists(t *testing.T) {
	if got, want := loginAck(full, 10), loginAck(wire.LoginAck{ID: 1, Name: "ann"}, 0); string(got) != string(want) {
		t.Errorf("got %s", got)
	}
}
