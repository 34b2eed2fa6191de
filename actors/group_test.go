package actors

import (
	"errors"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// stage is one actor under test among probes that play all the others.
type stage struct {
	t                    testing.TB
	w                    *sim.World
	env                  *Env
	at                   places
	store, users, groups *sim.Probe
	accounts             *sim.Probe
	router, presence     *sim.Probe
}

// newStage has an Env without a store: the probe plays it.
func newStage(t testing.TB) *stage {
	w := sim.New(t)
	s := &stage{t: t, w: w, store: w.Probe("store"), accounts: w.Probe("accounts"), router: w.Probe("router"), presence: w.Probe("presence")}
	s.env = &Env{Clock: w, Crew: w.Crew(), Log: w.Logger(), Props: w.Props(), Fatal: w.Fatal, Meter: &counts{}, Limits: DefaultLimits()}
	stop := actor.WithSupervisor(retire(s.env))
	s.users, s.groups = w.Probe("users", stop), w.Probe("groups", stop)
	s.at = places{store: s.store.PID(), router: s.router.PID(), presence: s.presence.PID(), users: s.users.PID(), groups: s.groups.PID(), accounts: s.accounts.PID()}
	return s
}

func (s *stage) group() *actor.PID {
	return s.groups.Spawn("7", s.env.props(func() actor.Actor { return NewGroup(7, s.env, s.at, 0) }, nil))
}

// said is a message of group 7.
func said(seq, ver uint64) *Parcel {
	return &Parcel{Conv: persistence.GroupConv(7), Seq: seq, Ver: ver}
}

func TestAGroupLearnsWhoIsInItBeforeItFansOut(t *testing.T) {
	s := newStage(t)
	group := s.group()
	for user := range persistence.UserID(4) {
		s.groups.Send(group, seated{user + 1, Seat{}})
	}

	s.groups.Send(group, Fanout{7, said(1, 5)})
	s.groups.Send(group, Fanout{7, said(2, 5)})
	s.w.Settle()
	s.store.Want(Query{1, membersSince{7, 0}})
	s.users.Want()
	s.store.Reply(Answer{Ref: 1, Value: []persistence.Member{
		{Peer: persistence.Peer{User: persistence.User{ID: 1}}, Ver: 1},
		{Peer: persistence.Peer{User: persistence.User{ID: 2}}, Ver: 3, Gone: true},
		{Peer: persistence.Peer{User: persistence.User{ID: 3}}, Ver: 5, Since: 1},
		{Peer: persistence.Peer{User: persistence.User{ID: 9}}, Ver: 4},
	}})
	s.w.Settle()

	s.users.Want(Unseated{2, 7, 3}, Deliver{1, said(1, 5)}, Deliver{4, said(1, 5)}, Deliver{1, said(2, 5)}, Deliver{3, said(2, 5)}, Deliver{4, said(2, 5)})
}

func TestAGroupAsksAgainWhenTheStoreIsAway(t *testing.T) {
	s := newStage(t)
	group := s.group()
	s.groups.Send(group, seated{1, Seat{}})
	s.groups.Send(group, Fanout{7, said(1, 1)})
	s.w.Settle()
	s.store.Want(Query{1, membersSince{7, 0}})

	s.store.Reply(Answer{Ref: 1, Err: errors.New("away")})
	s.w.Advance(retry)

	s.store.Want(Query{2, membersSince{7, 0}})
	s.store.Reply(Answer{Ref: 2, Value: []persistence.Member{{Peer: persistence.Peer{User: persistence.User{ID: 1}}, Ver: 1}}})
	s.w.Settle()
	s.users.Want(Deliver{1, said(1, 1)})
}

func TestAGroupThatMissedSomethingTellsItsMembersTheHead(t *testing.T) {
	s := newStage(t)
	group := s.group()
	s.groups.Send(group, seated{1, Seat{}})

	s.groups.Send(group, behind{Group: 7})
	s.w.Settle()
	s.store.Want(Query{1, headOf{persistence.GroupConv(7)}})
	s.store.Reply(Answer{Ref: 1, Err: errors.New("away")})
	s.w.Advance(retry)
	s.store.Want(Query{2, headOf{persistence.GroupConv(7)}})
	s.store.Reply(Answer{Ref: 2, Value: uint64(8)})
	s.w.Settle()

	s.users.Want(Headed{1, persistence.Head{Conv: persistence.GroupConv(7), Seq: 8}})
}

func TestAGroupOffersToStopWhenNobodyIsLeft(t *testing.T) {
	s := newStage(t)
	group := s.group()
	s.groups.Send(group, seated{1, Seat{}})
	s.groups.Send(group, unseated{1})
	s.w.Advance(s.env.Limits.Idle / 2)
	s.groups.Send(group, seated{2, Seat{}})
	s.groups.Send(group, unseated{2})

	s.w.Advance(s.env.Limits.Idle - 1)
	s.groups.Want()
	s.w.Advance(1)
	s.groups.Want(idle[persistence.GroupID]{7, 4})
	s.w.Advance(s.env.Limits.Idle)
	s.groups.Want(idle[persistence.GroupID]{7, 4})
}

func TestAGroupHoldsBoundedWhileItReadsAndTellsOfTheRest(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Held = 2
	group := s.group()
	s.groups.Send(group, seated{1, Seat{}})
	for seq := range uint64(4) {
		s.groups.Send(group, Fanout{7, said(seq+1, 1)})
	}
	s.w.Settle()

	s.store.Got()
	s.store.Reply(Answer{Ref: 1, Value: []persistence.Member{{Peer: persistence.Peer{User: persistence.User{ID: 1}}, Ver: 1}}})
	s.groups.Send(group, Fanout{7, said(5, 1)})
	s.w.Settle()

	s.users.Want(Deliver{1, said(1, 1)}, Deliver{1, said(2, 1)},
		Headed{1, persistence.Head{Conv: persistence.GroupConv(7), Seq: 4}}, Deliver{1, said(5, 1)})
}

func TestHintsThatAGroupIsToldTooManyOfAreDropped(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Hints = 3
	group := s.group()
	for user := range persistence.UserID(3) {
		s.groups.Send(group, seated{user + 1, Seat{}})
	}

	s.groups.Send(group, cluster.Relay{Group: 7, From: 1, Object: []byte("a")})
	s.groups.Send(group, cluster.Relay{Group: 7, From: 1, Object: []byte("b")})
	s.w.Advance(time.Second)
	s.groups.Send(group, cluster.Relay{Group: 7, From: 2, Object: []byte("c")})
	s.w.Settle()

	s.users.Want(cluster.Hint{To: []persistence.UserID{2, 3}, From: 1, Object: []byte("a")},
		cluster.Hint{To: []persistence.UserID{1, 3}, From: 2, Object: []byte("c")})
}

func TestWhomAnEventIsAboutIsToldThoughTheGroupWasToldTooMuch(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Hints = 1
	group := s.group()
	for user := range persistence.UserID(2) {
		s.groups.Send(group, seated{user + 1, Seat{}})
	}
	joined, kicked := wire.Event{Kind: wire.GroupJoined, Group: 7, ID: 2}, wire.Event{Kind: wire.GroupKicked, Group: 7, ID: 2, By: 1}

	s.groups.Send(group, cluster.Announce{Group: 7, Event: joined})
	s.w.Settle()
	s.store.Reply(Answer{Ref: 1, Value: []persistence.Member(nil)})
	s.groups.Send(group, cluster.Announce{Group: 7, Event: kicked})
	s.w.Settle()
	s.store.Reply(Answer{Ref: 2, Value: []persistence.Member(nil)})
	s.w.Settle()

	s.users.Want(cluster.Hint{To: []persistence.UserID{1, 2}, Object: hint(joined)}, cluster.Hint{To: []persistence.UserID{2}, Object: hint(kicked)})
}
