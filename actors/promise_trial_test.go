package actors

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/memstore"
)

const (
	users   = 6
	keepers = 6 // the first of the devices, the others are classic
)

// What happens of itself, as the census names it.
const (
	processEnded   = "an actor without which nothing works died"
	processDrained = "a node ended in order"
	networkCut     = "a call or a batch did not reach the bus"
	clientSlow     = "too much waited for a client"
)

// trial is one history: three nodes on one store and one bus, six users with eight devices, and what
// becomes of them. What is wrong is told to the TB at once, or by verdict at the end.
type trial struct {
	testing.TB
	w       *sim.World
	store   *ledger
	hub     *cluster.Local
	hosts   []*host
	devices []program
	cut     map[[2]string]bool // what cannot talk: a node and "", the bus; or one node and another
	weather []blowing
	struck  int // storms and panics that are over
	said    int
	mood    mood
	policy  LoginPolicy
	doubled bool // envelopes come twice now and then, and events with them

	passwords map[int64][]string // of each user, one of which is good

	storeClock, busClock   time.Duration // how far they are off
	storeUnsure, busUnsure float64       // how often a call that took effect fails all the same
	storeTwice             float64       // how often a commit is made twice

	happened map[string]int // how often each verb had an effect, each storm struck, and what came of itself
}

// program is one client program of a user's.
type program interface {
	// ready tells whether it is logged in; where it is not, it does the next thing to be.
	ready() bool
	// here tells whether it is logged in.
	here() bool
	// drip takes one object off the connection, if there is one.
	drip() bool
	line() *line
	owner() int64 // its user
	// move breaks its connection; it connects to that node next, or to any where it is nil.
	move(to *host)
	// settle does what is left to be done, and tells whether nothing is.
	settle() bool
	// lacks tells something that has not arrived; "": nothing.
	lacks() string
}

func newTrial(tb testing.TB, w *sim.World, m mood) *trial {
	t := &trial{TB: tb, w: w, mood: m, policy: policyOf(w.Seed()), cut: map[[2]string]bool{}, happened: map[string]int{}, passwords: map[int64][]string{}}
	t.store = newLedger(t, memstore.New(func() time.Time { return w.Now().Add(t.storeClock) }))
	t.hub = cluster.NewLocal(func() time.Time { return w.Now().Add(t.busClock) })
	t.hub.Hinder = t.hinder
	t.people()
	for i := range 3 {
		h := &host{t: t, name: fmt.Sprintf("n%d", i+1)}
		t.hosts = append(t.hosts, h)
		h.start()
	}
	w.Delay(sim.Of[queried](""), time.Millisecond).Often(0.1) // calls of the store have no order
	w.Delay(sim.Of[committed](""), time.Millisecond).Often(0.05)
	w.Delay(sim.Of[idle[persistence.UserID]](""), time.Second).Often(0.3) // who rests may be wanted again
	w.Delay(sim.Of[idle[persistence.GroupID]](""), time.Second).Often(0.3)
	for _, text := range []string{"an actor panicked", "a batch was not stored"} {
		w.AllowError(text)
	}
	t.pass(2 * cluster.BeatTime)
	return t
}

// people makes users 1 to 6 and two groups. 1 has two v2 clients, 5 a classic one, 2 one of each, the others a v2 one.
func (t *trial) people() {
	ctx := context.Background()
	for i, name := range []string{"ann", "bob", "cleo", "dan", "eve", "fred"} {
		must[persistence.UserID](t)(t.store.Register(ctx, name, []byte(name), "plain:secret"))
		t.passwords[int64(i+1)] = []string{"secret"}
		for friend := range i {
			must[persistence.Peer](t)(t.store.Befriend(ctx, persistence.UserID(i+1), persistence.UserID(friend+1)))
		}
	}
	for id, members := range [][]persistence.UserID{{1, 2, 3, 5}, {2, 1, 4, 6}} {
		name := fmt.Sprint("group ", id+1)
		group := must[persistence.GroupID](t)(t.store.Found(ctx, members[0], name, []byte(name), ""))
		for _, u := range members[1:] {
			must[persistence.Membership](t)(t.store.Join(ctx, group, u))
		}
	}
	for i, u := range []int64{1, 1, 2, 3, 4, 6} {
		t.devices = append(t.devices, newKeeper(t, u, i+1))
	}
	t.devices = append(t.devices, &telnet{caller: caller{t: t, user: 2}}, &telnet{caller: caller{t: t, user: 5}})
}

