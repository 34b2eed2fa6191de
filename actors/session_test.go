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

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// session is a session with a client, whose user is the probe home.
func (s *stage) session() (c *client, home *sim.Probe) {
	s.env.Zone = time.UTC
	s.env.Classic = Classic{MaxObject: 1023}
	cids := 0
	s.env.NewID = func() string { cids++; return fmt.Sprintf("c%d", cids) }
	c = &client{t: s.t, w: s.w}
	sessions := s.w.Probe("sessions", actor.WithSupervisor(retire(s.env)))
	from := Connected{c, netip.MustParseAddr("192.0.2.1")}
	sessions.Spawn("1", s.env.props(func() actor.Actor { return NewSession(s.env, s.at, from) }, nil))
	s.w.Settle()
	return c, s.w.Probe("home", actor.WithGuardian(retire(s.env)))
}

// admit plays the parts of a login of ann that succeeds.
func (s *stage) admit(c *client, home *sim.Probe, backlog ...*Parcel) {
	c.send(login(1))
	check := s.accounts.Got()[0].(CheckPassword)
	s.accounts.Reply(Answer{Ref: check.Ref, Value: Checked{Redeemed: persistence.Redeemed{User: ann}}})
	s.w.Settle()
	attach := s.users.Got()[0].(Attach)
	home.Send(c.session, Answer{Ref: attach.Ref, Value: Attached{Home: home.PID(), Roster: persistence.Roster{User: ann}, Backlog: backlog}})
	s.w.Settle()
}

// member is a session of ann's.
func (s *stage) member() (c *client, home *sim.Probe) {
	c, home = s.session()
	s.admit(c, home)
	c.want("LOGIN_ACK ann")
	home.Want(More{1})
	return c, home
}

func TestNobodyIsServedBeforeLogin(t *testing.T) {
	s := newStage(t)
	c, _ := s.session()

	c.send(chat(2, "hi"), groupChat(7, "hi"), `{"msgid":3}`, `{"msgid":7,"friendid":2}`, `{"msgid":8,"groupname":"g","groupdesc":""}`, `{"msgid":9,"groupid":7}`)

	for _, object := range c.briefly() {
		if object != "ACK 102 log in first" {
			t.Errorf("answered %s", object)
		}
	}
	if c.credit != 6 {
		t.Errorf("%d credits came back of 6", c.credit)
	}
}

func TestWhatComesBehindALoginIsServedAfterIt(t *testing.T) {
	s := newStage(t)
	c, home := s.session()

	c.send(login(1), chat(2, "early"))
	s.accounts.Reply(Answer{Ref: s.accounts.Got()[0].(CheckPassword).Ref, Value: Checked{Redeemed: persistence.Redeemed{User: ann}}})
	s.w.Settle()
	home.Want()
	home.Send(c.session, Answer{Ref: s.users.Got()[0].(Attach).Ref, Value: Attached{Home: home.PID(), Roster: persistence.Roster{User: ann}}})
	s.w.Settle()

	home.Want(Post{3, annBob, "early", "c1"}, More{1})
}

func TestWhatIsWrongWaitsForItsTurnToo(t *testing.T) {
	s := newStage(t)
	c, _ := s.session()

	c.send(`{"msgid":4,"name":"ann","password":"secret"}`, `{"msgid":4,"name":"bob","password":"short"}`, `{"msgid":}`, `{"msgid":99}`)
	s.w.System().Root.Send(c.session, HungUp{&wire.Fault{Errno: wire.Malformed, Text: "too deep", Close: wire.BadFrame}})
	s.w.Settle()
	c.want()
	s.accounts.Reply(Answer{Ref: s.accounts.Got()[0].(OpenAccount).Ref, Value: persistence.UserID(1)})
	s.w.Settle()

	got := c.got()
	if len(got) != 4 || got[0] != `{"msgid":5,"errno":0,"id":1}` || !strings.HasPrefix(got[1], `{"msgid":5,"errno":103`) ||
		!strings.HasPrefix(got[2], `{"msgid":11,"errno":100`) || got[3] != `{"msgid":11,"errno":100,"errmsg":"too deep"}` {
		t.Errorf("answered %q", got)
	}
}

func TestARefusedLoginIsToldInLoginAckAndMayBeTriedAgain(t *testing.T) {
	s := newStage(t)
	c, home := s.session()

	c.send(login(1), chat(2, "early"))
	s.accounts.Reply(Answer{Ref: s.accounts.Got()[0].(CheckPassword).Ref, Err: errDenied})
	s.w.Settle()
	c.want("LOGIN_ACK 1 id or password is invalid!", "ACK 102 log in first")

	s.admit(c, home)
	c.want("LOGIN_ACK ann")
}

