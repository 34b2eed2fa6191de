package actors

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

var (
	ann = persistence.User{ID: 1, Name: "ann"}
	bob = persistence.User{ID: 2, Name: "bob"}

	annBob       = persistence.Direct(1, 2)
	errStoreAway = errors.New("the store is away")
)

func (s *stage) user() *actor.PID {
	s.env.Zone = time.UTC
	return s.users.Spawn("1", s.env.props(func() actor.Actor { return NewUser(1, s.env, s.at, 0) }, nil))
}

// roster is what an attach of ann in classic asks the store for first, once its claim is answered.
func (s *stage) roster() rosterOf {
	s.grant()
	return rosterOf{1, s.env.Limits.Roster}
}

// standing is what an attach of ann in classic asks for last.
func (s *stage) standing() standing {
	return standing{user: 1, limit: s.env.Limits.Page, now: s.w.Now()}
}

// readOf is what ann asks for to catch up in conv.
func (s *stage) readOf(conv persistence.Conv, after uint64) read {
	return read{1, conv, persistence.Span{After: after, Limit: s.env.Limits.Page}}
}

// wrote is what bob wrote to ann.
func wrote(seq uint64) persistence.Message {
	return persistence.Message{Conv: annBob, Seq: seq, Sender: bob, CID: "c", Body: "hi"}
}

func (s *stage) deliver(user *actor.PID, seq uint64) {
	s.users.Send(user, Deliver{1, s.env.parcel(wrote(seq))})
}

// asked is what the store was asked since the last time. Nobody watches ann: that is answered at once.
func (s *stage) asked() (asked []any) {
	s.w.Settle()
	for _, msg := range s.store.Got() {
		if q, ok := msg.(Query); ok && q.Do == query(watchersOf{1, s.env.Limits.Watchers}) {
			s.store.Reply(Answer{Ref: q.Ref, Value: []persistence.UserID(nil)})
			continue
		}
		asked = append(asked, msg)
	}
	return asked
}

// unasked fails the test where the store was asked anything.
func (s *stage) unasked() {
	s.t.Helper()
	if asked := s.asked(); len(asked) > 0 {
		s.t.Errorf("the store was asked %+v", asked)
	}
}

// answer expects that the store was asked want, a query or the marks to save, and nothing
// else, and replies with value, which may be an error.
func (s *stage) answer(want, value any) {
	s.t.Helper()
	got := s.asked()
	if len(got) != 1 {
		s.t.Fatalf("the store was asked %+v, not %+v", got, want)
	}
	var ref uint64
	var what any
	switch msg := got[0].(type) {
	case Query:
		ref, what = msg.Ref, msg.Do
	case SaveMarks:
		ref, what = msg.Ref, msg.Marks
	}
	if fmt.Sprint(what) != fmt.Sprint(want) {
		s.t.Fatalf("the store was asked %+v, not %+v", what, want)
	}
	if err, ok := value.(error); ok {
		s.store.Reply(Answer{Ref: ref, Err: err})
	} else {
		s.store.Reply(Answer{Ref: ref, Value: value})
	}
	s.w.Settle()
}

// grant answers the user's claim, if there is one.
func (s *stage) grant() {
	s.w.Settle()
	for _, msg := range s.users.Got() {
		if claim, ok := msg.(Claim); ok {
			s.users.Reply(Answer{Ref: claim.Ref, Value: cluster.Claimed{}})
		}
	}
	s.w.Settle()
}

