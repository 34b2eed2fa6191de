package actors

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

func TestTwoPeopleTalk(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.login(1), n.login(2)

	ann.send(chat(2, "hi"))
	bob.send(chat(1, "hi yourself"))

	bob.want("ann>2: hi")
	ann.want("bob>1: hi yourself")
}

func TestMessagesWaitForWhoIsAway(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	ann, eve := n.login(1), n.login(3)
	ann.send(chat(2, "one"))
	n.w.Advance(time.Millisecond)
	eve.send(chat(2, "two"))
	n.w.Advance(time.Millisecond)
	ann.send(chat(2, "three"))

	bob := n.dial().send(login(2))
	bob.want("LOGIN_ACK bob [ann>2: one] [eve>2: two] [ann>2: three]")
	bob.send(`{"msgid":3,"id":2}`, login(2))

	bob.want("LOGIN_ACK bob")
}

func TestWhatOneWroteOneselfDoesNotComeBack(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann := n.login(1)
	ann.send(chat(2, "one"))

	ann.send(`{"msgid":3}`, login(1))

	ann.want("LOGIN_ACK ann")
}

func TestANoteToOneselfWaitsLikeAnyMessage(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	ann := n.login(1)
	ann.send(chat(1, "milk"), `{"msgid":3}`) // gone before the push

	ann.send(login(1))
	ann.want("LOGIN_ACK ann [ann>1: milk]")
	ann.send(`{"msgid":3}`, login(1))

	ann.want("LOGIN_ACK ann")
}

func TestAGroupOfThree(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	ann, bob, eve := n.login(1), n.login(2), n.login(3)

	ann.send(`{"msgid":8,"id":1,"groupname":"chess","groupdesc":"we play"}`)
	ann.send(groupChat(1, "nobody here"))
	bob.send(`{"msgid":9,"id":2,"groupid":1}`)
	eve.send(groupChat(1, "let me in"))
	eve.want("ACK 106 you are not in group 1, join it first")
	eve.send(`{"msgid":9,"id":3,"groupid":1}`)
	ann.send(groupChat(1, "hi all"))
	bob.send(groupChat(1, "hi ann"))

	ann.want("bob>g1: hi ann")
	bob.want("ann>g1: hi all")
	eve.want("ann>g1: hi all", "bob>g1: hi ann")
}

func TestLoginShowsFriendsAndGroupsWithTheirState(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	ann := n.login(1)
	n.login(2)
	ann.send(`{"msgid":7,"friendid":2}`, `{"msgid":7,"friendid":3}`) // served one after the other
	n.group("chess", 2, 1, 3)

	ann.send(`{"msgid":3}`, login(1))

	_, got, err := wire.DecodeReply([]byte(ann.got()[0]), wire.Classic)
	ack, ok := got.(wire.LoginAck)
	if err != nil || !ok {
		t.Fatalf("%v %v", got, err)
	}
	if want := "[{2 bob true } {3 eve false }]"; fmt.Sprint(ack.Friends) != want {
		t.Errorf("friends %v, not %v", ack.Friends, want)
	}
	if want := "[{1 chess  [{1 ann true normal} {2 bob true creator} {3 eve false normal}]}]"; fmt.Sprint(ack.Groups) != want {
		t.Errorf("groups %v, not %v", ack.Groups, want)
	}
}

func TestAMemberReadsWhatCameAfterItJoinedAndNothingFromBefore(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	group := n.group("chess", 1)
	ann := n.login(1)
	ann.send(groupChat(int(group), "before"))
	n.group("other", 2)
	bob := n.login(2)
	bob.send(`{"msgid":9,"groupid":1}`, `{"msgid":3}`)
	ann.send(groupChat(int(group), "after"))

	bob.send(login(2))

	bob.want("LOGIN_ACK bob [ann>g1: after]")
}

func TestEverySessionOfAUserGetsEveryMessage(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	phone, desk, bob := n.login(1), n.login(1), n.login(2)

	bob.send(chat(1, "hi"))
	phone.send(chat(2, "from the phone"), chat(1, "a note"))

	phone.want("bob>1: hi", "ann>1: a note")
	desk.want("bob>1: hi", "ann>2: from the phone", "ann>1: a note")
	bob.want("ann>2: from the phone")
}