func TestALoginThatTookTooLongIsTakenBack(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.send(login(1))
	s.accounts.Reply(Answer{Ref: s.accounts.Got()[0].(CheckPassword).Ref, Value: Checked{Redeemed: persistence.Redeemed{User: ann}}})
	s.w.Settle()
	attach := s.users.Got()[0].(Attach)
	s.w.Advance(s.env.Limits.Reply)
	c.want("LOGIN_ACK 110 the server cannot tell whether this was done, try again in a moment")

	home.Send(c.session, Answer{Ref: attach.Ref, Value: Attached{Home: home.PID(), Roster: persistence.Roster{User: ann}}})
	home.Send(c.session, Push{attach.Number, s.env.parcel(wrote(1))})
	s.w.Settle()

	c.want()
	s.users.Want(Detach{User: 1, Number: attach.Number})
}

func TestASecondLoginOnASessionIsRefused(t *testing.T) {
	s := newStage(t)
	c, _ := s.member()

	c.send(login(2))

	c.want("LOGIN_ACK 105 you are logged in already, log out first")
}

func TestRequestsInAnothersNameAreRefusedWithoutEffect(t *testing.T) {
	s := newStage(t)
	c, home := s.member()

	for _, object := range []string{
		`{"msgid":3,"id":2}`, `{"msgid":6,"id":2,"toid":3,"msg":"x"}`, `{"msgid":7,"id":2,"friendid":3}`,
		`{"msgid":8,"id":2,"groupname":"g","groupdesc":""}`, `{"msgid":9,"id":2,"groupid":7}`, `{"msgid":10,"id":2,"groupid":7,"msg":"x"}`,
	} {
		c.send(object)
		c.want("ACK 112 you are user 1, send that id or none")
	}
	home.Want()
}

func TestEachRequestGoesToTheUser(t *testing.T) {
	s := newStage(t)
	c, home := s.member()

	c.send(chat(2, "hi"), groupChat(7, "all"), `{"msgid":7,"friendid":2}`)
	home.Want(Post{3, annBob, "hi", "c1"}, Post{4, persistence.GroupConv(7), "all", "c2"}, Change{5, befriend{1, 2}})
	home.Send(c.session, Answer{Ref: 5, Value: persistence.Peer{User: bob}})
	c.send(`{"msgid":8,"groupname":"Chess","groupdesc":"d"}`)
	home.Want(Change{6, found{1, "Chess", "d", []byte("chess")}})
	home.Send(c.session, Answer{Ref: 6, Value: persistence.GroupID(7)})
	c.send(`{"msgid":9,"groupid":7}`)
	home.Want(Change{7, join{7, 1}})
	c.want()
}

func TestWhatComesBehindAJoinWaitsForIt(t *testing.T) {
	s := newStage(t)
	c, home := s.member()

	c.send(`{"msgid":9,"groupid":7}`, groupChat(7, "hello"))
	home.Want(Change{3, join{7, 1}})
	home.Send(c.session, Answer{Ref: 3, Value: persistence.Membership{}})
	s.w.Settle()

	home.Want(Post{4, persistence.GroupConv(7), "hello", "c1"})
}

func TestAUserThatDoesNotAnswerMakesTheRequestUnavailable(t *testing.T) {
	s := newStage(t)
	c, _ := s.member()
	c.send(chat(2, "hi"))

	s.w.Advance(s.env.Limits.Reply)

	c.want("ACK 110 the server cannot tell whether this was done, try again in a moment")
}

func TestNobodyIsTheirOwnFriend(t *testing.T) {
	s := newStage(t)
	c, home := s.member()

	c.send(`{"msgid":7,"friendid":1}`)

	c.want("ACK 103 friendid: you cannot be on your own list")
	home.Want()
}

func TestBrokenObjectsAreAnsweredAndEndTheConnection(t *testing.T) {
	for _, object := range []string{`{"msgid":}`, "{\"msgid\":6,\"msg\":\"\xff\"}"} {
		s := newStage(t)
		c, home := s.member()

		c.send(chat(2, "before"), object, chat(2, "after"))
		post := home.Got()[0].(Post)
		if c.closed != "" {
			t.Errorf("closed before the earlier request was answered")
		}
		home.Send(c.session, Answer{Ref: post.Ref, Err: persistence.ErrNotFound})
		s.w.Settle()

		if got := c.briefly(); len(got) != 2 || got[1] != "ACK 104 there is no user 2" {
			t.Errorf("answered %q", got)
		}
		if c.closed != wire.BadFrame {
			t.Errorf("closed with %q", c.closed)
		}
		s.users.Want(Detach{User: 1, Number: 1})
	}
}

