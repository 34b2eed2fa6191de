package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// spread hands an envelope to whom it is for, here and on the other nodes.
func (at places) spread(ctx actor.Context, env *Env, e cluster.Envelope) {
	at.dispatch(ctx, env, e)
	ctx.Send(at.router, e)
}

// dispatch hands an envelope to whom it is for on this node.
func (at places) dispatch(ctx actor.Context, env *Env, e cluster.Envelope) {
	switch e := e.(type) {
	case cluster.Stored:
		p := env.parcel(e.Message)
		p.Ver = e.Ver
		at.deliver(ctx, p)
	case cluster.Relay, cluster.Announce:
		ctx.Request(at.groups, e)
	case cluster.Hint, cluster.Marked, cluster.Expel, cluster.Refresh:
		ctx.Request(at.users, e)
	}
}

// doubt has the router find out, once the store can tell, what came of a change that nobody heard of.
func (at places) doubt(env *Env) { env.Clock.After(retry, at.router, Doubt{}) }

// deliver hands a stored message to its receivers on this node.
func (at places) deliver(ctx actor.Context, p *Parcel) {
	if group, ok := p.Conv.Group(); ok {
		ctx.Send(at.groups, Fanout{group, p})
		return
	}
	lo, hi := p.Conv.Users()
	ctx.Send(at.users, Deliver{lo, p})
	if hi != lo {
		ctx.Send(at.users, Deliver{hi, p})
	}
}
