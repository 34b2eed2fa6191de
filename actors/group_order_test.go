package actors

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// rows are messages of group 7 as they are read back.
func rows(seqs ...uint64) (rows []persistence.Message) {
	for _, seq := range seqs {
		rows = append(rows, persistence.Message{Conv: persistence.GroupConv(7), Seq: seq, Sender: bob})
	}
	return rows
}

// full is a group with these members here, of which message 1 was said.
func (s *stage) full(members ...persistence.UserID) *actor.PID {
	s.env.Zone = time.UTC
	group := s.group()
	for _, user := range members {
		s.groups.Send(group, seated{user, Seat{Group: 7, Ver: 1}})
	}
	s.groups.Send(group, Fanout{7, said(1, 0)})
	s.w.Settle()
	s.users.Got()
	return group
}

// wantSaid expects that users were handed these messages of the group, and nothing else.
func (s *stage) wantSaid(to []persistence.UserID, seqs ...uint64) {
	s.t.Helper()
	got := map[persistence.UserID][]uint64{}
	for _, msg := range s.users.Got() {
		d, ok := msg.(Deliver)
		if !ok {
			s.t.Errorf("users got %+v", msg)
			continue
		}
		got[d.To] = append(got[d.To], d.Parcel.Seq)
	}
	for user, had := range got {
		if !slices.Contains(to, user) || !slices.Equal(had, seqs) {
			s.t.Errorf("user %d was handed %v; %v should have been handed %v", user, had, to, seqs)
		}
	}
	if len(got) != len(to) && len(seqs) > 0 {
		s.t.Errorf("handed were %v, not %v to %v", got, seqs, to)
	}
}

func TestWhatAGroupMissesIsReadOnceForAllItsMembers(t *testing.T) {
	s := newStage(t)
	group := s.full(1, 2)

	s.groups.Send(group, Fanout{7, said(4, 0)})
	s.w.Advance(s.env.Limits.Hole - 1)
	s.wantSaid(nil)
	s.w.Advance(1)
	s.answer(rangeOf{persistence.GroupConv(7), 1, s.env.Limits.Page}, rows(2, 3, 4))
	s.answer(membersSince{7, 0}, []persistence.Member(nil))

	s.wantSaid([]persistence.UserID{1, 2}, 2, 3, 4)
}

func TestWhoLeftIsNotHandedWhatAGroupReadBack(t *testing.T) {
	s := newStage(t)
	group := s.full(1, 2)

	s.groups.Send(group, behind{7, 2})
	s.answer(rangeOf{persistence.GroupConv(7), 1, s.env.Limits.Page}, rows(2))
	s.answer(membersSince{7, 0}, []persistence.Member{{Peer: persistence.Peer{User: bob}, Ver: 3, Gone: true}})

	s.users.Want(Unseated{2, 7, 3}, Deliver{1, s.env.parcel(rows(2)[0])})
}

func TestAGroupReadsOnUntilNothingIsMissing(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Page = 2
	group := s.full(1)

	s.groups.Send(group, behind{7, 4})
	s.answer(rangeOf{persistence.GroupConv(7), 1, 2}, errors.New("away"))
	s.w.Advance(retry)
	s.answer(rangeOf{persistence.GroupConv(7), 1, 2}, rows(2, 3))
	asked := s.asked()
	if len(asked) != 2 { // the memberships, and the rest
		t.Fatalf("asked was %+v", asked)
	}
	for _, msg := range asked {
		q := msg.(Query)
		switch q.Do.(type) {
		case membersSince:
			s.store.Send(group, Answer{Ref: q.Ref, Value: []persistence.Member(nil)})
		case rangeOf:
			s.store.Send(group, Answer{Ref: q.Ref, Value: rows(4)})
		}
	}
	s.answer(membersSince{7, 0}, []persistence.Member(nil))

	s.wantSaid([]persistence.UserID{1}, 2, 3, 4)
}

func TestAGroupThatMissesMoreThanItHoldsLetsItsMembersRead(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Held = 3
	group := s.full(1)

	s.groups.Send(group, behind{7, 9})
	s.w.Settle()

	s.users.Want(Headed{1, persistence.Head{Conv: persistence.GroupConv(7), Seq: 9}})
	s.unasked()
}