// attach plays what an attach takes, after its Attach was sent: ann is in group 7; bob wrote to
// her up to head, and she was handed what is up to delivered.
func (s *stage) attach(user *actor.PID, head, delivered uint64) {
	s.answer(s.roster(), persistence.Roster{User: ann, Groups: []persistence.Membership{
		{Group: persistence.Group{ID: 7}, Member: persistence.Member{Peer: persistence.Peer{User: ann}, Since: 3, Ver: 2}}}})
	s.groups.Reply(Answer{Ref: s.groups.Got()[0].(Enter).Ref})
	stand := standings{convs: []persistence.ConvState{{Conv: annBob, Head: head}, {Conv: persistence.GroupConv(7), Head: 3, Since: 3}}}
	for seq := delivered + 1; seq <= head; seq++ {
		stand.backlog = append(stand.backlog, wrote(seq))
	}
	s.answer(s.standing(), stand)
	for _, msg := range s.users.Got() {
		if who, ok := msg.(Who); ok {
			s.users.Send(user, Answer{Ref: who.Ref, Value: map[persistence.UserID]bool{}})
		}
	}
	s.w.Settle()
}

// attached is ann with a session that is attached and live.
func (s *stage) attached() (user *actor.PID, session *sim.Probe) {
	user, session = s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.attach(user, 0, 0)
	session.Got()
	return user, session
}

// wantPushed expects that the session got these messages of bob's, and nothing else but answers.
func (s *stage) wantPushed(session *sim.Probe, want ...uint64) {
	s.t.Helper()
	var got []uint64
	for _, msg := range session.Got() {
		switch msg := msg.(type) {
		case Push:
			got = append(got, msg.Parcel.Seq)
		case Answer:
		default:
			s.t.Errorf("the session got %+v", msg)
		}
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("pushed were %v, not %v", got, want)
	}
}

func TestAttachingTakesItsSeatsBeforeItReadsAndThenIsLive(t *testing.T) {
	s := newStage(t)
	user, session := s.user(), s.w.Probe("session")

	session.Ask(user, Attach{Ref: 5, User: 1, Number: 9})
	s.unasked()
	s.users.Want(Claim{1, []cluster.Key{1}, false})
	s.users.Send(user, Answer{Ref: 1})
	s.answer(s.roster(), persistence.Roster{User: ann, Groups: []persistence.Membership{
		{Group: persistence.Group{ID: 7}, Member: persistence.Member{Peer: persistence.Peer{User: ann}, Since: 3, Ver: 2}}}})
	s.unasked()
	s.groups.Want(Enter{3, 1, []Seat{{7, 3, 2}}})
	s.groups.Reply(Answer{Ref: 3})
	s.answer(s.standing(), standings{})
	s.users.Want(Who{Ref: 5})
	s.users.Send(user, Answer{Ref: 5, Value: map[persistence.UserID]bool{}})
	s.deliver(user, 1)
	s.w.Settle()

	got := session.Got()
	if a, ok := got[0].(Answer); !ok || a.Ref != 5 || a.Value.(Attached).Roster.Name != "ann" {
		t.Fatalf("the session got %+v", got[0])
	}
	if p, ok := got[1].(Push); !ok || p.Number != 9 || p.Parcel.Seq != 1 {
		t.Errorf("then %+v", got[1])
	}
}

func TestWhatIsStoredWhileASessionAttachesIsReadOrPushed(t *testing.T) {
	s := newStage(t)
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.deliver(user, 4)
	s.deliver(user, 5)
	s.answer(s.roster(), persistence.Roster{User: ann})
	s.groups.Reply(Answer{Ref: s.groups.Got()[0].(Enter).Ref})
	s.answer(s.standing(), standings{convs: []persistence.ConvState{{Conv: annBob, Head: 4, Delivered: 4}}})

	s.answer(s.readOf(annBob, 4), persistence.Slice{Messages: []persistence.Message{wrote(5)}})
	s.users.Send(user, Answer{Ref: s.users.Got()[0].(Who).Ref, Value: map[persistence.UserID]bool{}})
	s.w.Settle()

	s.wantPushed(session, 5)
}

func TestAHoleIsReadAfterAMomentAndDeliveredInOrder(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	s.deliver(user, 1)
	s.deliver(user, 3)
	s.w.Settle()
	s.wantPushed(session, 1)

	s.w.Advance(s.env.Limits.Hole)
	s.answer(s.readOf(annBob, 1), persistence.Slice{Messages: []persistence.Message{wrote(2), wrote(3)}})

	s.wantPushed(session, 2, 3)
}