func TestAFieldAtFaultLeavesTheConnectionAlone(t *testing.T) {
	tests := map[string]string{
		`{"msgid":99}`:                              "ACK 101",
		`{"msgid":6,"toid":"2","msg":"x"}`:          "ACK 100",
		`{"msgid":6,"toid":2}`:                      "ACK 103",
		`{"msgid":6,"toid":2.5,"msg":"x"}`:          "ACK 103",
		`{"msgid":6,"msgid":6}`:                     "ACK 100",
		`{"msgid":1,"v":3,"id":1,"password":"x"}`:   "LOGIN_ACK 111",
		`{"msgid":8,"groupname":"","groupdesc":""}`: "ACK 103",
	}
	for object, want := range tests {
		s := newStage(t)
		c, _ := s.session()
		if want == "ACK 103" {
			s.admit(c, s.w.Probe("other"))
			c.got()
		}

		c.send(object)

		if got := c.briefly(); len(got) != 1 || got[0][:len(want)] != want || c.closed != "" {
			t.Errorf("%s was answered %q and closed %q", object, got, c.closed)
		}
	}
}

func TestFramingFaultsOfTheConnectionEndIt(t *testing.T) {
	for _, fault := range []*wire.Fault{
		{Errno: wire.Malformed, Text: "too deep", Close: wire.BadFrame},
		{Errno: wire.TooLarge, Text: "too long", Close: wire.FrameTooBig},
	} {
		s := newStage(t)
		c, _ := s.session()

		s.w.System().Root.Send(c.session, HungUp{fault})
		s.w.Settle()

		c.want(fmt.Sprintf("ACK %d %s", fault.Errno, fault.Text))
		if c.closed != fault.Close {
			t.Errorf("closed with %q", c.closed)
		}
	}
}

func TestAClientThatHangsUpGetsItsAnswersFirst(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.send(chat(2, "hi"))
	post := home.Got()[0].(Post)

	c.hangUp()
	if c.closed != "" {
		t.Fatalf("closed with %q", c.closed)
	}
	home.Send(c.session, Answer{Ref: post.Ref, Err: persistence.ErrForbidden})
	s.w.Settle()

	c.want("ACK 106 user 2 does not take messages from you")
	s.users.Want(Detach{Ref: 4, User: 1, Number: 1})
	if c.closed != "" {
		t.Errorf("closed with %q before what it was handed is written down", c.closed)
	}
	s.users.Reply(Answer{Ref: 4})
	s.w.Settle()
	if c.closed != wire.ClientLeft {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestWhatIsWrittenAfterTheEndWasDelivered(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.stalled = true
	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	s.w.Settle()

	s.w.System().Root.Send(c.session, Drain{})
	s.w.Settle()
	s.users.Want(Detach{User: 1, Number: 1})
	c.flush()
	s.w.Settle()

	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
	if got := s.w.Actors(); slices.Contains(got, "sessions/1") {
		t.Errorf("alive are %q", got)
	}
}

func TestWhoLeavesIsHungUpOnWhenWhatItWasHandedIsWrittenDown(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.stalled = true
	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	s.w.Settle()

	c.hangUp()
	s.users.Want()
	c.flush()
	s.w.Settle()
	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
	s.users.Want(Detach{Ref: 3, User: 1, Number: 1})
	if c.closed != "" {
		t.Errorf("closed with %q before", c.closed)
	}
	s.users.Reply(Answer{Ref: 3})
	s.w.Settle()

	if c.closed != wire.ClientLeft {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestABrokenConnectionEndsItsSession(t *testing.T) {
	s := newStage(t)
	c, _ := s.member()

	s.w.System().Root.Send(c.session, HungUp{errors.New("reset")})
	s.w.Settle()

	s.users.Want(Detach{User: 1, Number: 1})
	if c.closed != wire.ReadFailed {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestPushesOfAFormerLoginAreNeverSeen(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.send(`{"msgid":3,"id":1}`)

	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	home.Send(c.session, Page{1, []*Parcel{s.env.parcel(wrote(1))}})
	home.Send(c.session, Displaced{1, wire.Replaced})
	s.w.Settle()

	c.want()
	s.users.Want(Detach{User: 1, Number: 2, Logout: true})
}

func TestADeliveryIsToldWhenTheSocketTookIt(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.stalled = true

	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	home.Send(c.session, Push{1, s.env.parcel(wrote(2))})
	s.w.Settle()
	home.Want()
	c.flush()
	s.w.Settle()

	c.want("bob>1: hi", "bob>1: hi")
	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}, {Conv: annBob, Seq: 2}}})
}

func TestOnesOwnMessageIsDeliveredWithoutAnObject(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	own := s.env.parcel(persistence.Message{Conv: annBob, Seq: 1, Sender: ann, Body: "hi"})
	own.Origin = c.session

	home.Send(c.session, Push{1, own})
	s.w.Settle()

	c.want()
	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
}

func TestANoteToOneselfIsPushed(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	note := s.env.parcel(persistence.Message{Conv: persistence.Direct(1, 1), Seq: 1, Sender: ann, Body: "milk"})
	note.Origin = c.session

	home.Send(c.session, Push{1, note})
	s.w.Settle()

	c.want("ann>1: milk")
}

func TestMoreOfABacklogIsAskedForWhenAPageWasWritten(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.stalled = true
	s.admit(c, home, s.env.parcel(wrote(1)))
	home.Want()
	c.flush()
	s.w.Settle()
	c.want("LOGIN_ACK ann [bob>1: hi]")
	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}}, More{1})

	home.Send(c.session, Page{1, []*Parcel{s.env.parcel(wrote(2)), s.env.parcel(wrote(3))}})
	s.w.Settle()
	c.send(`{"msgid":99}`)
	home.Want()
	c.flush()
	s.w.Settle()

	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 2}, {Conv: annBob, Seq: 3}}}, More{1})
}

