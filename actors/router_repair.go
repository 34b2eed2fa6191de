package actors

import (
	"context"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/persistence"
)

// repairs are how a node comes by what it was not told: it reads what was stored of late, and tells
// everybody here who may lack some of it. While something is known to keep others from telling, that
// is done with every beat; else once for everything that was missed. A node that others take for dead
// may only be cut off from the bus: for a while they read now and then what it may have stored.
type repairs struct {
	good    *time.Time // all that was stored before has come here
	owed    bool       // something was missed since
	open    bool       // and more may be
	running bool
	last    time.Time // when the last one began
	from    time.Time // the good time that the one running looks back to
}

// repaired is what was stored of late.
type repaired struct {
	by      *Router
	begun   time.Time
	changes persistence.Changes
	err     error
}

// repairWindow is how far before the last good time a repair looks: more than a commit and the
// discovery of a gap take.
const repairWindow = 30 * time.Second

// missTime is for how long a node that is taken for dead may live, and store what it can tell nobody.
const missTime = time.Hour

// missing tells whether some node may.
func (p *past) missing(now time.Time) bool {
	for _, since := range p.gone {
		if now.Sub(since) < missTime {
			return true
		}
	}
	return false
}

// lastHeard tells when a node was heard before, in whatever life, at most missTime ago; where it never was, since
// when it could have been. It is heard now.
func (p *past) lastHeard(node cluster.NodeID, now time.Time) time.Time {
	then, ok := p.heard[node.Name()]
	if p.heard[node.Name()] = now; !ok {
		then = p.born
	}
	if earliest := now.Add(-missTime); then.Before(earliest) {
		return earliest
	}
	return then
}

// owe notes that something was missed.
func (p *repairs) owe() { p.owed = true }

// since notes that something was missed after a time.
func (p *repairs) since(then time.Time) {
	p.owed = true
	if then.Before(*p.good) {
		*p.good = then
	}
}

// keep notes at now whether something keeps others from telling, and whether a repair is due. What
// closes is read once more.
func (p *repairs) keep(now time.Time, open bool) (due bool) {
	p.owed = p.owed || open || p.open
	p.open = open
	if !p.owed && !p.running {
		*p.good = now
	}
	return p.owed
}

// begin tells how far back a repair that begins now has to look; false where one is running.
func (p *repairs) begin(now time.Time) (ago time.Duration, ok bool) {
	if p.running {
		return 0, false
	}
	p.running, p.owed, p.from, p.last = true, false, *p.good, now
	return now.Sub(*p.good) + repairWindow, true
}

// end notes the end of the one that began at begun. The next one looks further back where it turned out
// meanwhile that this one did not look back far enough.
func (p *repairs) end(begun time.Time, done bool) {
	p.running = false
	if !done {
		p.owed = true
		return
	}
	if p.good.Equal(p.from) {
		*p.good = begun
	}
}

// check repairs what was missed, with every beat while a gap lasts.
func (r *Router) check(ctx actor.Context) {
	now := r.env.Clock.Now()
	open := r.deaf() || r.claims.late > 0 || r.links.silent(r.peers(), now)
	switch r.env.Meter.Deaf(open); {
	case open && !r.repairs.open:
		r.env.Log.Warn("other nodes are not all heard, what they send is read from the store", "bus", !r.deaf(), "unclaimed", r.claims.late)
	case !open && r.repairs.open:
		r.env.Log.Info("other nodes are heard")
	}
	if now.Sub(r.repairs.last) >= cluster.LeaseTime && r.past.missing(now) {
		r.repairs.owe()
	}
	if r.repairs.keep(now, open) {
		r.repair(ctx)
	}
}

// gap repairs at once what was found missing.
func (r *Router) gap(ctx actor.Context, what string, args ...any) {
	r.env.Log.Info(what, args...)
	r.env.Meter.Gap()
	r.repairs.owe()
	r.repair(ctx)
}

// doubt is a gap of this node and of all others.
func (r *Router) doubt(ctx actor.Context) {
	r.links.skip()
	r.repairs.owe()
	r.repair(ctx)
}

func (r *Router) repair(ctx actor.Context) {
	if r.told < 2 {
		return
	}
	begun := r.env.Clock.Now()
	ago, ok := r.repairs.begin(begun)
	if !ok {
		return
	}
	r.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		changes, err := guard(r.env, func() (persistence.Changes, error) { return r.env.Store.Changed(ctx, ago) })
		return repaired{r, begun, changes, err}
	})
}

// repaired tells those who are here.
func (r *Router) repaired(ctx actor.Context, msg repaired) {
	if msg.by != r {
		return
	}
	r.repairs.end(msg.begun, msg.err == nil)
	if msg.err != nil {
		r.env.Log.Warn("what was stored of late could not be read, it is tried again", "err", msg.err)
		return
	}
	for _, id := range msg.changes.Groups {
		if r.claims.has(cluster.GroupKey(id)) {
			ctx.Send(r.at.groups, cluster.Announce{Group: id})
		}
	}
	for _, id := range msg.changes.Users {
		if r.claims.has(cluster.UserKey(id)) {
			ctx.Send(r.at.users, cluster.Refresh{User: id})
		}
	}
	for _, head := range msg.changes.Heads {
		r.tellHead(ctx, head)
	}
}

func (r *Router) tellHead(ctx actor.Context, head persistence.Head) {
	if group, ok := head.Conv.Group(); ok {
		if r.claims.has(cluster.GroupKey(group)) {
			ctx.Send(r.at.groups, behind{group, head.Seq})
		}
		return
	}
	lo, hi := head.Conv.Users()
	for _, id := range []persistence.UserID{lo, hi} {
		if r.claims.has(cluster.UserKey(id)) {
			ctx.Send(r.at.users, Headed{id, head})
		}
	}
}