func TestAHoleThatFillsItselfIsNotRead(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()

	s.deliver(user, 2)
	s.deliver(user, 1)
	s.w.Advance(s.env.Limits.Hole)

	s.wantPushed(session, 1, 2)
	s.unasked()
}

func TestAHoleIsReadAgainUntilTheStoreAnswers(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	s.deliver(user, 2)
	s.w.Advance(s.env.Limits.Hole)

	s.answer(s.readOf(annBob, 0), errStoreAway)
	s.w.Advance(retry)
	s.answer(s.readOf(annBob, 0), persistence.Slice{Messages: []persistence.Message{wrote(1)}})

	s.wantPushed(session, 1, 2)
}

func TestASessionWithABacklogIsLiveOnlyAfterAnEmptyPage(t *testing.T) {
	s := newStage(t)
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.attach(user, 2, 0)
	if backlog := session.Got()[0].(Answer).Value.(Attached).Backlog; len(backlog) != 2 {
		t.Fatalf("the first page has %d messages", len(backlog))
	}

	s.deliver(user, 3)
	session.Ask(user, Handed{[]persistence.Head{{Conv: annBob, Seq: 2}}})
	session.Ask(user, More{1})
	s.answer([]persistence.Mark{{User: 1, Conv: annBob, Delivered: 2}}, nil)
	s.deliver(user, 4)
	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{wrote(3), wrote(4)})
	session.Want(Page{1, []*Parcel{s.env.parcel(wrote(3)), s.env.parcel(wrote(4))}})
	session.Ask(user, Handed{[]persistence.Head{{Conv: annBob, Seq: 4}}})
	session.Ask(user, More{1})
	s.answer([]persistence.Mark{{User: 1, Conv: annBob, Delivered: 4}}, nil)
	s.deliver(user, 5)
	s.w.Settle()
	session.Want()
	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{})

	s.wantPushed(session, 5)
}

func TestASessionThatMissedMoreThanIsHeldReadsOn(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Held = 1
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.attach(user, 1, 0)
	session.Got()
	session.Ask(user, More{1})
	s.w.Settle()
	s.deliver(user, 2)
	s.deliver(user, 3)

	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{})
	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{wrote(2), wrote(3)})

	session.Want(Page{1, []*Parcel{s.env.parcel(wrote(2)), s.env.parcel(wrote(3))}})
}

func TestWhatASessionMissedWhileItAttachedIsReadWhenItsLoginAckWasWritten(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Held = 1
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.answer(s.roster(), persistence.Roster{User: ann})
	s.groups.Reply(Answer{Ref: s.groups.Got()[0].(Enter).Ref})
	s.answer(s.standing(), standings{})
	s.deliver(user, 1)
	s.deliver(user, 2)

	s.users.Send(user, Answer{Ref: s.users.Got()[0].(Who).Ref, Value: map[persistence.UserID]bool{}})
	s.w.Settle()
	s.wantPushed(session)
	s.unasked() // a page now and one for the More to come would hold the same messages
	session.Ask(user, More{1})
	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{wrote(1), wrote(2)})

	session.Want(Page{1, []*Parcel{s.env.parcel(wrote(1)), s.env.parcel(wrote(2))}})
}

func TestAPageThatTheStoreDoesNotGiveIsAskedForAgain(t *testing.T) {
	s := newStage(t)
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.attach(user, 1, 0)
	session.Got()
	session.Ask(user, Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
	session.Ask(user, More{1})

	s.answer([]persistence.Mark{{User: 1, Conv: annBob, Delivered: 1}}, errStoreAway)
	s.w.Advance(retry)
	s.answer([]persistence.Mark{{User: 1, Conv: annBob, Delivered: 1}}, nil)
	s.answer(backlog{1, s.env.Limits.Page}, errStoreAway)
	s.w.Advance(retry)
	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{wrote(2)})

	session.Want(Page{1, []*Parcel{s.env.parcel(wrote(2))}})
}

