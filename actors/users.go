package actors

import (
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/persistence"
)

// Users spawns a User for each account that has a session on this node, routes to them and
// knows who is here. It only routes: a panic here ends the process.
type Users struct {
	env     *Env
	at      places
	users   *nursery[persistence.UserID]
	here    map[persistence.UserID]bool // who claims to be found here
	drainer *actor.PID
}

type (
	// Deliver hands a user a message of one of its conversations.
	Deliver struct {
		To     persistence.UserID
		Parcel *Parcel
	}
	// Headed tells a user how far a conversation has come: it reads what it lacks.
	Headed struct {
		To   persistence.UserID
		Head persistence.Head
	}
)

// NewUsers makes the parent of all users.
func NewUsers(env *Env, at places) *Users {
	u := &Users{env: env, at: at, here: map[persistence.UserID]bool{}}
	u.users = newNursery(env, func(id persistence.UserID, nth uint64) actor.Actor { return NewUser(id, env, at, nth) })
	return u
}

// Receive makes Users an actor.
func (u *Users) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case Attach:
		u.users.call(ctx, msg.User, msg)
	case Detach:
		u.users.tell(ctx, msg.User, msg)
	case Deliver:
		u.users.tell(ctx, msg.To, msg)
	case Headed:
		u.users.tell(ctx, msg.To, msg)
	case cluster.Hint:
		u.hint(ctx, msg)
	case Unseated:
		u.users.tell(ctx, msg.User, msg)
	case cluster.Expel:
		u.users.tell(ctx, msg.User, msg)
	case cluster.Marked:
		u.users.tell(ctx, msg.Mark.User, msg)
	case cluster.Refresh:
		u.users.tell(ctx, msg.User, msg)
	case Who:
		u.who(ctx, msg)
	case Claim:
		u.claim(ctx, msg)
	case Release:
		u.release(ctx, msg)
	case Reclaim:
		u.reclaim(ctx)
	case idle[persistence.UserID]:
		u.users.release(ctx, msg)
	case Drain:
		u.drain(ctx)
	case *actor.Terminated:
		u.ended(ctx, msg)
	default:
		u.env.unknown(ctx)
	}
}

func (u *Users) hint(ctx actor.Context, msg cluster.Hint) {
	for _, id := range msg.To {
		u.users.tell(ctx, id, msg)
	}
}

// who answers for those who are here, and lets Presence look for the others.
func (u *Users) who(ctx actor.Context, msg Who) {
	online := map[persistence.UserID]bool{}
	var rest []persistence.UserID
	for _, id := range msg.Users {
		if u.here[id] {
			online[id] = true
		} else {
			rest = append(rest, id)
		}
	}
	if len(rest) == 0 {
		ctx.Respond(Answer{Ref: msg.Ref, Value: online})
		return
	}
	ctx.RequestWithCustomSender(u.at.presence, elsewhere{msg.Ref, online, rest}, ctx.Sender())
}

// claim notes whose claim this is: should the router die, or the user, somebody has to know. It may
// come late, from a User that has died since.
func (u *Users) claim(ctx actor.Context, msg Claim) {
	id, _ := msg.Keys[0].User()
	if u.users.kids[id] == nil {
		return
	}
	if !u.here[id] {
		u.here[id] = true
		u.env.Meter.Online(1)
	}
	ctx.Forward(u.at.router)
}

// release takes it back. At the end of the node all claims end together, when the others learn of it.
func (u *Users) release(ctx actor.Context, msg Release) {
	id, _ := msg.Keys[0].User()
	u.forget(id)
	if u.drainer != nil {
		ctx.Respond(Answer{Ref: msg.Ref})
		return
	}
	ctx.Forward(u.at.router)
}

func (u *Users) forget(id persistence.UserID) {
	if u.here[id] {
		delete(u.here, id)
		u.env.Meter.Online(-1)
	}
}

func (u *Users) reclaim(ctx actor.Context) {
	var keys []cluster.Key
	for _, id := range slices.Sorted(maps.Keys(u.here)) {
		keys = append(keys, cluster.UserKey(id))
	}
	ctx.Send(u.at.router, Claim{Keys: keys})
}

func (u *Users) drain(ctx actor.Context) {
	u.drainer = ctx.Sender()
	for _, id := range u.users.keys() {
		u.users.tell(ctx, id, Drain{})
	}
	u.drained(ctx)
}

func (u *Users) drained(ctx actor.Context) {
	if u.drainer != nil && len(u.users.kids) == 0 {
		ctx.Send(u.drainer, Drained{})
	}
}

func (u *Users) ended(ctx actor.Context, msg *actor.Terminated) {
	id, agreed, late := u.users.ended(ctx, msg.Who)
	if !agreed && u.drainer == nil { // at the end all leave, and an Exit was sent
		ctx.Send(u.at.groups, Gone{id})
		u.died(ctx, id)
	}
	u.users.revive(ctx, id, late)
	u.drained(ctx)
}

// died takes back the claim of a user who died. Its clients come again, or it is told to be gone, as one
// whose clients had left already. It may have changed something, and told nobody.
func (u *Users) died(ctx actor.Context, id persistence.UserID) {
	key := cluster.UserKey(id)
	if u.here[id] {
		u.forget(id)
		ctx.Send(u.at.router, Release{Keys: []cluster.Key{key}})
	}
	u.env.Clock.After(u.env.Limits.Absence, u.at.presence, Left{key})
	u.at.doubt(u.env)
}