// play takes steps, until the source has no more.
func (t *trial) play(next source) {
	for s, ok := next(t); ok; s, ok = next(t) {
		if verbOf(s.verb).do(t, s) {
			t.happened[s.verb]++
		}
		t.turns(s.turns)
		for range t.w.Rand().IntN(7) {
			t.devices[t.w.Rand().IntN(len(t.devices))].drip()
		}
		if t.w.Rand().IntN(4) == 0 {
			t.pass(time.Millisecond)
		}
	}
}

// wishes is how much clients have asked for.
func (t *trial) wishes() int { return t.count(wish) }

// faults is how much has broken: what was broken once, and storms and panics that struck.
func (t *trial) faults() int {
	n := t.count(breakage) + t.count(hitch) + t.struck
	for _, one := range t.weather {
		n += min(1, one.fault.Hits())
	}
	return n
}

func (t *trial) count(of kind) (n int) {
	for _, v := range verbs {
		if v.kind == of {
			n += t.happened[v.name]
		}
	}
	return n
}

// strikes tells whether what happens that often happens now.
func (t *trial) strikes(often float64) bool { return often > 0 && t.w.Rand().Float64() < often }

// turns takes n turns.
func (t *trial) turns(n int) {
	for range n {
		if !t.w.Step() {
			return
		}
		t.reap()
	}
}

// pass lets d pass.
func (t *trial) pass(d time.Duration) {
	const slice = 100 * time.Millisecond
	for ; d > 0; d -= slice {
		t.w.Advance(min(d, slice))
		t.reap()
	}
}

// reap ends nodes whose process ends: one without an actor that it needs, or that was drained.
func (t *trial) reap() {
	for _, h := range t.hosts {
		switch {
		case h.fatal:
			h.die()
			t.happened[processEnded]++
		case h.main != nil && (len(h.main.Got()) > 0 || t.w.Now().After(h.until)):
			h.die()
			t.happened[processDrained]++
		}
	}
}

// Which conversation, and which group, a number means.

func (t *trial) conv(n int) wire.Conv {
	if n %= 12; n < users {
		return wire.WithUser(user(n))
	}
	return wire.InGroup([]int64{1, 1, 1, 2, 2, 3}[n-users])
}

func (t *trial) group(n int) int64 { return []int64{1, 1, 2, 2, 3, 4}[n%6] }

// skew is by how much a node's clock may be wrong.
const skew = time.Hour

// host is a node, through all the lives of its process.
type host struct {
	t     *trial
	name  string
	lives int
	env   *Env
	root  *actor.PID
	up    bool
	fatal bool           // its process is about to end
	main  *sim.Probe     // waits for the end of a drain; nil: there is none
	until time.Time      // but no longer
	bus   cluster.NodeID // what it is called on the bus
	lines []*line        // that are open
}

// start begins a life.
func (h *host) start() {
	h.lives++
	life, ids, secrets := fmt.Sprintf("%s.%d", h.name, h.lives), 0, 0
	clock := h.t.w.Clock() // right within a life, as a process counts on; each life has another time
	clock.Jump(time.Duration(h.t.w.Rand().IntN(int(2*skew))) - skew)
	env := testEnv(h.t.w, h.t.store)
	tight(env)
	env.Clock = clock
	env.Login = h.t.policy
	env.Limits.Idle, env.Limits.Absence = 5*time.Second, 3*time.Second
	env.Bus, env.Name, env.Fatal = doubtfulBus{h.t.hub.Bus(), h.t}, h.name, h.end
	env.NewID = func() string { ids++; return fmt.Sprintf("%s-%d", life, ids) }
	env.NewSecret = func() string { secrets++; return fmt.Sprintf("%s secret %d", life, secrets) }
	h.env, h.up, h.root = env, true, start(h.t.w.System(), env, h.name)
}

// end is Env.Fatal. Nothing ends a process but a panic that was planned.
func (h *host) end(who string, reason any) {
	if _, planned := reason.(sim.Injected); !planned {
		h.t.Errorf("%s ended the process: %v", who, reason)
	}
	h.fatal = true
}

