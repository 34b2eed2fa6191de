package actors

import (
	"context"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// Presence knows who is online on any node, and tells those who watch somebody when that changes. It
// settles the estates of nodes that died. Rebuilt on panic: what it was about to tell is lost, and
// lists tell the truth.
//
// Whoever is shown as offline is hidden on the bus first, so that the claim after it finds out and tells.
// One who is gone for less than Limits.Absence stays shown, and neither going nor coming is told.
type Presence struct {
	env  *Env
	at   places
	asks asks
	dead []cluster.NodeID

	queue   []change // to be told, in order
	busy    map[cluster.Key]bool
	estates map[cluster.NodeID]int // of the dead: what of it is not told, 0 until it is known
}

// change is a user who came, or may have left. Of one user one is told at a time.
type change struct {
	user cluster.Key
	came bool
	from cluster.NodeID // the dead node whose estate it is of; "": none
}

type (
	// Who asks which users are online. Answer: map[persistence.UserID]bool with those who are.
	Who struct {
		Ref   uint64
		Users []persistence.UserID
	}
	// Came says that users have a session whom somebody was shown as offline.
	Came struct{ Users []cluster.Key }
	// Left says that a user may be on no node any more.
	Left struct{ User cluster.Key }

	// elsewhere asks which of rest are online too; Answer as for Who.
	elsewhere struct {
		ref    uint64
		online map[persistence.UserID]bool
		rest   []persistence.UserID
	}
	probate struct { // Timer: whoever of a dead node has not come elsewhere by now is gone.
		by   *Presence
		dead cluster.NodeID
	}
	untold struct { // Timer: neither the bus nor the store could be asked, or not yet.
		by     *Presence
		change change
	}
	recheck struct{ user cluster.Key } // Timer: see whether it is true still that a user is gone.
)

// What the crew reports. by is the Presence that set it to work.
type (
	inherited struct {
		by   *Presence
		dead cluster.NodeID
		keys []cluster.Key
		ok   bool
	}
	buried struct {
		by   *Presence
		dead cluster.NodeID
		err  error
	}
	settled struct {
		by     *Presence
		change change
		gone   bool
		err    error
	}
	rechecked struct {
		recheck
		online bool
	}
)

// NewPresence makes the nth, which knows of no node.
func NewPresence(env *Env, at places, nth uint64) *Presence {
	return &Presence{env: env, at: at, asks: newAsks(nth), busy: map[cluster.Key]bool{}, estates: map[cluster.NodeID]int{}}
}

// Receive makes Presence an actor.
func (p *Presence) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case Viewed:
		p.viewed(ctx, msg.View)
	case elsewhere:
		p.elsewhere(ctx, msg)
	case Came:
		p.came(ctx, msg)
	case Left:
		p.tell(ctx, change{user: msg.User})
	case settled:
		p.settled(ctx, msg)
	case untold:
		p.again(ctx, msg)
	case recheck:
		p.recheck(ctx, msg)
	case rechecked:
		p.rechecked(ctx, msg)
	case probate:
		p.inherit(ctx, msg)
	case inherited:
		p.inherited(ctx, msg)
	case buried:
		p.buried(ctx, msg)
	case Answer:
		p.asks.answer(ctx, msg)
	case overdue:
		p.asks.expire(ctx, p.env)
	default:
		p.env.unknown(ctx)
	}
}

// elsewhere answers with what is known here where the bus does not.
func (p *Presence) elsewhere(ctx actor.Context, msg elsewhere) {
	dead, asker := p.dead, ctx.Sender()
	p.env.Crew.Run(asker, func(ctx context.Context) any {
		guard(p.env, func() (any, error) { return nil, seek(ctx, p.env.Bus, dead, msg) })
		return Answer{Ref: msg.ref, Value: msg.online}
	})
}

// seek adds those who are online on another node. The others are hidden: who comes after that tells.
func seek(ctx context.Context, bus cluster.Bus, dead []cluster.NodeID, msg elsewhere) error {
	rest := msg.rest
	for _, look := range []func(context.Context, []cluster.Key) ([][]cluster.NodeID, error){bus.Locate, bus.Hide} {
		keys := make([]cluster.Key, len(rest))
		for i, id := range rest {
			keys[i] = cluster.UserKey(id)
		}
		at, err := look(ctx, keys)
		if err != nil {
			return err
		}
		var absent []persistence.UserID
		for i, id := range rest {
			if anyAlive(at[i], dead) {
				msg.online[id] = true
			} else {
				absent = append(absent, id)
			}
		}
		if rest = absent; len(rest) == 0 {
			return nil
		}
	}
	return nil
}

