package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
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
	seats map[persistence.UserID]Seat   // of those here
	gone  map[persistence.UserID]uint64 // who was found removed without a seat here, which may be on its way
	hints bucket                        // what they may be told, each of them counted

	inbox inbox // the order of the messages

	reading bool      // memberships newer than ver are being read
	stale   bool      // they changed meanwhile
	news    []news    // of what changed; told when it is known who is left
	held    []*Parcel // what came meanwhile
	missed  uint64    // the highest seq that came when no more could be held; 0: none did
}

type (
	seated struct { // A member is online here.
		User persistence.UserID
		Seat Seat
	}
	unseated struct{ User persistence.UserID } // It is no more.
	behind   struct {                          // Messages may have been missed up to Head; 0: ask the store.
		Group persistence.GroupID
		Head  uint64
	}
	news struct { // An event, who was here before it, and whom it is about; 0: nobody in particular.
		here   []persistence.UserID
		about  persistence.UserID
		ends   bool // about's membership
		object []byte
	}
	interred struct{}               // Timer: no seat of who was removed is on its way any more.
	deserted struct{ quiet uint64 } // Timer: nobody has been here for a while.
	lacking  struct{}               // Timer: what is missing did not come.
	again    struct{}               // Timer: ask for the memberships again.
	lagging  struct{}               // Timer: ask for the head again.
)

// NewGroup makes a group without members, the nth child of its parent.
func NewGroup(id persistence.GroupID, env *Env, at places, nth uint64) *Group {
	return &Group{
		env: env, at: at, id: id, asks: newAsks(nth),
		seats: map[persistence.UserID]Seat{}, hints: newBucket(env.Limits.Hints), inbox: newInbox(env.Limits.Held),
	}
}

// Receive makes Group an actor.
func (g *Group) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case seated:
		g.seat(ctx, msg)
	case unseated:
		g.unseat(ctx, msg)
	case Fanout:
		g.fanout(ctx, msg.Parcel)
	case behind:
		g.behind(ctx, msg)
	case cluster.Relay:
		g.relay(ctx, msg)
	case cluster.Announce:
		g.announce(ctx, msg)
	case Answer:
		g.asks.answer(ctx, msg)
	case overdue:
		g.asks.expire(ctx, g.env)
	case lacking:
		g.fill(ctx)
	case again:
		g.read(ctx)
	case lagging:
		g.askHead(ctx)
	case interred:
		g.gone = nil
	case deserted:
		g.deserted(ctx, msg)
	default:
		g.env.unknown(ctx)
	}
}

func (g *Group) seat(ctx actor.Context, msg seated) {
	g.seen++
	if ver := g.gone[msg.User]; ver > msg.Seat.Ver {
		ctx.Send(g.at.users, Unseated{msg.User, g.id, ver})
		return
	}
	if at, found := slices.BinarySearch(g.here, msg.User); !found {
		g.here = slices.Insert(g.here, at, msg.User)
	}
	if msg.Seat.Ver >= g.seats[msg.User].Ver {
		g.seats[msg.User] = msg.Seat
	}
}

func (g *Group) unseat(ctx actor.Context, msg unseated) {
	g.seen++
	g.remove(msg.User)
	if len(g.here) == 0 {
		g.quiet++
		g.inbox.forget(g.conv()) // from now on nobody tells of it
		g.env.Clock.After(g.env.Limits.Idle, ctx.Self(), deserted{g.quiet})
	}
}

func (g *Group) remove(user persistence.UserID) {
	if at, found := slices.BinarySearch(g.here, user); found {
		g.here = slices.Delete(g.here, at, at+1)
	}
	delete(g.seats, user)
}

func (g *Group) send(ctx actor.Context, p *Parcel) {
	for _, user := range g.here {
		if g.seats[user].Since < p.Seq {
			ctx.Send(g.at.users, Deliver{user, p})
		}
	}
}

