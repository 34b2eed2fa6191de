package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// viewed learns who is there.
func (r *Router) viewed(ctx actor.Context, view cluster.View) {
	before := r.view.Live
	r.view = view
	for _, node := range before {
		if !slices.Contains(view.Live, node) {
			r.part(node)
		}
	}
	r.miss(view)
	for _, node := range r.peers() {
		if r.links.meet(node, r.env.Clock.Now()); !slices.Contains(before, node) {
			r.appeared(node)
		}
	}
	ctx.Send(r.at.presence, Viewed{view})
}

// part takes a node for dead. It may have been about to send something.
func (r *Router) part(node cluster.NodeID) {
	r.links.part(node)
	if r.past.lives[node] {
		delete(r.past.lives, node)
		return
	}
	r.env.Log.Info("a node is gone", "node", node)
	r.repairs.owe()
	r.past.gone[node.Name()] = r.env.Clock.Now()
}

// miss takes for gone also whoever was dead before this node could see it alive.
func (r *Router) miss(view cluster.View) {
	for _, dead := range view.Dead {
		name := dead.Name()
		_, known := r.past.gone[name]
		lives := slices.ContainsFunc(view.Live, func(id cluster.NodeID) bool { return id.Name() == name })
		if !known && !lives && name != r.env.Name {
			r.past.gone[name] = r.env.Clock.Now()
		}
	}
}

// appeared greets a node. Where it was taken for dead and lived, nobody heard of what it stored meanwhile.
func (r *Router) appeared(node cluster.NodeID) {
	if node.Name() == r.env.Name && !r.past.lives[node] {
		r.env.Log.Warn("another node has the name of this one: give each a name of its own", "node", node)
	}
	if since, was := r.past.gone[node.Name()]; was {
		delete(r.past.gone, node.Name())
		r.repairs.since(since)
	}
}

// peers are the other nodes that live.
func (r *Router) peers() []cluster.NodeID {
	return slices.DeleteFunc(slices.Clone(r.view.Live), func(id cluster.NodeID) bool { return id == r.self })
}
