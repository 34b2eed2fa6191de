package actors

import (
	"slices"
	"time"

	"chatserver/net/cluster"
)

// silence is for how long a node that lives may say nothing: three beats.
const silence = 3 * cluster.BeatTime

// links are the numbers of what this node sent to each other one and heard from it. They show what
// was lost between two nodes: whoever hears a number that does not follow on has missed something.
type links struct {
	base uint64                    // numbers used on every link
	sent map[cluster.NodeID]uint64 // and on each
	in   map[cluster.NodeID]*inbound
}

// inbound is one node as it is heard.
type inbound struct {
	last uint64    // number
	at   time.Time // of the last batch, or since when the node is known
}

// newLinks are those of a node that has said nothing. gap: everybody missed something of it.
func newLinks(gap bool) links {
	l := links{sent: map[cluster.NodeID]uint64{}, in: map[cluster.NodeID]*inbound{}}
	if gap {
		l.base = 1
	}
	return l
}

// last is the last number used of the link to a node.
func (l *links) last(to cluster.NodeID) uint64 { return l.base + l.sent[to] }

// next uses a number of the link to a node.
func (l *links) next(to cluster.NodeID) uint64 {
	l.sent[to]++
	return l.last(to)
}

// skip uses a number on every link: each node may miss something, also one that is not known here yet.
func (l *links) skip() { l.base++ }

// heard takes the number of a batch and tells whether one before it was missed. Late and doubled
// ones miss nothing.
func (l *links) heard(b cluster.Batch, now time.Time) (missed bool) {
	from := l.in[b.From]
	if from == nil {
		from = &inbound{}
		l.in[b.From] = from
	}
	next := from.last
	if len(b.Envelopes) > 0 {
		next++
	}
	missed = b.Number > next
	from.last, from.at = max(from.last, b.Number), now
	return missed
}

// first tells whether no number of a node was heard before.
func (l *links) first(from cluster.NodeID) bool { return l.in[from] == nil || l.in[from].last == 0 }

// meet notes since when a node is known.
func (l *links) meet(id cluster.NodeID, now time.Time) {
	if l.in[id] == nil {
		l.in[id] = &inbound{at: now}
	}
}

// part forgets the links with a node, which will not be heard of again.
func (l *links) part(id cluster.NodeID) {
	delete(l.in, id)
	delete(l.sent, id)
}

// silent tells whether one of these nodes, which live, has said nothing for too long.
func (l *links) silent(nodes []cluster.NodeID, now time.Time) bool {
	return slices.ContainsFunc(nodes, func(id cluster.NodeID) bool {
		return l.in[id] != nil && now.Sub(l.in[id].at) > silence
	})
}