func TestWhatWasHandedOutIsWrittenDownWithinTheTimeAndBeforeTheUserRests(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()

	session.Ask(user, Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
	session.Ask(user, Handed{[]persistence.Head{{Conv: annBob, Seq: 2}}})
	s.w.Advance(s.env.Limits.Marks - 1)
	s.unasked()
	s.w.Advance(1)
	session.Ask(user, Handed{[]persistence.Head{{Conv: annBob, Seq: 3}}})
	session.Ask(user, Detach{User: 1, Number: 1})
	s.answer([]persistence.Mark{{User: 1, Conv: annBob, Delivered: 2}}, errStoreAway)

	s.answer([]persistence.Mark{{User: 1, Conv: annBob, Delivered: 3}}, nil)
	s.groups.Want(Exit{1, []persistence.GroupID{7}})
	told := func(seq uint64) cluster.Hint {
		return cluster.Hint{To: []persistence.UserID{2}, From: 1, Object: fmt.Appendf(nil, `{"msgid":15,"conv":"u:1","id":1,"delivered":%d}`+"\n", seq)}
	}
	s.users.Want(told(2), Release{7, []cluster.Key{1}}, told(3))
}

func TestARestingUserOffersToStopUntilItsParentAgrees(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	session.Ask(user, Detach{User: 1, Number: 1})
	s.w.Settle()
	release := s.users.Got()[0].(Release)
	s.users.Reply(Answer{Ref: release.Ref})
	s.w.Settle()

	s.w.Advance(s.env.Limits.Idle)
	s.users.Want(idle[persistence.UserID]{1, 2})
	s.deliver(user, 1)
	s.w.Advance(s.env.Limits.Idle)

	s.users.Want(idle[persistence.UserID]{1, 3})
}

func TestLoginPolicyRejectKeepsTheEarlierSession(t *testing.T) {
	s := newStage(t)
	s.env.Login = Reject
	user, _ := s.attached()
	second := s.w.Probe("second")

	second.Ask(user, Attach{Ref: 3, User: 1, Number: 1})
	s.w.Settle()

	second.Want(Answer{Ref: 3, Err: errInUse})
}

func TestLoginPolicyReplaceEndsTheEarlierSession(t *testing.T) {
	s := newStage(t)
	s.env.Login = Replace
	user, first := s.attached()
	second := s.w.Probe("second")

	second.Ask(user, Attach{Ref: 3, User: 1, Number: 1})
	s.w.Settle()

	first.Want(Displaced{1, wire.Replaced})
}

func TestASecondSessionGetsWhatTheFirstOneSends(t *testing.T) {
	s := newStage(t)
	user, phone := s.attached()
	desk := s.w.Probe("desk")
	desk.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.w.Settle()
	s.answer(s.roster(), persistence.Roster{User: ann})
	s.groups.Reply(Answer{Ref: s.groups.Got()[0].(Enter).Ref})
	s.answer(s.standing(), standings{})
	s.users.Send(user, Answer{Ref: s.users.Got()[0].(Who).Ref, Value: map[persistence.UserID]bool{}})
	s.w.Settle()
	desk.Got()

	own := s.env.parcel(persistence.Message{Conv: annBob, Seq: 1, Sender: ann, Body: "hi"})
	own.Origin = phone.PID()
	s.users.Send(user, Deliver{1, own})
	s.w.Settle()

	desk.Want(Push{1, own})
	phone.Want(Push{1, own}) // the session knows its own and takes it as delivered
}

func TestAnAttachThatTheStoreDoesNotAnswerIsRefused(t *testing.T) {
	s := newStage(t)
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})

	s.w.Advance(s.env.Limits.Reply)

	session.Want(Answer{Ref: 1, Err: errOverdue})
}

