package actors

import (
	"context"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// written is what became of claims and releases.
type written struct {
	by    *Router
	as    cluster.NodeID
	found []cluster.Claimed
	err   error
}

func (r *Router) claim(ctx actor.Context, msg Claim) {
	w := &waiting{by: ctx.Sender(), ref: msg.Ref}
	if len(msg.Keys) > 0 {
		w.first = msg.Keys[0]
	}
	waits := r.claims.want(msg.Keys, msg.Turn, w)
	if msg.Ref == 0 {
		r.told++
		r.claims.lateAll(msg.Keys) // they were claimed before, and what came since was missed
	}
	r.settle(ctx, w, waits)
}

func (r *Router) release(ctx actor.Context, msg Release) {
	w := &waiting{by: ctx.Sender(), ref: msg.Ref, firm: true} // as long as it is not written the user is found here
	r.settle(ctx, w, r.claims.drop(msg.Keys, w))
}

// settle writes what changed. Nobody waits for a bus that is known to be away.
func (r *Router) settle(ctx actor.Context, w *waiting, waits bool) {
	switch {
	case !waits:
		r.answer(ctx, nil, w)
	case r.deaf() && !r.opening:
		r.late(ctx, r.claims.abandon()...)
	default:
		r.write(ctx)
	}
}

func (r *Router) answer(ctx actor.Context, err error, who ...*waiting) {
	for _, w := range who {
		if w.by != nil && w.ref != 0 {
			w.found.Others = slices.DeleteFunc(slices.Clone(w.found.Others), r.ended)
			ctx.Send(w.by, Answer{w.ref, w.found, err})
		}
	}
}

// late answers those who do not wait for claims that are not made yet. What they miss until then is repaired.
func (r *Router) late(ctx actor.Context, who ...*waiting) {
	r.repairs.owe()
	r.answer(ctx, errAway, who...)
}

// ended tells whether a node is known to be dead, as earlier lives of this one are.
func (r *Router) ended(id cluster.NodeID) bool {
	return slices.Contains(r.view.Dead, id) || r.past.lives[id]
}

// write writes the claims that changed, unless some are being written.
func (r *Router) write(ctx actor.Context) {
	if r.claiming || r.self == "" {
		return
	}
	batch := r.claims.take(r.env.Limits.Batch)
	if len(batch) == 0 {
		return
	}
	r.claiming = true
	as := r.self
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		found, err := guard(r.env, func() ([]cluster.Claimed, error) { return put(ctx, r.env.Bus, as, batch) })
		return written{r, as, found, err}
	})
}

// put writes claims and releases to the bus, unless the node has another name there by now.
func put(ctx context.Context, bus cluster.Bus, as cluster.NodeID, batch []write) (found []cluster.Claimed, err error) {
	var claims []cluster.Claim
	var releases []cluster.Key
	for _, w := range batch {
		if w.wanted {
			claims = append(claims, cluster.Claim{Key: w.key, Turn: w.turn})
		} else {
			releases = append(releases, w.key)
		}
	}
	if len(claims) > 0 {
		found, err = bus.Claim(ctx, as, claims)
	}
	if err == nil && len(releases) > 0 {
		err = bus.Release(ctx, as, releases)
	}
	return found, err
}

func (r *Router) written(ctx actor.Context, msg written) {
	if msg.by != r {
		return
	}
	r.claiming = false
	if msg.err != nil || msg.as != r.self {
		r.env.Log.Debug("claims were not written", "err", msg.err)
		r.late(ctx, r.claims.failed()...) // the next beat tries again
		r.drained(ctx)
		return
	}
	done, lost, unseen := r.claims.wrote(msg.found)
	r.answer(ctx, nil, done...)
	if lost { // nobody knows when, but not before they were last made
		r.env.Log.Warn("the bus had lost claims of this node, it repairs what it may have missed")
		r.repairs.since(r.env.Clock.Now().Add(-assertTime))
	}
	if len(unseen) > 0 {
		ctx.Send(r.at.presence, Came{unseen})
	}
	r.write(ctx)
	r.drained(ctx)
}
