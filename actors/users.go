package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// Users spawns a User for each account that has a session on this node, routes to them and
// knows who is online. It only routes: a panic here ends the process.
type Users struct {
	env     *Env
	at      places
	users   *nursery[persistence.UserID]
	online  map[persistence.UserID]bool
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
	// Who asks which users are online. Answer: map[persistence.UserID]bool with those who are.
	Who struct {
		Ref   uint64
		Users []persistence.UserID
	}
	// Appeared and Vanished say that a user has its first session, or has lost its last.
	Appeared struct{ User persistence.UserID }
	Vanished struct{ User persistence.UserID }
)

// NewUsers makes the parent of all users.
func NewUsers(env *Env, at places) *Users {
	u := &Users{env: env, at: at, online: map[persistence.UserID]bool{}}
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
	case Hint:
		u.users.tell(ctx, msg.To, msg)
	case Unseated:
		u.users.tell(ctx, msg.User, msg)
	case Expel:
		u.users.tell(ctx, msg.User, msg)
	case Who:
		u.who(ctx, msg)
	case Appeared:
		u.appeared(msg.User)
	case Vanished:
		u.vanished(msg.User)
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

func (u *Users) who(ctx actor.Context, msg Who) {
	online := map[persistence.UserID]bool{}
	for _, id := range msg.Users {
		if u.online[id] {
			online[id] = true
		} else {
			u.users.tell(ctx, id, spotted{id})
		}
	}
	ctx.Respond(Answer{Ref: msg.Ref, Value: online})
}

// appeared may come late, from a User that has died since.
func (u *Users) appeared(id persistence.UserID) {
	if u.users.kids[id] != nil && !u.online[id] {
		u.online[id] = true
		u.env.Meter.Online(1)
	}
}

func (u *Users) vanished(id persistence.UserID) {
	if u.online[id] {
		delete(u.online, id)
		u.env.Meter.Online(-1)
	}
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
	id, agreed := u.users.ended(ctx, msg.Who)
	if !agreed && u.drainer == nil { // at the end all leave, and an Exit was sent
		ctx.Send(u.at.groups, Gone{id})
	}
	u.vanished(id)
	u.drained(ctx)
}
