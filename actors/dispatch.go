package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
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

// doubt has the router find out what came of a change that nobody heard of: soon, and again once the store
// is done with it for sure.
func (at places) doubt(env *Env) {
	env.Clock.After(retry, at.router, Doubt{})
	env.Clock.After(env.Limits.Job, at.router, Doubt{})
}

// announcement tells a group what by did to about in it.
func announcement(group persistence.GroupID, kind wire.EventKind, by, about persistence.UserID, role persistence.Role) cluster.Announce {
	event := wire.Event{Kind: kind, Group: int64(group), ID: int64(about), Role: string(role)}
	if about != by {
		event.By = int64(by)
	}
	return cluster.Announce{Group: group, Event: event}
}

// left tells a group that user left it, and who is its creator since; heir is 0 where it was not the creator, or the last.
func (at places) left(ctx actor.Context, env *Env, group persistence.GroupID, user, heir persistence.UserID) {
	at.spread(ctx, env, announcement(group, wire.GroupLeft, user, user, ""))
	if heir != 0 {
		at.spread(ctx, env, announcement(group, wire.RoleChanged, user, heir, persistence.Creator))
	}
}

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
