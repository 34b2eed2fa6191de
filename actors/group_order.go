package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// A Group hands messages on in the order of their numbers. What is missing of them it reads once for all
// its members here, rather than that each reads it. Where it knows of none yet, or misses more than it
// would hold, it begins with what comes, and its members find out themselves what they lack.

func (g *Group) conv() persistence.Conv { return persistence.GroupConv(g.id) }

// fanout takes a message in its turn.
func (g *Group) fanout(ctx actor.Context, p *Parcel) {
	g.seen++
	if pos := g.inbox.pos[p.Conv]; pos == 0 || p.Seq > pos+uint64(g.env.Limits.Held) {
		g.inbox.start(p.Conv, p.Seq-1)
	}
	for _, due := range g.inbox.accept(p) {
		g.pass(ctx, due)
	}
	if g.inbox.opened(p.Conv) {
		g.env.Clock.After(g.env.Limits.Hole, ctx.Self(), lacking{})
	}
}

// pass hands a message on, after what is known of the members is as new as the message.
func (g *Group) pass(ctx actor.Context, p *Parcel) {
	switch {
	case g.reading && len(g.held) >= g.env.Limits.Held:
		g.missed = max(g.missed, p.Seq)
	case g.reading:
		g.held = append(g.held, p)
	case p.Ver > g.ver:
		g.held = append(g.held, p)
		g.read(ctx)
	default:
		g.send(ctx, p)
	}
}

// fill reads what is missing.
func (g *Group) fill(ctx actor.Context) {
	after, ok := g.inbox.read(g.conv())
	if !ok {
		return
	}
	ref := g.asks.add(ctx, g.env, func(ctx actor.Context, a Answer) {
		rows, _ := a.Value.([]persistence.Message)
		g.filled(ctx, rows)
	})
	ctx.Request(g.at.store, Query{ref, rangeOf{g.conv(), after, g.env.Limits.Page}})
}

// filled hands on what was read. Who may read it is not said with it: that is read after it.
func (g *Group) filled(ctx actor.Context, rows []persistence.Message) {
	if g.inbox.pos[g.conv()] == 0 { // everybody has left meanwhile
		return
	}
	var due []*Parcel
	for _, m := range rows {
		due = append(due, g.inbox.accept(g.env.parcel(m))...)
	}
	if len(due) > 0 {
		if g.stale = true; !g.reading {
			g.read(ctx)
		}
		for _, p := range due {
			g.pass(ctx, p)
		}
	}
	switch {
	case !g.inbox.done(g.conv()):
	case len(rows) > 0:
		g.fill(ctx)
	default: // the store does not answer, or not yet
		g.env.Clock.After(retry, ctx.Self(), lacking{})
	}
}

// behind lets all members here have what they lack.
func (g *Group) behind(ctx actor.Context, msg behind) {
	g.seen++
	if msg.Head == 0 {
		g.askHead(ctx)
		return
	}
	g.heard(ctx, msg.Head)
}

// heard reads what is missing up to a head, or lets the members do so where nothing is known here.
func (g *Group) heard(ctx actor.Context, head uint64) {
	pos := g.inbox.pos[g.conv()]
	if pos == 0 || head > pos+uint64(g.env.Limits.Held) {
		g.inbox.start(g.conv(), head)
		g.tellHead(ctx, head)
		return
	}
	if g.inbox.heard(g.conv(), head) {
		g.fill(ctx)
	}
}

func (g *Group) askHead(ctx actor.Context) {
	ref := g.asks.add(ctx, g.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			g.env.Clock.After(retry, ctx.Self(), lagging{})
			return
		}
		g.heard(ctx, a.Value.(uint64))
	})
	ctx.Request(g.at.store, Query{ref, headOf{g.conv()}})
}

func (g *Group) tellHead(ctx actor.Context, head uint64) {
	for _, user := range g.here {
		ctx.Send(g.at.users, Headed{user, persistence.Head{Conv: g.conv(), Seq: head}})
	}
}
