package cluster

import (
	"context"
	"errors"
	"time"
)

var (
	// ErrLapsed says that a node's lease had ended: others take it for dead. It begins anew, with Open
	// under another NodeID.
	ErrLapsed = errors.New("the lease of this node has ended")
	// ErrNobody says that no node listens where a batch was sent.
	ErrNobody = errors.New("nobody listens there")
)

const (
	// LeaseTime is how long a lease holds that is not renewed.
	LeaseTime = 5 * time.Second
	// BeatTime is how often it is renewed.
	BeatTime = time.Second
)

// Bus is one node's end of what joins all nodes. Its methods block until they are done and end with
// their context; they may be called from any goroutine. On any error the bus may or may not
// have done what it was asked. A bus whose server is away fails, and heals by itself.
type Bus interface {
	Presence
	// Open takes a lease for self, and has ear told of every batch for it from then on. It ends what an
	// earlier Open began but for its lease and claims, which end by themselves.
	Open(ctx context.Context, self NodeID, ear Ear) error
	// Beat renews the lease and tells which nodes there are. ErrLapsed.
	Beat(ctx context.Context) (View, error)
	// Publish sends each batch to its node, which may be this one. At most once; what two calls send to
	// one node, one after the other, arrives in that order. errs has one entry a batch; nil: the bus
	// took it. ErrNobody.
	Publish(ctx context.Context, mail []Mail) (errs []error)
	// Close ends the lease at once. The claims stay, as those of a dead node, for others to settle. Nothing
	// is told to the ear after it. Before an Open and a second time it does nothing.
	Close(ctx context.Context) error
}

// Presence knows which nodes have a user or a group. Every answer is the truth of its moment, asked
// where it is written: what was claimed before the call began is in it.
type Presence interface {
	// Claim says that this node has these keys, until Release; to claim again does no harm. It returns
	// one Claimed a key. A call that comes late, when the bus is opened as another than self, claims
	// nothing. ErrLapsed.
	Claim(ctx context.Context, self NodeID, claims []Claim) ([]Claimed, error)
	// Release takes claims of this node back, as long as the bus is opened as self. ErrLapsed.
	Release(ctx context.Context, self NodeID, keys []Key) error
	// Locate returns the nodes that claim each key, in order, dead ones among them.
	Locate(ctx context.Context, keys []Key) ([][]NodeID, error)
	// Hide makes users no longer Shown, then locates them: a Claim that it does not find in effect finds
	// the user not Shown.
	Hide(ctx context.Context, users []Key) ([][]NodeID, error)
	// Estate returns what a dead node claimed. Of those who ask only one gets it, ok, for a minute.
	Estate(ctx context.Context, dead NodeID) (keys []Key, ok bool, err error)
	// Bury takes the claims of a dead node back, and forgets it.
	Bury(ctx context.Context, dead NodeID) error
}

type (
	// Claim is for one key. Turn: the caller wants one.
	Claim struct {
		Key  Key
		Turn bool
	}
	// Claimed is what a Claim found, in the moment that it took effect. That moment is one: of two
	// nodes that claim a key the later finds the earlier.
	Claimed struct {
		Fresh  bool     // this node had not claimed it
		Others []NodeID // who claims it too, in order, dead ones among them
		Shown  bool     // it was claimed before, by whomever, with no Hide since; it is from now on
		Turn   uint64   // higher than that of every earlier Claim of this key that wanted one; else 0
	}
)

// View is which nodes there were at one moment, in order. This one is among the live.
type View struct {
	Live []NodeID
	Dead []NodeID // whose lease has ended, and who were not buried
}

// Mail is a batch with its address.
type Mail struct {
	To    NodeID
	Batch Batch
}

// Ear is told what comes for a node, from one goroutine at a time, and must not block.
type Ear interface {
	Heard(Batch)
	// Missed says that something may have come that could not be heard, and why.
	Missed(error)
}
