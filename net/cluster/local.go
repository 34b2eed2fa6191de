package cluster

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Local joins the nodes of one process, without a goroutine of its own: what is published is heard
// before Publish returns. A single node has one to itself; tests put several nodes on one, and what
// goes wrong between them.
type Local struct {
	// Hinder decides whether a call of from reaches the bus, where to is empty, or a batch of from
	// reaches to. An error fails it; nil: nothing goes wrong. It must not call the Local.
	Hinder func(from, to NodeID) error

	now   func() time.Time
	mu    sync.Mutex
	nodes map[NodeID]*resident
	users map[Key]trace
}

// resident is what a Local knows of one NodeID.
type resident struct {
	ear     Ear       // nil: it does not listen any more
	known   bool      // it had a lease or claimed something, and was not buried or forgotten since
	lease   time.Time // when that ends
	claims  map[Key]bool
	settled time.Time // until then somebody has its estate
}

// trace is what is remembered of a user beside who claims it.
type trace struct {
	shown bool
	turn  uint64
}

// estateTime is for how long one node has another's estate to itself.
const estateTime = time.Minute

// NewLocal makes one without nodes. now is the clock that leases end by.
func NewLocal(now func() time.Time) *Local {
	return &Local{now: now, nodes: map[NodeID]*resident{}, users: map[Key]trace{}}
}

// Bus is the end of one more node.
func (l *Local) Bus() Bus { return &localBus{hub: l} }

// Lapse ends the lease of a node at once.
func (l *Local) Lapse(node NodeID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.nodes[node]; r != nil {
		r.lease = l.now()
	}
}

// Empty forgets all leases and claims, as a server does that is started anew. Who listened still does.
func (l *Local) Empty() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.nodes {
		r.known, r.lease, r.claims = false, l.now(), map[Key]bool{}
	}
	clear(l.users)
}

// Kill ends a node's process: nothing reaches it any more, and its lease runs out.
func (l *Local) Kill(node NodeID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.nodes[node]; r != nil {
		r.ear = nil
	}
}

// Miss tells a node that something may have come that it did not hear.
func (l *Local) Miss(node NodeID, why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.nodes[node]; r != nil && r.ear != nil {
		r.ear.Missed(why)
	}
}

// Wipe forgets what a node claims, and not the node.
func (l *Local) Wipe(node NodeID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.nodes[node]; r != nil {
		clear(r.claims)
	}
}

// holders are the nodes that claim key, but one, in order.
func (l *Local) holders(key Key, but NodeID) (ids []NodeID) {
	for id, r := range l.nodes {
		if id != but && r.claims[key] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// show notes a claim of a user, and tells what Claimed tells of it.
func (l *Local) show(c Claim) (shown bool, turn uint64) {
	t := l.users[c.Key]
	shown, t.shown = t.shown, true
	if c.Turn {
		t.turn++
		turn = t.turn
	}
	l.users[c.Key] = t
	return shown, turn
}

func (l *Local) hide(user Key) {
	t := l.users[user]
	if t.shown = false; t == (trace{}) {
		delete(l.users, user)
		return
	}
	l.users[user] = t
}

// view is that of this moment.
func (l *Local) view() (v View) {
	for _, id := range slices.Sorted(maps.Keys(l.nodes)) {
		switch r := l.nodes[id]; {
		case !r.known:
		case r.lease.After(l.now()):
			v.Live = append(v.Live, id)
		default:
			v.Dead = append(v.Dead, id)
		}
	}
	return v
}