func TestABacklogLongerThanAPageArrivesWholeAndInOrder(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		n := newNode(t, w, func(e *Env) { e.Limits.Page, e.Limits.Held = 8, 3 })
		n.register("ann", "bob")
		ann := n.login(1)
		var want []string
		for i := range 50 {
			ann.send(chat(2, fmt.Sprint(i)))
			want = append(want, fmt.Sprintf("ann>2: %d", i))
			w.Advance(time.Millisecond)
		}

		bob := n.dial()
		n.w.System().Root.Send(bob.session, Frame{[]byte(login(2))})
		for i := range 50 { // while bob catches up
			n.w.System().Root.Send(ann.session, Frame{[]byte(chat(2, fmt.Sprint(50+i)))})
			want = append(want, fmt.Sprintf("ann>2: %d", 50+i))
			for range w.Rand().IntN(20) {
				w.Step()
			}
		}
		w.Advance(10 * time.Millisecond)

		got := bob.briefly()
		first := strings.Split(strings.TrimSuffix(strings.TrimPrefix(got[0], "LOGIN_ACK bob ["), "]"), "] [")
		if all := append(first, got[1:]...); !slices.Equal(all, want) {
			t.Fatalf("bob got %q", all)
		}
	})
}

func TestRegisteringFindsBadAndTakenNames(t *testing.T) {
	n := newNode(t, sim.New(t))
	c := n.dial()
	reg := func(name, password string) string {
		return fmt.Sprintf(`{"msgid":4,"name":%q,"password":%q}`, name, password)
	}

	c.send(reg("ann", "secret"))
	c.want(`{"msgid":5,"errno":0,"id":1}`)
	for _, name := range []string{"Ann", "", "a b", strings.Repeat("x", 33)} {
		c.send(reg(name, "secret"))
		if got := c.got(); len(got) != 1 || !strings.HasPrefix(got[0], `{"msgid":5,"errno":1,`) {
			t.Errorf("%q was answered %q", name, got)
		}
	}
	c.send(reg("bob", "short"))
	if got := c.got(); !strings.HasPrefix(got[0], `{"msgid":5,"errno":103,`) {
		t.Errorf("a short password was answered %q", got)
	}
	c.send(login(1))
	c.want("LOGIN_ACK ann")
}

func TestAWrongIDAndAWrongPasswordLookTheSame(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	c := n.dial()

	c.send(login(9), `{"msgid":1,"id":1,"password":"wrong"}`)

	c.want("LOGIN_ACK 1 id or password is invalid!", "LOGIN_ACK 1 id or password is invalid!")
}

func TestAnAddressMayFailSoOftenAMinute(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.PerAddress = 2 })
	n.register("ann")
	eve, ann := n.dial(), n.dial()
	wrong := `{"msgid":1,"id":1,"password":"wrong"}`
	eve.send(wrong).send(wrong)
	eve.got()

	eve.send(login(1))
	eve.want("LOGIN_ACK 109 too much at once, try again in a moment")
	ann.send(login(1))
	ann.want("LOGIN_ACK ann")
	n.w.Advance(time.Minute)
	eve.send(login(1))

	eve.want("LOGIN_ACK ann")
}

func TestFailuresCountForAWholeIPv6Network(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.PerAddress = 1 })
	n.register("ann")
	eve := n.dialFrom(netip.MustParseAddr("2001:db8::1")).send(`{"msgid":1,"id":1,"password":"wrong"}`)
	eve.got()

	again, ann := n.dialFrom(netip.MustParseAddr("2001:db8::2")), n.dialFrom(netip.MustParseAddr("2001:db8:0:1::1"))
	again.send(login(1))
	ann.send(login(1))

	again.want("LOGIN_ACK 109 too much at once, try again in a moment")
	ann.want("LOGIN_ACK ann")
}

func TestMoreLoginsThanMayWaitAreToldToComeBack(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.Logins, e.Limits.Hashes = 1, 1 })
	n.register("ann")
	n.w.DelayJobs("root/accounts", time.Second)
	var clients []*client
	for range 3 {
		clients = append(clients, n.dial().send(login(1)))
	}

	n.w.Advance(3 * time.Second)

	clients[0].want("LOGIN_ACK ann")
	clients[1].want("LOGIN_ACK ann")
	clients[2].want("LOGIN_ACK 109 too much at once, try again in a moment")
}