func TestAUserThatDiesTakesItsSessionsWithIt(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	session.Watch(user)
	s.w.ExpectError("an actor panicked")
	s.w.Panic(sim.Of[Deliver]("users/1")).At(1)

	s.deliver(user, 1)
	s.w.Settle()

	session.Want(&actor.Terminated{Who: user})
}

func TestAStrangerCannotPost(t *testing.T) {
	s := newStage(t)
	user, stranger := s.user(), s.w.Probe("stranger")

	stranger.Ask(user, Post{Ref: 4, Conv: annBob, Body: "hi", CID: "c"})
	s.w.Settle()

	stranger.Want(Answer{Ref: 4, Err: errGone})
	s.unasked()
}

func TestAMemberIsSeatedAtOnceAndReadsWhatCameBefore(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	member := persistence.Membership{Member: persistence.Member{Peer: persistence.Peer{User: ann}, Since: 4, Ver: 6}}

	session.Ask(user, Change{2, join{8, 1}})
	s.answer(join{8, 1}, member)
	session.Want(Answer{Ref: 2, Value: member})
	enter := s.groups.Got()[0].(Enter)
	if want := (Seat{8, 4, 6}); enter.Seats[0] != want {
		t.Errorf("took the seats %v", enter.Seats)
	}
	s.groups.Send(user, Answer{Ref: enter.Ref})
	s.answer(read{user: 1, conv: persistence.GroupConv(8)}, persistence.Slice{Head: 5})

	s.answer(s.readOf(persistence.GroupConv(8), 4), persistence.Slice{Messages: []persistence.Message{}})
}

func TestATimerOfAnEarlierStayDoesNotStopTheReadOfAHole(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()
	s.deliver(user, 2) // behind a hole
	session.Ask(user, Detach{User: 1, Number: 1})
	session.Ask(user, Attach{Ref: 2, User: 1, Number: 2})
	s.deliver(user, 2)
	s.w.Advance(s.env.Limits.Hole) // the timer of then
	s.groups.Got()
	s.attach(user, 0, 0)

	s.answer(s.readOf(annBob, 0), persistence.Slice{Messages: []persistence.Message{wrote(1), wrote(2)}})

	s.wantPushed(session, 1, 2)
}

func TestASessionIsToldWhenTheUserDoesNotHaveIt(t *testing.T) {
	s := newStage(t)
	user, stranger := s.user(), s.w.Probe("stranger")

	stranger.Ask(user, More{4})
	s.w.Settle()

	stranger.Want(Displaced{4, wire.Crashed})
}

func TestAMessageThatAPageBroughtIsNotPushedAgain(t *testing.T) {
	s := newStage(t)
	user, _ := s.attached()
	desk := s.w.Probe("desk")
	desk.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.w.Settle()
	s.attach(user, 1, 0) // read before it is delivered
	desk.Ask(user, More{1})
	s.answer(backlog{1, s.env.Limits.Page}, []persistence.Message{})
	desk.Got()

	s.deliver(user, 1)
	s.w.Settle()

	s.wantPushed(desk)
}

func TestWhatWasHandedOutBeforeASessionAttachedIsNotPushedToIt(t *testing.T) {
	s := newStage(t)
	user, phone := s.attached()
	desk := s.w.Probe("desk")
	desk.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.w.Settle()
	s.deliver(user, 1) // a page had brought 1 and 2 before they are let through
	s.answer(s.roster(), persistence.Roster{User: ann})
	s.groups.Reply(Answer{Ref: s.groups.Got()[0].(Enter).Ref})
	s.answer(s.standing(), standings{convs: []persistence.ConvState{{Conv: annBob, Head: 2, Delivered: 2}}})
	s.users.Send(user, Answer{Ref: s.users.Got()[0].(Who).Ref, Value: map[persistence.UserID]bool{}})
	s.w.Settle()

	s.deliver(user, 2)
	s.deliver(user, 3)
	s.w.Settle()

	s.wantPushed(desk, 3)
	s.wantPushed(phone, 1, 2, 3)
}