// die ends a life: of what the process knew only the store is left.
func (h *host) die() {
	h.t.w.Crash(h.name)
	h.t.hub.Kill(h.bus)
	h.up, h.fatal, h.main = false, false, nil
	for _, l := range h.lines {
		l.crashed()
	}
	h.lines = nil
}

// dial connects to the node; nil where nobody listens.
func (h *host) dial(addr int) *line {
	if !h.up || h.main != nil {
		return nil
	}
	l := &line{at: h}
	h.lines = append(h.lines, l)
	h.t.w.System().Root.Send(h.root, Connected{l, netip.AddrFrom4([4]byte{192, 0, 2, byte(addr)})})
	return l
}

// hinder is cluster.Local's.
func (t *trial) hinder(from, to cluster.NodeID) error {
	for _, h := range t.hosts {
		if h.name == from.Name() {
			h.bus = from
		}
	}
	a, b := from.Name(), to.Name()
	if t.cut[[2]string{a, ""}] || t.cut[[2]string{b, ""}] || t.cut[[2]string{a, b}] || t.cut[[2]string{b, a}] {
		t.happened[networkCut]++
		return errors.New("the network broke")
	}
	return nil
}

// settled tells whether all that was said has arrived; where it has not, everybody goes on.
func (t *trial) settled() bool {
	all := true
	for _, d := range t.devices {
		for d.drip() {
		}
		all = d.settle() && d.lacks() == "" && all
	}
	standing := !slices.ContainsFunc(t.hosts, func(h *host) bool { return !h.up || h.main != nil })
	return all && standing && t.w.Jobs() == 0
}

// heal mends all that is broken.
func (t *trial) heal() {
	t.calm()
	clear(t.cut)
	for _, h := range t.hosts {
		if !h.up {
			h.start()
		}
	}
	for _, d := range t.devices {
		if l := d.line(); l != nil {
			l.stalled = false
		}
	}
}

// patience is for how long all must have arrived after the last fault, of virtual time.
const patience = 2 * time.Minute

// finish mends everything, lets all arrive, judges, and sends everybody away.
func (t *trial) finish() {
	t.heal()
	calm := time.Duration(0)
	for ; !t.settled(); calm += time.Second {
		if calm > patience {
			t.Errorf("%v after the last fault not all is done: %s", patience, t.unsettled())
			break
		}
		t.pass(time.Second)
		t.heal() // a node may have been about to end
	}
	t.judge()
	t.leave()
}

// unsettled tells what is not done: by devices, and by nodes.
func (t *trial) unsettled() (what []string) {
	for i, d := range t.devices {
		switch lacks := d.lacks(); {
		case !d.settle():
			what = append(what, fmt.Sprintf("device %d: %v", i, d))
		case lacks != "":
			what = append(what, lacks)
		}
	}
	for _, h := range t.hosts {
		if !h.up || h.main != nil {
			what = append(what, h.name+" is not back")
		}
	}
	return what
}

// leave hangs everybody up, and looks for what is left behind.
func (t *trial) leave() {
	for _, d := range t.devices {
		if l := d.line(); l != nil {
			l.halfClose()
			for d.drip() {
			}
		}
	}
	for range 3 {
		t.pass(20 * time.Second)
		for _, d := range t.devices {
			for d.drip() {
			}
		}
	}
	t.pass(time.Minute)
	var fixed []string
	for _, h := range t.hosts {
		for _, part := range []string{"", "/accounts", "/groups", "/presence", "/router", "/sessions", "/store", "/store/0", "/store/1", "/users"} {
			fixed = append(fixed, h.name+part)
		}
		if m := h.env.Meter.(*counts); m.sessions != 0 || m.online != 0 {
			t.Errorf("%s counts %d sessions and %d users online, and everybody has left", h.name, m.sessions, m.online)
		}
	}
	if got := t.w.Actors(); !slices.Equal(got, fixed) {
		t.Errorf("everybody has left, and alive are %q", slices.DeleteFunc(got, func(name string) bool { return slices.Contains(fixed, name) }))
	}
	if t.w.Timers() != len(t.hosts) || t.w.Jobs() != 0 { // the beat is one
		t.Errorf("everybody has left, and there are %d timers of which %d are the beats, and %d jobs", t.w.Timers(), len(t.hosts), t.w.Jobs())
	}
}
