package actors

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/asynkron/protoactor-go/actor"
)

// nursery keeps the children of a plural actor: spawned when first needed, stopped when they
// are idle and nothing was sent to them since, so that no message falls into a dying mailbox.
type nursery[K ~int64] struct {
	props *actor.Props // of all children; it makes the one that key names, the born-th
	key   K            // of the child that is being made
	kids  map[K]*kid
	born  uint64 // children so far
}

type kid struct {
	pid     *actor.PID
	sent    uint64
	leaving bool
	waiting []envelope // for the one that comes after
}

// idle is what a child says when nobody uses it: seen counts what its parent sent it so far.
type idle[K any] struct {
	key  K
	seen uint64
}

// newNursery makes a nursery of what child makes. All children share one Props, of more than half a
// kilobyte: a child is made before SpawnNamed returns, so it finds its key here.
func newNursery[K ~int64](env *Env, child func(key K, nth uint64) actor.Actor) *nursery[K] {
	n := &nursery[K]{kids: map[K]*kid{}}
	n.props = env.props(func() actor.Actor { return child(n.key, n.born) }, nil)
	return n
}

func (n *nursery[K]) bear(ctx actor.Context, key K) *kid {
	n.key = key
	n.born++
	k := &kid{pid: spawn(ctx, strconv.FormatInt(int64(key), 10), n.props)}
	n.kids[key] = k
	return k
}

// tell sends msg to the child, if there is one or one is to come.
func (n *nursery[K]) tell(ctx actor.Context, key K, msg any) {
	k := n.kids[key]
	switch {
	case k == nil, k.leaving && len(k.waiting) == 0:
	case k.leaving:
		k.waiting = append(k.waiting, envelope{msg, ctx.Sender()})
	default:
		k.sent++
		ctx.RequestWithCustomSender(k.pid, msg, ctx.Sender())
	}
}

// call is tell, but spawns the child where there is none.
func (n *nursery[K]) call(ctx actor.Context, key K, msg any) {
	k := n.kids[key]
	switch {
	case k == nil:
		n.bear(ctx, key)
	case k.leaving:
		k.waiting = append(k.waiting, envelope{msg, ctx.Sender()})
		return
	}
	n.tell(ctx, key, msg)
}

type envelope struct {
	msg    any
	sender *actor.PID
}

// release stops an idle child unless something is on its way to it.
func (n *nursery[K]) release(ctx actor.Context, msg idle[K]) {
	if k := n.kids[msg.key]; k != nil && !k.leaving && k.sent == msg.seen {
		k.leaving = true
		ctx.Stop(k.pid)
	}
}

// ended forgets a child that stopped and tells which, and whether it was agreed. revive must follow.
func (n *nursery[K]) ended(ctx actor.Context, who *actor.PID) (key K, agreed bool, late []envelope) {
	number, err := strconv.ParseInt(who.Id[strings.LastIndexByte(who.Id, '/')+1:], 10, 64)
	key = K(number)
	k := n.kids[key]
	if err != nil || k == nil {
		panic(fmt.Sprintf("%s is no child of %s", who.Id, ctx.Self().Id))
	}
	delete(n.kids, key)
	return key, k.leaving, k.waiting
}

// revive makes a new child where something came too late for the one before.
func (n *nursery[K]) revive(ctx actor.Context, key K, late []envelope) {
	if len(late) == 0 {
		return
	}
	next := n.bear(ctx, key)
	for _, e := range late {
		next.sent++
		ctx.RequestWithCustomSender(next.pid, e.msg, e.sender)
	}
}

// keys are those of all children, in order.
func (n *nursery[K]) keys() []K { return slices.Sorted(maps.Keys(n.kids)) }