func TestWhatWasHandedOutBeforeASessionAttachedIsNotPutBeforeItsBacklog(t *testing.T) {
	s := newStage(t)
	user, _ := s.attached()
	desk := s.w.Probe("desk")
	desk.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.w.Settle()
	s.deliver(user, 1) // let through only now, though a page brought it before
	s.answer(s.roster(), persistence.Roster{User: ann})
	s.groups.Reply(Answer{Ref: s.groups.Got()[0].(Enter).Ref})

	s.answer(s.standing(), standings{
		convs:   []persistence.ConvState{{Conv: annBob, Head: 2, Delivered: 1}},
		backlog: []persistence.Message{wrote(2)},
	})
	s.users.Send(user, Answer{Ref: s.users.Got()[0].(Who).Ref, Value: map[persistence.UserID]bool{}})
	s.w.Settle()

	if got := seqs(desk.Got()[0].(Answer).Value.(Attached).Backlog); !slices.Equal(got, []uint64{2}) {
		t.Errorf("the backlog has %v, not the 2 only", got)
	}
}

func TestWhatAnotherDeviceWasHandedMeanwhileComesBeforeThePage(t *testing.T) {
	s := newStage(t)
	s.env.Zone = time.UTC
	parcels := map[uint64]*Parcel{}
	for seq := range uint64(5) {
		parcels[seq+1] = s.env.parcel(wrote(seq + 1))
	}
	a := &attached{had: map[persistence.Conv]uint64{}, since: []*Parcel{parcels[1], parcels[2], parcels[3], parcels[5]}}

	if got := seqs(a.fold([]*Parcel{parcels[2], parcels[4]})); !slices.Equal(got, []uint64{1, 2, 3, 4}) {
		t.Errorf("the page has %v", got)
	}
	if got := seqs(a.since); !slices.Equal(got, []uint64{5}) {
		t.Errorf("%v follow", got)
	}
}

func TestAnAttachThatWasTakenBackLeavesTheNextOneOfItsSessionAlone(t *testing.T) {
	s := newStage(t)
	user, session := s.user(), s.w.Probe("session")
	session.Ask(user, Attach{Ref: 1, User: 1, Number: 1})
	s.grant()
	slow := s.asked()[0].(Query)

	session.Ask(user, Detach{User: 1, Number: 1})
	s.w.Settle()
	s.groups.Got()
	session.Ask(user, Attach{Ref: 2, User: 1, Number: 3})
	s.attach(user, 0, 0)
	s.store.Send(user, Answer{Ref: slow.Ref, Value: persistence.Roster{User: ann}})
	s.deliver(user, 1)
	s.w.Settle()

	s.wantPushed(session, 1)
}

func TestWhoJoinsAgainAfterAJoinWithoutAWordOfItIsSeated(t *testing.T) {
	s := newStage(t)
	user, session := s.attached()

	session.Ask(user, Change{2, join{8, 1}})
	s.answer(join{8, 1}, persistence.ErrExists)
	session.Want(Answer{Ref: 2, Err: persistence.ErrExists})
	s.answer(selfOf{1, s.w.Now()}, errStoreAway)
	s.w.Advance(retry)
	s.answer(selfOf{1, s.w.Now()}, self{roster: persistence.Roster{User: ann, Groups: []persistence.Membership{
		{Group: persistence.Group{ID: 7}}, {Group: persistence.Group{ID: 8}, Member: persistence.Member{Since: 4, Ver: 6}},
	}}})

	enter := s.groups.Got()[0].(Enter)
	if want := (Seat{8, 4, 6}); enter.Seats[0] != want {
		t.Errorf("took the seats %v", enter.Seats)
	}
	s.groups.Send(user, Answer{Ref: enter.Ref})
	s.answer(read{user: 1, conv: persistence.GroupConv(8)}, errStoreAway)
	s.w.Advance(retry)
	s.answer(read{user: 1, conv: persistence.GroupConv(8)}, persistence.Slice{Head: 4})
}