func TestAMessageIsStoredBeforeItsReceiverSeesIt(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 50, func(t *testing.T, w *sim.World) {
		n := newNode(t, w)
		n.register("ann", "bob")
		ann, bob := n.login(1), n.login(2)
		for i := range 10 {
			n.w.System().Root.Send(ann.session, Frame{[]byte(chat(2, fmt.Sprint(i)))})
		}
		for w.Step() {
			head := must[uint64](t)(n.env.Store.Head(context.Background(), annBob))
			if seen := len(bob.objects); uint64(seen) > head {
				t.Fatalf("bob saw %d messages, %d were stored", seen, head)
			}
		}
	})
}

func TestAUserAndItsParentForgetEachOtherWhenNobodyIsHere(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 1, 2)
	ann := n.login(1)
	n.w.Advance(time.Second)
	ann.hangUp()

	n.w.Advance(n.env.Limits.Idle + time.Second)

	want := []string{"root", "root/accounts", "root/groups", "root/presence", "root/router", "root/sessions", "root/store", "root/store/0", "root/users"}
	if got := n.w.Actors(); !slices.Equal(got, want) {
		t.Errorf("alive are %q", got)
	}
	if n.meter.online != 0 || n.meter.sessions != 0 {
		t.Errorf("counted %+v", n.meter)
	}
}

func TestTheGroupsOfAUserThatDiedForgetIt(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	n.group("chess", 1)
	n.login(1)
	n.w.ExpectError("an actor panicked")
	n.w.Panic(sim.To("root/users/1")).At(1)

	n.w.System().Root.Send(n.w.System().NewLocalPID("root/users/1"), Headed{})
	n.w.Advance(2 * n.env.Limits.Idle)

	if got := n.w.Actors(); slices.Contains(got, "root/groups/1") {
		t.Errorf("alive are %q", got)
	}
}

func TestALoginWhileTheUserStopsFindsANewOne(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 50, func(t *testing.T, w *sim.World) {
		n := newNode(t, w)
		n.register("ann", "bob")
		n.group("chess", 1, 2)
		n.login(1).hangUp()
		bob := n.login(2)
		w.Advance(n.env.Limits.Idle - time.Duration(w.Rand().IntN(2)))

		ann := n.dial().send(login(1))
		bob.send(chat(1, "hi"), groupChat(1, "all"))

		ann.want("LOGIN_ACK ann", "bob>1: hi", "bob>g1: all")
	})
}

func TestDrainingEndsEverythingAndWritesMarksDown(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		n := newNode(t, w)
		n.register("ann", "bob")
		ann, bob := n.login(1), n.login(2)
		ann.send(chat(2, "hi"))
		asker := w.Probe("main")

		asker.Ask(n.root, Drain{})
		w.Settle()

		asker.Want(Drained{})
		if ann.closed != wire.Draining || bob.closed != wire.Draining {
			t.Errorf("closed with %q and %q", ann.closed, bob.closed)
		}
		left := must[[]persistence.Message](t)(n.env.Store.Backlog(context.Background(), 2, 10))
		if len(left) != 0 {
			t.Errorf("bob would get %v again", left)
		}
		late := n.dial()
		if late.closed != wire.Draining {
			t.Errorf("a late connection was closed with %q", late.closed)
		}
	})
}

func TestDrainingAsksNoGroupAboutUsersThatHaveLeft(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 1, 2)
	n.login(1)
	n.login(2)

	n.w.Probe("main").Ask(n.root, Drain{})
	n.w.Settle()

	if trace := n.w.Trace(); strings.Contains(trace, "actors.Gone") {
		t.Errorf("each user that ended was looked for in every group:\n%s", trace)
	}
}

