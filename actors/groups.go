package actors

import (
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/persistence"
)

// Groups spawns a Group for each group with a member online here, claims it, and remembers those
// members, so that a Group that died is started again as it was. It only routes: a panic here ends the process.
type Groups struct {
	env    *Env
	at     places
	groups *nursery[persistence.GroupID]
	here   map[persistence.GroupID]map[persistence.UserID]Seat // who entered
}

type (
	// Enter says that a user who is online here is in these groups. Answer: that of the Claim. What is
	// stored after the answer reaches the user; what was stored before it the user reads itself.
	Enter struct {
		Ref   uint64
		User  persistence.UserID
		Seats []Seat
	}
	// Seat is a place in a group, whose holder reads what comes after Since, as of version Ver of
	// the group.
	Seat struct {
		Group persistence.GroupID
		Since uint64
		Ver   uint64
	}
	// Exit takes an Enter back.
	Exit struct {
		User   persistence.UserID
		Groups []persistence.GroupID
	}
	// Gone takes all Enters of a user back, who died without an Exit.
	Gone struct{ User persistence.UserID }
	// Fanout hands a group's message to its members here.
	Fanout struct {
		Group  persistence.GroupID
		Parcel *Parcel
	}
)

// NewGroups makes the parent of all groups.
func NewGroups(env *Env, at places) *Groups {
	g := &Groups{env: env, at: at, here: map[persistence.GroupID]map[persistence.UserID]Seat{}}
	g.groups = newNursery(env, func(id persistence.GroupID, nth uint64) actor.Actor { return NewGroup(id, env, at, nth) })
	return g
}

// Receive makes Groups an actor.
func (g *Groups) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case Enter:
		g.enter(ctx, msg)
	case Exit:
		g.exit(ctx, msg)
	case Gone:
		g.gone(ctx, msg)
	case Fanout:
		g.groups.tell(ctx, msg.Group, msg)
	case behind:
		g.groups.tell(ctx, msg.Group, msg)
	case cluster.Relay:
		g.groups.tell(ctx, msg.Group, msg)
	case cluster.Announce:
		g.groups.tell(ctx, msg.Group, msg)
	case Reclaim:
		g.reclaim(ctx)
	case idle[persistence.GroupID]:
		g.groups.release(ctx, msg)
	case *actor.Terminated:
		g.ended(ctx, msg)
	default:
		g.env.unknown(ctx)
	}
}

func (g *Groups) enter(ctx actor.Context, msg Enter) {
	var keys []cluster.Key
	for _, seat := range msg.Seats {
		if g.here[seat.Group] == nil {
			g.here[seat.Group] = map[persistence.UserID]Seat{}
		}
		if seat.Ver >= g.here[seat.Group][msg.User].Ver {
			g.here[seat.Group][msg.User] = seat
		}
		g.groups.call(ctx, seat.Group, seated{msg.User, seat})
		keys = append(keys, cluster.GroupKey(seat.Group))
	}
	ctx.RequestWithCustomSender(g.at.router, Claim{Ref: msg.Ref, Keys: keys}, ctx.Sender())
}

func (g *Groups) exit(ctx actor.Context, msg Exit) {
	var left []cluster.Key
	for _, id := range msg.Groups {
		delete(g.here[id], msg.User)
		if len(g.here[id]) == 0 {
			delete(g.here, id)
			left = append(left, cluster.GroupKey(id))
		}
		g.groups.tell(ctx, id, unseated{msg.User})
	}
	if len(left) > 0 {
		ctx.Send(g.at.router, Release{Keys: left})
	}
}

func (g *Groups) reclaim(ctx actor.Context) {
	var keys []cluster.Key
	for _, id := range slices.Sorted(maps.Keys(g.here)) {
		keys = append(keys, cluster.GroupKey(id))
	}
	ctx.Send(g.at.router, Claim{Keys: keys})
}

func (g *Groups) gone(ctx actor.Context, msg Gone) {
	var groups []persistence.GroupID
	for _, id := range slices.Sorted(maps.Keys(g.here)) {
		if _, here := g.here[id][msg.User]; here {
			groups = append(groups, id)
		}
	}
	g.exit(ctx, Exit{msg.User, groups})
}

// ended starts a group that died again, with its members, and lets them catch up.
func (g *Groups) ended(ctx actor.Context, msg *actor.Terminated) {
	id, agreed, late := g.groups.ended(ctx, msg.Who)
	g.groups.revive(ctx, id, late)
	if agreed {
		return
	}
	for _, user := range slices.Sorted(maps.Keys(g.here[id])) {
		g.groups.call(ctx, id, seated{user, g.here[id][user]})
	}
	g.groups.tell(ctx, id, behind{Group: id})
}
