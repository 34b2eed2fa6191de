package actors

import (
	"slices"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// watcher is one device of a user who is a friend of everybody: it keeps the last word about each.
type watcher struct {
	user int64
	last map[int64]bool

	*client // of the connection; nil: none
	in      bool
}

// lobby is a walk in which friends come and go, on any node, and watch each other do so.
type lobby struct {
	*cluster3
	watchers []*watcher
	drained  int // the node that was, 0 for none
}

func newLobby(t *testing.T, w *sim.World, adjust ...func(*Env)) *lobby {
	l := &lobby{cluster3: newCluster(t, w, adjust...)}
	first := l.nodes[0]
	first.register("ann", "bob", "eve")
	for user := range int64(3) {
		for friend := range int64(3) {
			if user != friend {
				must[persistence.Peer](t)(first.env.Store.Befriend(t.Context(), persistence.UserID(user+1), persistence.UserID(friend+1)))
			}
		}
		l.watchers = append(l.watchers, &watcher{user: user + 1}, &watcher{user: user + 1})
	}
	w.Delay(sim.Of[queried](""), time.Millisecond).Often(0.2) // calls of the store have no order
	return l
}

// act does one thing that a friend may do, or lets time pass.
func (l *lobby) act() {
	r := l.w.Rand()
	d := l.watchers[r.IntN(len(l.watchers))]
	d.read()
	switch n := r.IntN(8); {
	case d.client == nil:
		d.client = l.somewhere().dial()
		d.start(loginV2(d.user))
	case d.closed != "":
		d.client, d.in = nil, false
	case n == 0:
		l.w.System().Root.Send(d.session, HungUp{})
	case n == 1 && d.in:
		d.start(wire.Logout{})
		d.in = false
	case n == 2 && !d.in:
		d.start(loginV2(d.user))
	case n == 3:
		d.start(wire.Friends{})
	case n == 4:
		l.w.Advance(time.Duration(r.IntN(int(l.nodes[0].env.Limits.Absence))))
	}
	for range r.IntN(40) {
		l.w.Step()
	}
}

// somewhere is a node that was not drained.
func (l *lobby) somewhere() *node {
	at := l.w.Rand().IntN(len(l.nodes))
	if at > 0 && at == l.drained {
		at--
	}
	return l.nodes[at]
}

// read takes what came.
func (d *watcher) read() {
	if d.client == nil {
		return
	}
	for _, object := range d.got() {
		switch _, reply := decodeV2(d.t, object); r := reply.(type) {
		case wire.Welcome:
			d.in, d.last = true, map[int64]bool{}
			d.note(r.Friends)
		case wire.FriendList:
			d.note(r.Friends)
		case wire.Presence:
			d.last[r.ID] = r.Online
		}
	}
}

func (d *watcher) note(friends []wire.Peer) {
	for _, f := range friends {
		d.last[f.ID] = f.Online
	}
}

// live tells whether a device is logged in.
func (d *watcher) live() bool { return d.client != nil && d.closed == "" && d.in }

// wantTruth fails the test unless the last word that each device had of each friend is true.
func (l *lobby) wantTruth() {
	l.t.Helper()
	l.w.Advance(3*l.nodes[0].env.Limits.Absence + cluster.LeaseTime)
	online := map[int64]bool{}
	for _, d := range l.watchers {
		d.read()
		online[d.user] = online[d.user] || d.live()
	}
	for _, d := range l.watchers {
		for friend, told := range d.last {
			if d.live() && told != online[friend] {
				l.t.Errorf("user %d was told last that %d is online: %v", d.user, friend, told)
			}
		}
	}
}

func TestTheLastWordAboutAFriendIsTrue(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		l := newLobby(t, w)
		for range 100 {
			l.act()
		}
		l.wantTruth()
	})
}

// The node that would mend a word that was overtaken may be the one that ends, so people have to ask.
func TestFriendsTellsTheTruthAfterADrain(t *testing.T) {
	t.Parallel()
	sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
		l := newLobby(t, w)
		main := w.Probe("main")
		for i := range 100 {
			if l.act(); i == 92 {
				l.drained = 1 + w.Rand().IntN(2)
				main.Ask(l.nodes[l.drained].root, Drain{})
			}
		}
		w.Advance(3*l.nodes[0].env.Limits.Absence + cluster.LeaseTime)
		for _, d := range l.watchers {
			if d.read(); d.live() {
				d.start(wire.Friends{})
			}
		}
		l.wantTruth()
		main.Want(Drained{})
	})
}

func TestWhereverPeopleLogInTheLoginPolicyHolds(t *testing.T) {
	t.Parallel()
	for _, policy := range []LoginPolicy{Reject, Replace} {
		t.Run(string(policy), func(t *testing.T) {
			sim.Seeds(t, 20, func(t *testing.T, w *sim.World) {
				l := newLobby(t, w, func(e *Env) { e.Login = policy })
				for range 100 {
					l.act()
				}
				l.wantTruth()
				l.wantOneEach()
				for user := range int64(3) {
					l.wantWelcome(user+1, policy)
				}
			})
		})
	}
}

// wantOneEach fails the test where two devices of a user are logged in.
func (l *lobby) wantOneEach() {
	l.t.Helper()
	for i, d := range l.watchers {
		if i%2 == 1 && d.live() && l.watchers[i-1].live() {
			l.t.Errorf("both devices of user %d are logged in", d.user)
		}
	}
}

// wantWelcome fails the test unless one more device of a user is logged in, or refused, as the policy has it.
func (l *lobby) wantWelcome(user int64, policy LoginPolicy) {
	l.t.Helper()
	both := slices.Clone(l.watchers[2*user-2 : 2*user])
	taken := both[0].live() || both[1].live()
	d := &watcher{user: user, client: l.somewhere().dial()}
	d.start(loginV2(user))
	l.w.Advance(time.Second)
	for _, one := range append(both, d) {
		one.read()
	}
	if want := policy == Replace || !taken; d.live() != want {
		l.t.Errorf("user %d, logged in before: %v, is logged in: %v", user, taken, d.live())
	}
	if policy == Replace && (both[0].live() || both[1].live()) {
		l.t.Errorf("an earlier device of user %d lives on", user)
	}
}
