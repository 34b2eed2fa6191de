package actors

import "github.com/asynkron/protoactor-go/actor"

// Root is the only top-level actor. It spawns the others, passes new connections on, and ends
// the node in order. Nothing works without it or its children: their panic ends the process.
type Root struct {
	env     *Env
	at      places
	stages  []*actor.PID // what is still to be drained, in order
	drainer *actor.PID
}

type (
	// Drain asks an actor to end what it does: sessions finish what they were asked, users write
	// their marks down, the store commits what it holds. Reply: Drained.
	Drain   struct{}
	Drained struct{}
)

// places are where the parents live; every actor finds the others by them.
type places struct{ store, router, presence, groups, users, accounts, sessions *actor.PID }

// Start spawns the tree and returns its root, which takes Connected and Drain.
func Start(system *actor.ActorSystem, env *Env) *actor.PID { return start(system, env, "root") }

func start(system *actor.ActorSystem, env *Env, name string) *actor.PID {
	children := &fates{named: map[string]*fate{"accounts": rebuild(env), "router": rebuild(env), "presence": rebuild(env)}, others: doom(env)}
	root := env.props(func() actor.Actor { return &Root{env: env} }, children).
		Configure(actor.WithGuardian(doom(env)))
	pid, err := system.Root.SpawnNamed(root, name)
	if err != nil {
		panic(err) // a second root in one system
	}
	return pid
}

// Receive makes Root an actor.
func (r *Root) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Started:
		r.start(ctx)
	case Connected:
		ctx.Send(r.at.sessions, msg)
	case Drain:
		r.drain(ctx)
	case Drained:
		r.next(ctx)
	default:
		r.env.unknown(ctx)
	}
}

func (r *Root) start(ctx actor.Context) {
	below := func(name string) *actor.PID { return actor.NewPID(ctx.Self().Address, ctx.Self().Id+"/"+name) }
	r.at = places{store: below("store"), router: below("router"), presence: below("presence"), groups: below("groups"), users: below("users"),
		accounts: below("accounts"), sessions: below("sessions")}
	e, at := r.env, r.at
	past, born := newPast(e.Clock.Now()), uint64(0)
	spawn(ctx, "store", e.props(func() actor.Actor { return NewStore(e, at) }, rebuild(e)))
	spawn(ctx, "groups", e.props(func() actor.Actor { return NewGroups(e, at) }, retire(e)))
	spawn(ctx, "users", e.props(func() actor.Actor { return NewUsers(e, at) }, retire(e)))
	spawn(ctx, "presence", e.props(func() actor.Actor { born++; return NewPresence(e, at, born) }, nil))
	spawn(ctx, "router", e.props(func() actor.Actor { return NewRouter(e, at, past) }, nil)) // asks users and groups at once
	spawn(ctx, "accounts", e.props(func() actor.Actor { return NewAccounts(e, at) }, nil))
	spawn(ctx, "sessions", e.props(func() actor.Actor { return NewSessions(e, at) }, retire(e)))
	at.doubt(e) // a process of this node that died may have left calls of the store under way
}

// drain ends the node from the outside in, so that each part can still use those behind it.
func (r *Root) drain(ctx actor.Context) {
	if r.drainer != nil {
		return
	}
	r.drainer = ctx.Sender()
	r.stages = []*actor.PID{r.at.sessions, r.at.accounts, r.at.users, r.at.store, r.at.router}
	ctx.Request(r.stages[0], Drain{})
}

func (r *Root) next(ctx actor.Context) {
	r.stages = r.stages[1:]
	if len(r.stages) > 0 {
		ctx.Request(r.stages[0], Drain{})
		return
	}
	ctx.Send(r.drainer, Drained{})
}