func TestARefusalBehindAPageDoesNotKeepTheNextOneAway(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.stalled = true
	s.admit(c, home, s.env.parcel(wrote(1)))
	c.send(`{"msgid":99}`)

	for range 2 { // the socket takes one object after the other
		s.w.System().Root.Send(c.session, Written{1})
		s.w.Settle()
	}

	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}}, More{Number: 1})
}

func TestALogoutWhileAPageIsWrittenAsksForNoMore(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.stalled = true
	s.admit(c, home, s.env.parcel(wrote(1)))

	c.send(`{"msgid":3}`)
	c.flush()
	s.w.Settle()

	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
	s.users.Want(Detach{User: 1, Number: 2, Logout: true})
}

func TestALoginAckLeavesRoomForThePageBehindItWhereObjectsAreNotLimited(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	s.env.Classic.MaxObject, s.env.Limits.Outbound = 0, 2000
	var backlog []*Parcel
	for seq := range uint64(8) { // about 1,000 bytes, in a LOGIN_ACK more
		backlog = append(backlog, s.env.parcel(wrote(seq+1)))
	}

	s.admit(c, home, backlog...)

	if ack := c.objects[0]; len(ack) > 1000 {
		t.Errorf("LOGIN_ACK has %d bytes of the 2000 that may be queued", len(ack))
	}
	if got := strings.Count(strings.Join(c.got(), ""), "time"); got != len(backlog) {
		t.Errorf("%d messages came", got)
	}
}