func anyAlive(nodes, dead []cluster.NodeID) bool {
	return slices.ContainsFunc(nodes, func(id cluster.NodeID) bool { return !slices.Contains(dead, id) })
}

func (p *Presence) came(ctx actor.Context, msg Came) {
	for _, user := range msg.Users {
		p.tell(ctx, change{user: user, came: true})
	}
}

// tell tells of a change when it has its turn.
func (p *Presence) tell(ctx actor.Context, c change) {
	p.queue = append(p.queue, c)
	p.next(ctx)
}

func (p *Presence) next(ctx actor.Context) {
	for len(p.busy) < p.env.Limits.Queries {
		at := slices.IndexFunc(p.queue, func(c change) bool { return !p.busy[c.user] })
		if at < 0 {
			return
		}
		c := p.queue[at]
		p.queue = slices.Delete(p.queue, at, at+1)
		p.busy[c.user] = true
		p.begin(ctx, c)
	}
}

func (p *Presence) begin(ctx actor.Context, c change) {
	if c.came {
		p.spread(ctx, c)
	} else {
		p.settle(ctx, c)
	}
}

// settle finds out whether a user is gone from every node, and hides it then.
func (p *Presence) settle(ctx actor.Context, c change) {
	dead := p.dead
	p.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		online := map[persistence.UserID]bool{}
		id, _ := c.user.User()
		_, err := guard(p.env, func() (any, error) {
			return nil, seek(ctx, p.env.Bus, dead, elsewhere{online: online, rest: []persistence.UserID{id}})
		})
		return settled{p, c, !online[id], err}
	})
}

func (p *Presence) settled(ctx actor.Context, msg settled) {
	switch {
	case msg.by != p:
	case msg.err != nil:
		p.env.Clock.After(retry, ctx.Self(), untold{p, msg.change})
	case msg.gone:
		p.spread(ctx, msg.change)
	default:
		p.told(ctx, msg.change)
	}
}

// again begins anew with a change that could not be told. It has kept its turn, so what waits behind it does
// not ask in vain.
func (p *Presence) again(ctx actor.Context, msg untold) {
	if msg.by == p {
		p.begin(ctx, msg.change)
	}
}

// spread tells the watchers. Where that is of a departure it may be overtaken by that of an arrival.
func (p *Presence) spread(ctx actor.Context, c change) {
	id, _ := c.user.User()
	ref := p.asks.add(ctx, p.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			p.env.Clock.After(retry, ctx.Self(), untold{p, c})
			return
		}
		watchers := a.Value.([]persistence.UserID)
		p.hint(ctx, id, c.came, watchers)
		if !c.came && len(watchers) > 0 {
			p.env.Clock.After(retry, ctx.Self(), recheck{c.user})
		}
		p.told(ctx, c)
	})
	ctx.Request(p.at.store, Query{ref, watchersOf{id, p.env.Limits.Watchers}})
}

func (p *Presence) hint(ctx actor.Context, user persistence.UserID, online bool, watchers []persistence.UserID) {
	if len(watchers) > 0 {
		object := hint(wire.Presence{ID: int64(user), Online: online})
		p.at.spread(ctx, p.env, cluster.Hint{To: watchers, Object: object})
	}
}

func (p *Presence) told(ctx actor.Context, c change) {
	delete(p.busy, c.user)
	if c.from != "" {
		p.estates[c.from]--
		p.bury(ctx, c.from)
	}
	p.next(ctx)
}

func (p *Presence) recheck(ctx actor.Context, msg recheck) {
	dead := p.dead
	p.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		at, err := guard(p.env, func() ([][]cluster.NodeID, error) { return p.env.Bus.Locate(ctx, []cluster.Key{msg.user}) })
		return rechecked{msg, err == nil && anyAlive(at[0], dead)}
	})
}

// rechecked tells anew that a user is here, of whom it was told that it is gone.
func (p *Presence) rechecked(ctx actor.Context, msg rechecked) {
	if msg.online {
		p.tell(ctx, change{user: msg.user, came: true})
	}
}
