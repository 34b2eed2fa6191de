package actors

import (
	"context"
	"math"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// enqueue takes an envelope on its way. Beyond Limits.Envelopes it is dropped, and the others repair;
// hints are dropped before that, so that messages still go. An Expel never is, for no repair makes up for
// it; a claim that the bus took goes before each, so they cannot pile up while it is away.
func (r *Router) enqueue(ctx actor.Context, e cluster.Envelope) {
	bound := r.env.Limits.Envelopes
	switch _, expel := e.(cluster.Expel); {
	case expel:
		bound = math.MaxInt
	case isHint(e):
		bound /= 2
	}
	if len(r.queue) >= bound {
		if !isHint(e) {
			r.env.Meter.Dropped(1)
			r.links.skip()
		}
		return
	}
	r.queue = append(r.queue, e)
	r.locate(ctx)
}

// isHint tells whether nobody misses e who does not get it.
func isHint(e cluster.Envelope) bool {
	switch e.(type) {
	case cluster.Hint, cluster.Relay, cluster.Marked:
		return true
	}
	return false
}

// locate asks where the receivers of what has gathered are, unless a batch is on its way already, or this
// node has no name on the bus yet: meanwhile the next one gathers.
func (r *Router) locate(ctx actor.Context) {
	if r.self == "" || r.sending.locating || len(r.mail) > 0 || len(r.queue) == 0 {
		return
	}
	r.sending.locating = true
	batch := take(&r.queue, r.env.Limits.Batch)
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		at, err := guard(r.env, func() (map[cluster.Key][]cluster.NodeID, error) { return whereabouts(ctx, r.env.Bus, batch) })
		return located{r, batch, at, err}
	})
}

// whereabouts are the nodes that claim the receivers of a batch.
func whereabouts(ctx context.Context, bus cluster.Bus, batch []cluster.Envelope) (map[cluster.Key][]cluster.NodeID, error) {
	at := map[cluster.Key][]cluster.NodeID{}
	var keys []cluster.Key
	for _, e := range batch {
		for _, key := range e.Receivers() {
			if _, asked := at[key]; !asked {
				at[key] = nil
				keys = append(keys, key)
			}
		}
	}
	found, err := bus.Locate(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, key := range keys {
		at[key] = found[i]
	}
	return at, nil
}

// located addresses a batch. Where nobody knows who should have had it, everybody repairs.
func (r *Router) located(ctx actor.Context, msg located) {
	if msg.by != r {
		return
	}
	r.sending.locating = false
	if msg.err != nil {
		r.env.Log.Debug("receivers were not located", "envelopes", len(msg.batch), "err", msg.err)
		r.env.Meter.Dropped(len(msg.batch))
		r.links.skip()
	} else {
		r.address(msg)
	}
	r.publish(ctx)
	r.locate(ctx)
	r.drained(ctx)
}

// address makes one batch for each other node that has a receiver.
func (r *Router) address(msg located) {
	var to []cluster.NodeID
	bags := map[cluster.NodeID][]cluster.Envelope{}
	for _, e := range msg.batch {
		for _, node := range nodesOf(e, msg.at) {
			if node == r.self {
				continue
			}
			if bags[node] == nil {
				to = append(to, node)
			}
			bags[node] = append(bags[node], e)
		}
	}
	for _, node := range to {
		r.post(node, bags[node])
	}
}

// nodesOf are the nodes with a receiver of e, each once.
func nodesOf(e cluster.Envelope, at map[cluster.Key][]cluster.NodeID) (nodes []cluster.NodeID) {
	for _, key := range e.Receivers() {
		for _, node := range at[key] {
			if !slices.Contains(nodes, node) {
				nodes = append(nodes, node)
			}
		}
	}
	return nodes
}

func (r *Router) post(to cluster.NodeID, envelopes []cluster.Envelope) {
	batch := cluster.Batch{From: r.self, Number: r.links.next(to), Envelopes: envelopes}
	r.mail = append(r.mail, cluster.Mail{To: to, Batch: batch})
}

// publish sends what is addressed, one call at a time, so that numbers arrive in their order.
func (r *Router) publish(ctx actor.Context) {
	if r.sending.publishing || len(r.mail) == 0 {
		return
	}
	r.sending.publishing = true
	mail := r.mail
	r.mail = nil
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		errs, err := guard(r.env, func() ([]error, error) { return r.env.Bus.Publish(ctx, mail), nil })
		if err != nil {
			errs = slices.Repeat([]error{err}, len(mail))
		}
		return published{r, mail, errs}
	})
}

// published goes on. What failed has used its number: whoever missed it sees that.
func (r *Router) published(ctx actor.Context, msg published) {
	if msg.by != r {
		return
	}
	r.sending.publishing = false
	for i, m := range msg.mail {
		if msg.errs[i] != nil {
			r.env.Log.Debug("a batch was not published", "to", m.To, "envelopes", len(m.Batch.Envelopes), "err", msg.errs[i])
			r.env.Meter.Dropped(len(m.Batch.Envelopes))
			continue
		}
		r.env.Meter.Relayed(len(m.Batch.Envelopes))
	}
	r.publish(ctx)
	r.locate(ctx)
	r.drained(ctx)
}

// greet repeats the last number of each link, and shows this node itself that it can be reached.
func (r *Router) greet(ctx actor.Context) {
	if slices.ContainsFunc(r.mail, func(m cluster.Mail) bool { return m.To == r.self }) {
		return // the bus has not taken the last ones
	}
	for _, node := range append(r.peers(), r.self) {
		r.mail = append(r.mail, cluster.Mail{To: node, Batch: cluster.Batch{From: r.self, Number: r.links.last(node)}})
	}
	r.publish(ctx)
}

// heard hands on what another node sent.
func (r *Router) heard(ctx actor.Context, msg heard) {
	for _, e := range msg.batch.Envelopes {
		r.at.dispatch(ctx, r.env, e)
	}
	switch {
	case msg.to != r.self: // an earlier life of this node
	case msg.batch.From == r.self:
		r.echoed = r.env.Clock.Now()
	default:
		r.hear(ctx, msg.batch)
	}
}

// hear takes the number of a batch. Where the first one of a life shows that something was missed, that may be
// all that its node has had to say since an earlier life was last heard.
func (r *Router) hear(ctx actor.Context, b cluster.Batch) {
	now, first := r.env.Clock.Now(), r.links.first(b.From)
	since := r.past.lastHeard(b.From, now)
	if !r.links.heard(b, now) {
		return
	}
	if first {
		r.repairs.since(since)
	}
	r.gap(ctx, "a batch was missed", "from", b.From, "number", b.Number)
}

func (r *Router) missed(ctx actor.Context, msg missed) {
	if msg.to == r.self {
		r.gap(ctx, "the bus was not heard", "err", msg.err)
	}
}
