package actors

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
)

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
	env.Limits.Convs = 3
	if h.t.narrow {
		env.Limits.Envelopes, env.Limits.Backlog, env.Limits.Waiting = 6, 6, 3
	}
	env.Clock = clock
	env.Login = h.t.policy
	env.Limits.Idle, env.Limits.Absence = 5*time.Second, 3*time.Second
	env.Bus, env.Name, env.Fatal = doubtfulBus{h.t.hub.Bus(), h, h.lives}, h.name, h.end
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
	a, b := from.Name(), to.Name()
	if t.cut[[2]string{a, ""}] || t.cut[[2]string{b, ""}] || t.cut[[2]string{a, b}] || t.cut[[2]string{b, a}] {
		t.happened[networkCut]++
		return errors.New("the network broke")
	}
	return nil
}

// doubtfulBus is the end of the bus that one life of a node has. Calls that took effect may fail all the same.
type doubtfulBus struct {
	cluster.Bus
	h    *host
	life int
}

// told is what the caller of something that was done is told.
func (b doubtfulBus) told(err error) error {
	if t := b.h.t; err == nil && t.strikes(t.busUnsure) {
		t.happened["unsure-bus"]++
		return errUnsure
	}
	return err
}

// Open may be a call of a process that has crashed: it takes a lease, and nobody listens.
func (b doubtfulBus) Open(ctx context.Context, self cluster.NodeID, ear cluster.Ear) error {
	err := b.Bus.Open(ctx, self, mortalEar{ear, b})
	if err == nil && b.lives() {
		b.h.bus = self
	}
	return b.told(err)
}

// lives tells whether the node's life is this one still.
func (b doubtfulBus) lives() bool { return b.h.up && b.h.lives == b.life }

// mortalEar hears nothing when its process has ended.
type mortalEar struct {
	cluster.Ear
	of doubtfulBus
}

func (e mortalEar) Heard(b cluster.Batch) {
	if e.of.lives() {
		e.Ear.Heard(b)
	}
}

func (e mortalEar) Missed(why error) {
	if e.of.lives() {
		e.Ear.Missed(why)
	}
}

func (b doubtfulBus) Beat(ctx context.Context) (cluster.View, error) {
	view, err := b.Bus.Beat(ctx)
	return view, b.told(err)
}

func (b doubtfulBus) Publish(ctx context.Context, mail []cluster.Mail) []error {
	errs := b.Bus.Publish(ctx, mail)
	for i := range errs {
		errs[i] = b.told(errs[i])
	}
	return errs
}

func (b doubtfulBus) Claim(ctx context.Context, self cluster.NodeID, claims []cluster.Claim) ([]cluster.Claimed, error) {
	found, err := b.Bus.Claim(ctx, self, claims)
	if err = b.told(err); err != nil {
		return nil, err
	}
	return found, nil
}

func (b doubtfulBus) Release(ctx context.Context, self cluster.NodeID, keys []cluster.Key) error {
	return b.told(b.Bus.Release(ctx, self, keys))
}

func (b doubtfulBus) Hide(ctx context.Context, users []cluster.Key) ([][]cluster.NodeID, error) {
	at, err := b.Bus.Hide(ctx, users)
	return at, b.told(err)
}

func (b doubtfulBus) Estate(ctx context.Context, dead cluster.NodeID) ([]cluster.Key, bool, error) {
	keys, ok, err := b.Bus.Estate(ctx, dead)
	return keys, ok, b.told(err)
}

func (b doubtfulBus) Bury(ctx context.Context, dead cluster.NodeID) error {
	return b.told(b.Bus.Bury(ctx, dead))
}

func (b doubtfulBus) Close(ctx context.Context) error { return b.told(b.Bus.Close(ctx)) }
