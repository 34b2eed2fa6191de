package actors

import (
	"context"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// viewed learns who is dead. Their users have Limits.Absence to come elsewhere.
func (p *Presence) viewed(ctx actor.Context, view cluster.View) {
	for _, node := range view.Dead {
		if !slices.Contains(p.dead, node) {
			p.env.Clock.After(p.env.Limits.Absence, ctx.Self(), probate{p, node})
		}
	}
	p.dead = view.Dead
}

// inherit asks for the estate of a dead node. Should another node have it and not see it through, it
// is asked for again.
func (p *Presence) inherit(ctx actor.Context, msg probate) {
	if msg.by != p || !slices.Contains(p.dead, msg.dead) {
		return
	}
	p.env.Clock.After(p.env.Limits.Absence, ctx.Self(), msg)
	if _, known := p.estates[msg.dead]; known {
		return
	}
	p.estates[msg.dead] = 0
	p.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		keys, err := guard(p.env, func() ([]cluster.Key, error) {
			keys, ok, err := p.env.Bus.Estate(ctx, msg.dead)
			if err == nil && !ok {
				err = errGone
			}
			return keys, err
		})
		return inherited{p, msg.dead, keys, err == nil}
	})
}

func (p *Presence) inherited(ctx actor.Context, msg inherited) {
	if msg.by != p {
		return
	}
	if !msg.ok {
		delete(p.estates, msg.dead)
		return
	}
	p.env.Log.Info("the users of a node that is gone are told offline", "node", msg.dead, "claims", len(msg.keys))
	for _, key := range msg.keys {
		if _, user := key.User(); user {
			p.estates[msg.dead]++
			p.queue = append(p.queue, change{user: key, from: msg.dead})
		}
	}
	p.bury(ctx, msg.dead)
	p.next(ctx)
}

// bury forgets a node once all its users were told of.
func (p *Presence) bury(ctx actor.Context, dead cluster.NodeID) {
	if p.estates[dead] > 0 {
		return
	}
	p.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		_, err := guard(p.env, func() (any, error) { return nil, p.env.Bus.Bury(ctx, dead) })
		return buried{p, dead, err}
	})
}

func (p *Presence) buried(ctx actor.Context, msg buried) {
	if msg.by != p {
		return
	}
	if msg.err != nil {
		p.env.Log.Warn("a node that is gone could not be buried, it is tried again", "node", msg.dead, "err", msg.err)
	}
	delete(p.estates, msg.dead)
}