// read learns of the memberships that changed, then lets go what waited for that.
func (g *Group) read(ctx actor.Context) {
	g.reading, g.stale = true, false
	ref := g.asks.add(ctx, g.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			g.env.Clock.After(retry, ctx.Self(), again{})
			return
		}
		g.learn(ctx, a.Value.([]persistence.Member))
		if g.stale || slices.ContainsFunc(g.held, func(p *Parcel) bool { return p.Ver > g.ver }) {
			g.read(ctx)
			return
		}
		g.tell(ctx)
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

// learn takes over what is newer than the seats known here. Who is gone is told so also where it has
// no seat here: it may be about to take one, or wait for rows of a stay that is over.
func (g *Group) learn(ctx actor.Context, changed []persistence.Member) {
	for _, m := range changed {
		g.ver = max(g.ver, m.Ver)
		seat, here := g.seats[m.ID]
		switch {
		case here && m.Ver <= seat.Ver, !here && !m.Gone:
		case m.Gone:
			g.inter(ctx, m, here)
			g.remove(m.ID)
			ctx.Send(g.at.users, Unseated{m.ID, g.id, m.Ver})
		default:
			g.seats[m.ID] = Seat{g.id, m.Since, m.Ver}
		}
	}
}

// inter remembers who is gone and has no seat here, for as long as one may be on its way.
func (g *Group) inter(ctx actor.Context, m persistence.Member, here bool) {
	if here {
		return
	}
	if g.gone == nil {
		g.gone = map[persistence.UserID]uint64{}
		g.env.Clock.After(2*g.env.Limits.Reply, ctx.Self(), interred{})
	}
	g.gone[m.ID] = m.Ver
}

// relay hands a hint to the members here, unless they were told too much of late.
func (g *Group) relay(ctx actor.Context, msg cluster.Relay) {
	g.seen++
	if !g.mayTell(g.here) {
		return
	}
	to := slices.DeleteFunc(slices.Clone(g.here), func(user persistence.UserID) bool { return user == msg.From })
	ctx.Send(g.at.users, cluster.Hint{To: to, From: msg.From, Object: msg.Object})
}

// announce learns of a change, then tells those who were here before and whom it is about: who is
// removed hears of it last of all. One without an event is only to be learned of.
func (g *Group) announce(ctx actor.Context, msg cluster.Announce) {
	g.seen++
	if msg.Event.Kind != "" {
		ends := msg.Event.Kind == wire.GroupLeft || msg.Event.Kind == wire.GroupKicked
		g.news = append(g.news, news{slices.Clone(g.here), persistence.UserID(msg.Event.ID), ends, hint(msg.Event)})
	}
	if g.stale = true; !g.reading {
		g.read(ctx)
	}
}

// tell tells the news: to all, unless they were told too much of late, and to whom it is about.
func (g *Group) tell(ctx actor.Context) {
	var ended []persistence.UserID
	for _, n := range g.news {
		to := slices.DeleteFunc(n.here, func(user persistence.UserID) bool { return user == n.about || slices.Contains(ended, user) })
		if n.ends {
			ended = append(ended, n.about)
		}
		if !g.mayTell(to) {
			to = nil
		}
		if n.about != 0 {
			to = append(to, n.about)
		}
		ctx.Send(g.at.users, cluster.Hint{To: to, Object: n.object})
	}
	g.news = nil
}

// mayTell keeps one member from making work for all others: a hint costs as much as there are of them.
func (g *Group) mayTell(users []persistence.UserID) bool {
	return g.hints.spend(g.env.Clock.Now(), len(users)) == 0
}

func (g *Group) deserted(ctx actor.Context, msg deserted) {
	if msg.quiet == g.quiet && len(g.here) == 0 {
		ctx.Send(ctx.Parent(), idle[persistence.GroupID]{g.id, g.seen})
		g.env.Clock.After(g.env.Limits.Idle, ctx.Self(), msg) // should the parent not agree
	}
}
