package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// Group is one group in use on this node: it knows its members who are online here and fans
// messages out to them. Stopped on panic; Groups starts it again, seats its members and lets
// them catch up. Stops when nobody is left here.
type Group struct {
	env   *Env
	at    places
	id    persistence.GroupID
	asks  asks
	seen  uint64 // messages from the parent
	quiet uint64 // times that the last member left

	ver   uint64 // of the memberships known here
	here  []persistence.UserID
	since map[persistence.UserID]uint64

	reading bool      // memberships newer than ver are being read
	held    []*Parcel // what came meanwhile
	missed  uint64    // the highest seq that came when no more could be held; 0: none did
}

type (
	seated struct { // A member is online here.
		User  persistence.UserID
		Since uint64
	}
	unseated struct{ User persistence.UserID } // It is no more.
	behind   struct {                          // Messages may have been missed up to Head; 0: ask the store.
		Group persistence.GroupID
		Head  uint64
	}
	deserted struct{ quiet uint64 } // Timer: nobody has been here for a while.
	again    struct{}               // Timer: ask for the memberships again.
	lagging  struct{}               // Timer: ask for the head again.
)

// NewGroup makes a group without members, the nth child of its parent.
func NewGroup(id persistence.GroupID, env *Env, at places, nth uint64) *Group {
	return &Group{env: env, at: at, id: id, asks: newAsks(nth), since: map[persistence.UserID]uint64{}}
}

// Receive makes Group an actor.
func (g *Group) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case seated:
		g.seat(msg)
	case unseated:
		g.unseat(ctx, msg)
	case Fanout:
		g.fanout(ctx, msg.Parcel)
	case behind:
		g.behind(ctx, msg)
	case Answer:
		g.asks.answer(ctx, msg)
	case overdue:
		g.asks.expire(ctx, g.env)
	case again:
		g.read(ctx)
	case lagging:
		g.askHead(ctx)
	case deserted:
		g.deserted(ctx, msg)
	default:
		g.env.unknown(ctx)
	}
}

func (g *Group) seat(msg seated) {
	g.seen++
	if at, found := slices.BinarySearch(g.here, msg.User); !found {
		g.here = slices.Insert(g.here, at, msg.User)
	}
	g.since[msg.User] = max(g.since[msg.User], msg.Since)
}

func (g *Group) unseat(ctx actor.Context, msg unseated) {
	g.seen++
	g.remove(msg.User)
	if len(g.here) == 0 {
		g.quiet++
		g.env.Clock.After(g.env.Limits.Idle, ctx.Self(), deserted{g.quiet})
	}
}

func (g *Group) remove(user persistence.UserID) {
	if at, found := slices.BinarySearch(g.here, user); found {
		g.here = slices.Delete(g.here, at, at+1)
	}
	delete(g.since, user)
}

// fanout hands a message on, after what is known of the members is as new as the message.
func (g *Group) fanout(ctx actor.Context, p *Parcel) {
	g.seen++
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

func (g *Group) send(ctx actor.Context, p *Parcel) {
	for _, user := range g.here {
		if g.since[user] < p.Seq {
			ctx.Send(g.at.users, Deliver{user, p})
		}
	}
}

// read learns of the memberships that changed, then lets go what waited for that.
func (g *Group) read(ctx actor.Context) {
	g.reading = true
	ref := g.asks.add(ctx, g.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			g.env.Clock.After(retry, ctx.Self(), again{})
			return
		}
		g.learn(a.Value.([]persistence.Member))
		g.release(ctx)
	})
	ctx.Request(g.at.store, Query{ref, membersSince{g.id, g.ver}})
}

// release hands on what was held, and lets the members read what was not.
func (g *Group) release(ctx actor.Context) {
	for _, p := range g.held {
		g.send(ctx, p)
	}
	if g.missed > 0 {
		g.tellHead(ctx, g.missed)
	}
	g.reading, g.held, g.missed = false, nil, 0
}

func (g *Group) learn(changed []persistence.Member) {
	for _, m := range changed {
		g.ver = max(g.ver, m.Ver)
		if _, here := g.since[m.ID]; !here {
			continue
		}
		if g.since[m.ID] = m.Since; m.Gone {
			g.remove(m.ID)
		}
	}
}

// behind lets all members here read what they lack.
func (g *Group) behind(ctx actor.Context, msg behind) {
	g.seen++
	if msg.Head > 0 {
		g.tellHead(ctx, msg.Head)
		return
	}
	g.askHead(ctx)
}

func (g *Group) askHead(ctx actor.Context) {
	ref := g.asks.add(ctx, g.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			g.env.Clock.After(retry, ctx.Self(), lagging{})
			return
		}
		g.tellHead(ctx, a.Value.(uint64))
	})
	ctx.Request(g.at.store, Query{ref, headOf{persistence.GroupConv(g.id)}})
}

func (g *Group) tellHead(ctx actor.Context, head uint64) {
	for _, user := range g.here {
		ctx.Send(g.at.users, Headed{user, persistence.Head{Conv: persistence.GroupConv(g.id), Seq: head}})
	}
}

func (g *Group) deserted(ctx actor.Context, msg deserted) {
	if msg.quiet == g.quiet && len(g.here) == 0 {
		ctx.Send(ctx.Parent(), idle[persistence.GroupID]{g.id, g.seen})
		g.env.Clock.After(g.env.Limits.Idle, ctx.Self(), msg) // should the parent not agree
	}
}