func TestASessionWhoseUserDiedEnds(t *testing.T) {
	s := newStage(t)
	c, home := s.member()

	s.w.System().Root.Stop(home.PID())
	s.w.Settle()

	if c.closed != wire.Crashed {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestASessionThatPanicsClosesItsConnectionOnly(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	s.w.ExpectError("an actor panicked")
	s.w.Panic(sim.Of[Push]("sessions/1")).At(1)

	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	s.w.Settle()

	if c.closed != wire.Crashed {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestALaterLoginElsewhereEndsTheSession(t *testing.T) {
	s := newStage(t)
	c, home := s.member()

	home.Send(c.session, Displaced{1, wire.Replaced})
	s.w.Settle()

	if c.closed != wire.Replaced {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestAnAnswerAfterTheEndServesNothingThatWaitedForIt(t *testing.T) {
	ends := map[wire.Reason]func(s *stage, c *client, home *sim.Probe){
		wire.Replaced: func(s *stage, c *client, home *sim.Probe) { home.Send(c.session, Displaced{1, wire.Replaced}) },
		wire.Crashed:  func(s *stage, _ *client, home *sim.Probe) { s.w.System().Root.Stop(home.PID()) },
	}
	for reason, end := range ends {
		s := newStage(t)
		c, home := s.member()
		c.stalled = true
		home.Send(c.session, Push{1, s.env.parcel(wrote(1))}) // keeps the connection from having closed at once
		c.send(`{"msgid":9,"groupid":7}`, chat(2, "early"))
		join := home.Got()[0].(Change)

		end(s, c, home)
		s.w.Settle()
		s.accounts.Send(c.session, Answer{Ref: join.Ref, Value: persistence.Membership{}})
		s.w.Settle()

		if c.closed != reason {
			t.Errorf("closed with %q, not %q", c.closed, reason)
		}
	}
}

func TestASessionReplacedWhileItLogsInDoesNotLogInAgain(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.stalled = true
	c.send(`{"msgid":99}`) // waits for the socket, so that the connection does not close at once
	c.send(login(1), login(1))
	s.accounts.Reply(Answer{Ref: s.accounts.Got()[0].(CheckPassword).Ref, Value: Checked{Redeemed: persistence.Redeemed{User: ann}}})
	s.w.Settle()
	attach := s.users.Got()[0].(Attach)

	home.Send(c.session, Displaced{1, wire.Replaced})
	home.Send(c.session, Answer{Ref: attach.Ref, Err: errGone})
	s.w.Settle()

	s.accounts.Want()
	if c.closed != wire.Replaced {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestDrainingAnswersWhatWasAskedAndNothingMore(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.send(chat(2, "hi"))
	post := home.Got()[0].(Post)

	s.w.System().Root.Send(c.session, Drain{})
	c.send(chat(2, "late"))
	home.Want()
	home.Send(c.session, Answer{Ref: post.Ref, Value: persistence.Outcome{}})
	s.w.Settle()

	s.users.Want(Detach{User: 1, Number: 1})
	if c.closed != wire.Draining {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestRequestsBeyondTheRateAreRefused(t *testing.T) {
	s := newStage(t)
	s.env.Limits.Rate = 2
	c, home := s.member()

	c.send(chat(2, "one"), chat(2, "two"), chat(2, "three"))

	home.Want(Post{3, annBob, "one", "c1"}, Post{4, annBob, "two", "c2"})
	c.want("ACK 109 you send faster than this server allows, try again in a moment")
	s.w.Advance(time.Second)
	c.send(chat(2, "four"))
	home.Want(Post{5, annBob, "four", "c3"})
}

func TestALogoutWaitsUntilAllIsWrittenSoThatNothingComesTwice(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.stalled = true
	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	s.w.Settle()

	c.send(`{"msgid":3}`, login(1))
	s.users.Want()
	s.accounts.Want()
	c.flush()
	s.w.Settle()

	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}})
	s.users.Want(Detach{User: 1, Number: 2, Logout: true})
	if got := s.accounts.Got(); len(got) != 1 {
		t.Errorf("accounts got %+v", got)
	}
}

func TestMoreIsAskedForWhenAnAnswerWasWrittenBehindThePage(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.stalled = true
	s.admit(c, home, s.env.parcel(wrote(1)))
	c.send(`{"msgid":99}`)

	for range 2 {
		c.drip()
	}
	s.w.Settle()

	home.Want(Handed{[]persistence.Head{{Conv: annBob, Seq: 1}}}, More{1})
}

func TestWhatWaitsBehindARequestDiesWithTheSession(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	c.send(`{"msgid":7,"friendid":2}`, chat(2, "behind"))
	ref := home.Got()[0].(Change).Ref

	c.stalled = true
	home.Send(c.session, Push{1, s.env.parcel(wrote(1))}) // so that Closed is not told yet
	home.Send(c.session, Displaced{1, wire.Crashed})
	home.Send(c.session, Answer{Ref: ref, Value: persistence.Peer{User: bob}})
	s.w.Settle()

	home.Want()
	if c.closed != wire.Crashed {
		t.Errorf("closed with %q", c.closed)
	}
}

func TestAnAttachThatComesTooLateIsTakenBack(t *testing.T) {
	s := newStage(t)
	c, home := s.session()
	c.send(login(1))
	s.accounts.Reply(Answer{Ref: s.accounts.Got()[0].(CheckPassword).Ref, Value: Checked{Redeemed: persistence.Redeemed{User: ann}}})
	s.w.Settle()
	attach := s.users.Got()[0].(Attach)

	s.w.Advance(s.env.Limits.Reply)
	c.want("LOGIN_ACK 110 the server cannot tell whether this was done, try again in a moment")
	s.users.Want(Detach{User: 1, Number: 1})
	home.Send(c.session, Answer{Ref: attach.Ref, Value: Attached{Home: home.PID(), Roster: persistence.Roster{User: ann}}})
	home.Send(c.session, Push{1, s.env.parcel(wrote(1))})
	s.w.Settle()

	c.want()
}

func TestWhatTheFormerUserWroteIsNotOnesOwn(t *testing.T) {
	s := newStage(t)
	c, home := s.member()
	fromBob := s.env.parcel(wrote(1))
	fromBob.Origin = c.session // bob was logged in here

	home.Send(c.session, Push{1, fromBob})
	s.w.Settle()

	c.want("bob>1: hi")
}
