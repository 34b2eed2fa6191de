package actors

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/account"
)

func TestBucketLetsItsRateThroughAndTellsWhenTheNextMay(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBucket(2)
	for i := range 2 {
		if f := b.take(now); f != nil {
			t.Fatalf("request %d was refused: %v", i, f)
		}
	}
	f := b.take(now)
	if f == nil || f.Errno != wire.SlowDown || f.Retry < 500*time.Millisecond || f.Retry > 501*time.Millisecond {
		t.Fatalf("the third was answered %+v", f)
	}
	if f := b.take(now.Add(f.Retry)); f != nil {
		t.Errorf("refused after the wait it was told: %v", f)
	}
	if f := b.take(now.Add(-time.Hour)); f == nil {
		t.Error("a clock that jumped back gave tokens")
	}
	unbounded := newBucket(0)
	for range 10_000 {
		if f := unbounded.take(now); f != nil {
			t.Fatal("refused without a limit")
		}
	}
}

func TestAnAddressIsCountedAsItsNetwork(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7":            "192.0.2.7/32",
		"::ffff:192.0.2.7":     "192.0.2.7/32",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"::1":                  "::/64",
	} {
		if got := Network(netip.MustParseAddr(addr)); got.String() != want {
			t.Errorf("%s: %v, want %s", addr, got, want)
		}
	}
	if got := Network(netip.Addr{}); got.IsValid() {
		t.Errorf("no address: %v", got)
	}
}

func TestOutboxDeliversWithTheObjectThatWasWritten(t *testing.T) {
	ann, bob := actor.NewPID("x", "users/1"), actor.NewPID("x", "users/2")
	head := func(n uint64) persistence.Head { return persistence.Head{Conv: 7, Seq: n} }
	var o outbox
	if o.pass(head(1)) {
		t.Error("something passed with nothing waiting")
	}
	o.sent(ann, []persistence.Head{head(1), head(2)})
	o.sent(ann, nil)
	if !o.pass(head(3)) {
		t.Error("did not pass behind what waits")
	}
	o.sent(ann, []persistence.Head{head(4)})
	o.sent(bob, []persistence.Head{head(9)})

	got := fmt.Sprint(o.written(2), o.written(0), o.written(2), len(o))
	want := fmt.Sprint([]parting{{ann, []persistence.Head{head(1), head(2), head(3)}}}, []parting{},
		[]parting{{ann, []persistence.Head{head(4)}}, {bob, []persistence.Head{head(9)}}}, 0)
	if got != want {
		t.Errorf("delivered %s, not %s", got, want)
	}
}

func TestEveryErrorOfTheStoreHasAnErrno(t *testing.T) {
	tests := []struct {
		req  wire.Request
		err  error
		want wire.Errno
		text string
	}{
		{wire.OneChat{To: 9}, persistence.ErrNotFound, wire.NotFound, "there is no user 9"},
		{wire.OneChat{To: 9}, persistence.ErrForbidden, wire.Forbidden, "user 9 does not take messages from you"},
		{wire.OneChat{To: 9}, persistence.ErrConflict, wire.Conflict, "this cid was used for another message, take a new one"},
		{wire.GroupChat{Group: 9}, persistence.ErrNotFound, wire.NotFound, "there is no group 9"},
		{wire.GroupChat{Group: 9}, persistence.ErrForbidden, wire.Forbidden, "you are not in group 9, join it first"},
		{wire.AddFriend{Friend: 9}, persistence.ErrNotFound, wire.NotFound, "there is no user 9"},
		{wire.AddFriend{Friend: 9}, persistence.ErrExists, wire.Exists, "user 9 is on your list already"},
		{wire.CreateGroup{}, persistence.ErrExists, wire.Exists, "this group name is taken, choose another"},
		{wire.AddGroup{Group: 9}, persistence.ErrNotFound, wire.NotFound, "there is no group 9"},
		{wire.AddGroup{Group: 9}, persistence.ErrExists, wire.Exists, "you are in group 9 already"},
		{wire.AddFriend{Friend: 9}, persistence.ErrFull, wire.TooLarge, "your list is full, take somebody off it first"},
		{wire.CreateGroup{}, persistence.ErrFull, wire.TooLarge, "you are in as many groups as one may be, leave one first"},
		{wire.AddGroup{Group: 9}, persistence.ErrFull, wire.TooLarge, "you are in as many groups as one may be, leave one first"},
		{wire.Reg{}, persistence.ErrExists, wire.Denied, "this name is taken, choose another"},
		{wire.Login{}, persistence.ErrNotFound, wire.Denied, "id or password is invalid!"},
		{wire.Passwd{}, errDenied, wire.Denied, "this is not your password"},
		{wire.Login{}, errDenied, wire.Denied, "id or password is invalid!"},
		{wire.Login{}, errInUse, wire.InUse, "this account is using, input another!"},
		{wire.Login{}, errBusy, wire.SlowDown, "too much at once, try again in a moment"},
		{wire.OneChat{}, errOverdue, wire.Unavailable, "the server cannot tell whether this was done, try again in a moment"},
		{wire.OneChat{}, errors.New("disk full"), wire.Unavailable, "the server cannot tell whether this was done, try again in a moment"},
	}
	seen := map[error]bool{}
	for _, tt := range tests {
		f := fault(tt.req, fmt.Errorf("wrapped: %w", tt.err))
		if f.Errno != tt.want || f.Text != tt.text {
			t.Errorf("%T and %v: %v", tt.req, tt.err, f)
		}
		if again := f.Errno == wire.SlowDown || f.Errno == wire.Unavailable; (f.Retry > 0) != again {
			t.Errorf("%v: retry after %v", f, f.Retry)
		}
		seen[tt.err] = true
	}
	for _, known := range errnos {
		if !seen[known.err] {
			t.Errorf("no row for %q", known.err)
		}
	}
}

func TestTheLongestLoginAckFitsWhatMayBeQueued(t *testing.T) {
	longest := func(characters int) string { return strings.Repeat("𝔸", characters) } // 4 bytes each
	friend := wire.Peer{ID: wire.MaxID, Name: longest(account.MaxName)}
	group := wire.Membership{ID: wire.MaxGroupID, Name: longest(account.MaxGroupName), Desc: longest(account.MaxGroupDesc),
		Role: string(persistence.Creator), Join: joinByInvite, Members: wire.MaxID}
	conv := wire.ConvState{Conv: wire.InGroup(wire.MaxGroupID), Head: wire.MaxSeq, Since: wire.MaxSeq, Delivered: wire.MaxSeq, Read: wire.MaxSeq}

	ack := wire.AppendReply(nil, wire.Re{ID: wire.LoginID}, wire.Welcome{
		Friends: slices.Repeat([]wire.Peer{friend}, persistence.MaxFriends),
		Groups:  slices.Repeat([]wire.Membership{group}, persistence.MaxGroups),
		Convs:   slices.Repeat([]wire.ConvState{conv}, DefaultLimits().Convs),
	})

	if room := DefaultLimits().Outbound; len(ack) > room-4096 { // for what else is in it
		t.Errorf("%d bytes of %d", len(ack), room)
	}
}