func TestAPanicHarmsNobodyElse(t *testing.T) {
	// What ann sends to bob crosses these actors; eve and dan talk beside them.
	places := map[string]sim.Match{
		"a session": sim.Of[Frame]("root/sessions/1"),
		"a user":    sim.Of[Post]("root/users/1"),
		"receiver":  sim.Of[Deliver]("root/users/2"),
		"a group":   sim.Of[Fanout]("root/groups/1"),
		"a store":   sim.Of[committed]("root/store/0"),
		"appending": sim.Of[Append]("root/store/0"),
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
				n := newNode(t, w)
				n.register("ann", "bob", "eve", "dan")
				n.group("chess", 1, 2, 3)
				ann, bob, eve, dan := n.login(1), n.login(2), n.login(3), n.login(4)
				w.ExpectError("an actor panicked")
				w.Panic(place).At(1)

				ann.send(chat(2, "boom"))
				ann.send(groupChat(1, "boom all"))
				w.Advance(n.env.Limits.Reply + time.Second)
				eve.send(chat(4, "hi dan"))
				dan.send(chat(3, "hi eve"))
				for i, c := range []*client{ann, bob} {
					if c.closed != "" { // the client reconnects
						n.dial().send(login(i + 1))
					}
				}

				if got := eve.briefly(); !slices.Contains(got, "dan>3: hi eve") {
					t.Errorf("eve got %q", got)
				}
				dan.want("eve>4: hi dan")
				if eve.closed != "" || dan.closed != "" {
					t.Errorf("neighbours were closed with %q and %q", eve.closed, dan.closed)
				}
				n.wantAllDelivered(bob, eve)
			})
		})
	}
}

// wantAllDelivered fails the test unless everybody was handed all that is stored for them,
// by these clients or a later one.
func (n *node) wantAllDelivered(clients ...*client) {
	n.t.Helper()
	n.w.Advance(5 * time.Second)
	for id := range persistence.UserID(4) {
		left := must[[]persistence.Message](n.t)(n.env.Store.Backlog(context.Background(), id+1, 100))
		if len(left) > 0 {
			n.t.Errorf("user %d was not handed %v", id+1, left)
		}
	}
}

func TestWhatTheStoreCannotTellIsUnavailable(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.login(1), n.login(2)
	n.w.ExpectError("a batch was not stored")
	away := n.w.FailJobs("root/store/0")

	ann.send(chat(2, "lost"))
	ann.want("ACK 110 the server cannot tell whether this was done, try again in a moment")
	away.Heal()
	ann.send(chat(2, "found"))

	bob.want("ann>2: found")
}

func TestWhatWasStoredWithoutAWordOfItIsHandedOnLater(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Store = silent{e.Store} })
	n.register("ann", "bob")
	ann, bob := n.login(1), n.login(2)
	n.w.ExpectError("a batch was not stored")

	ann.send(chat(2, "silent"))
	ann.want("ACK 110 the server cannot tell whether this was done, try again in a moment")
	n.w.Advance(retry)

	bob.want("ann>2: silent")
}

// silent is a store that loses the outcome of each Append.
type silent struct{ persistence.Store }

func (s silent) Append(ctx context.Context, drafts []persistence.Draft) ([]persistence.Outcome, error) {
	if _, err := s.Store.Append(ctx, drafts); err != nil {
		return nil, err
	}
	return nil, errors.New("the connection to the store was lost")
}

func TestAMessageThatIsRefusedIsNotCountedAsStored(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	chess := n.group("chess", 2)
	ann := n.login(1)

	ann.send(groupChat(int(chess), "let me in"), chat(2, "hi"), groupChat(int(chess), "please"))

	if n.meter.stored != 1 {
		t.Errorf("counted were %d messages", n.meter.stored)
	}
}

func TestWhatTheStoreCannotHoldIsRefused(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.Backlog = 1 })
	n.register("ann", "bob")
	ann, bob := n.login(1), n.login(2)
	n.w.DelayJobs("root/store/0", time.Second)

	ann.send(chat(2, "commits"), chat(2, "waits"), chat(2, "too much"))
	n.w.Advance(3 * time.Second)

	ann.want("ACK 109 too much at once, try again in a moment")
	bob.want("ann>2: commits", "ann>2: waits")
}

func TestTheEndOfAPartThatNothingWorksWithoutEndsTheProcess(t *testing.T) {
	for _, part := range []string{"root/users", "root/groups", "root/presence", "root/router", "root/sessions", "root/store"} {
		n := newNode(t, sim.New(t))
		n.w.ExpectError("an actor panicked")
		n.w.ExpectError(part)
		n.w.Panic(sim.To(part)).At(1)
		n.register("ann")

		n.w.System().Root.Send(n.w.System().NewLocalPID(part), errors.New("anything"))
		n.w.Settle()
	}
}
