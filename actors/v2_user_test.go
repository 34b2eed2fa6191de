package actors

import (
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// attachV2 plays an attach of ann's desk up to the answer to what it asks for last.
func (s *stage) attachV2(user *actor.PID, stand standings, groups ...persistence.Membership) (desk *sim.Probe) {
	desk = s.w.Probe("desk")
	desk.Ask(user, Attach{Ref: 9, User: 1, Number: 1, In: wire.V2})
	s.grant()
	s.answer(rosterOf{1, 0}, persistence.Roster{User: ann, Groups: groups})
	s.groups.Send(user, Answer{Ref: s.groups.Got()[0].(Enter).Ref})
	s.answer(standing{user: 1, now: s.w.Now()}, stand)
	return desk
}

// known plays the answer to who is online, the last of an attach.
func (s *stage) known(user *actor.PID) {
	for _, msg := range s.users.Got() {
		if who, ok := msg.(Who); ok {
			s.users.Send(user, Answer{Ref: who.Ref, Value: map[persistence.UserID]bool{}})
		}
	}
	s.w.Settle()
}

// inGroup is ann's place in a group.
func inGroup(id persistence.GroupID, since, ver uint64) persistence.Membership {
	return persistence.Membership{
		Group:  persistence.Group{ID: id},
		Member: persistence.Member{Peer: persistence.Peer{User: ann}, Since: since, Ver: ver},
	}
}

func TestWhoWasRemovedWhileItSatDownGetsUpAgain(t *testing.T) {
	s := newStage(t)
	user := s.user()

	s.attachV2(user, standings{convs: []persistence.ConvState{{Conv: persistence.GroupConv(8), Head: 5, Since: 4}}}, inGroup(7, 0, 2), inGroup(8, 1, 2))

	s.groups.Want(Exit{1, []persistence.GroupID{7}})
}

func TestAnEndOfAMembershipBeforeTheOneOfNowIsNoneOfIt(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()

	s.users.Send(user, Unseated{1, 7, 2}) // of the version that it sat down with
	s.users.Send(user, Deliver{1, said(4, 2)})
	s.w.Settle()
	s.wantPushed(session, 4)
	s.groups.Want()

	s.users.Send(user, Unseated{1, 7, 3})
	s.users.Send(user, Deliver{1, said(5, 3)})
	s.w.Settle()
	s.wantPushed(session)
	s.groups.Want(Exit{1, []persistence.GroupID{7}})
}

func TestAnEndOfAMembershipBeforeOneThatWasReadSinceIsNoneOfIt(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	again := persistence.Membership{Group: persistence.Group{ID: 7}, Member: persistence.Member{Since: 3, Ver: 4}}
	s.users.Send(user, cluster.Refresh{User: 1})
	s.answer(selfOf{1, s.w.Now()}, self{roster: persistence.Roster{User: ann, Groups: []persistence.Membership{again}}})

	s.users.Send(user, Unseated{1, 7, 3})
	s.users.Send(user, Deliver{1, said(4, 4)})
	s.w.Settle()

	s.wantPushed(session, 4)
}

func TestASeatThatEndedIsNotTakenAgainForWhatWasReadBefore(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	before := persistence.Membership{Group: persistence.Group{ID: 7}, Member: persistence.Member{Since: 3, Ver: 2}}
	s.users.Send(user, cluster.Refresh{User: 1})
	s.users.Send(user, Unseated{1, 7, 3})

	s.answer(selfOf{1, s.w.Now()}, self{roster: persistence.Roster{User: ann, Groups: []persistence.Membership{before}}})
	s.users.Send(user, Deliver{1, said(4, 2)})
	s.w.Settle()

	s.wantPushed(session)
	s.groups.Want(Exit{1, []persistence.GroupID{7}})
}

func TestWhatAGroupSaidIsNotPushedAfterItsEndToASessionThatAttached(t *testing.T) {
	s := newStage(t)
	user, phone := s.attached()
	desk := s.attachV2(user, standings{convs: []persistence.ConvState{{Conv: persistence.GroupConv(7), Head: 3, Since: 3}}})

	s.users.Send(user, Deliver{1, said(4, 2)})
	s.users.Send(user, Unseated{1, 7, 3})
	s.known(user)

	s.wantPushed(phone, 4)
	s.wantPushed(desk)
}

func TestHeadsThatGrewOldWhileASessionAttachedAreReadAgain(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Held = 1
	user, _ := s.attached()
	desk := s.attachV2(user, standings{})

	s.deliver(user, 1)
	s.deliver(user, 2)
	s.known(user)
	desk.Want()
	s.answer(standing{user: 1, now: s.w.Now()}, standings{convs: []persistence.ConvState{{Conv: annBob, Head: 2}}})
	s.deliver(user, 3)
	s.known(user)

	if convs := desk.Got()[0].(Answer).Value.(Attached).Convs; len(convs) != 1 || convs[0].Head != 2 {
		t.Errorf("told were %+v", convs)
	}
	s.deliver(user, 4)
	s.w.Settle()
	s.wantPushed(desk, 4)
}

func TestAHoleBeforeWhatAMemberMayReadIsNone(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	chess := persistence.GroupConv(7)

	s.users.Send(user, Headed{1, persistence.Head{Conv: chess, Seq: 6}}) // it joined again, which nobody told this actor
	s.answer(s.readOf(chess, 3), persistence.Slice{Messages: []persistence.Message{{Conv: chess, Seq: 6, Sender: bob}}, Head: 6, Since: 5})

	s.wantPushed(session, 6)
	s.unasked()
}
