package actors

import (
	"fmt"
	"strings"

	"github.com/asynkron/protoactor-go/actor"
)

// A fate is what becomes of a child that panicked. There are three: rebuild, retire and doom.
// The message in hand is lost with each; whoever waits for an answer has a deadline.
type fate struct {
	env  *Env
	do   func(*Env, actor.Supervisor, *actor.PID, any)
	word string
}

// rebuild starts the child anew under its old PID, with an empty state. Watchers are not told.
func rebuild(env *Env) *fate {
	return &fate{env, func(_ *Env, s actor.Supervisor, child *actor.PID, _ any) { s.RestartChildren(child) }, "rebuild"}
}

// retire stops the child; its watchers get *actor.Terminated.
func retire(env *Env) *fate {
	return &fate{env, func(_ *Env, s actor.Supervisor, child *actor.PID, _ any) { s.StopChildren(child) }, "retire"}
}

// doom ends the process: nothing works without the child.
func doom(env *Env) *fate {
	return &fate{env, func(e *Env, _ actor.Supervisor, child *actor.PID, reason any) { e.Fatal(child.Id, reason) }, "doom"}
}

// HandleFailure makes fate an actor.SupervisorStrategy.
func (f *fate) HandleFailure(_ *actor.ActorSystem, s actor.Supervisor, child *actor.PID, _ *actor.RestartStatistics, reason, message any) {
	kind := child.Id[:max(0, strings.LastIndexByte(child.Id, '/'))]
	f.env.Meter.Crashed(kind)
	f.env.Log.Error("an actor panicked", "actor", child.Id, "fate", f.word, "reason", reason, "message", typeName(message))
	f.do(f.env, s, child, reason)
}

func typeName(msg any) string { return fmt.Sprintf("%T", msg) }

// spawn starts a child. Its name must be free: a name used twice is a mistake of ours.
func spawn(ctx actor.Context, name string, props *actor.Props) *actor.PID {
	pid, err := ctx.SpawnNamed(props, name)
	if err != nil {
		panic(err)
	}
	return pid
}

// props are those of an actor whose children meet f; f is nil where it has none.
func (e *Env) props(make func() actor.Actor, f actor.SupervisorStrategy) *actor.Props {
	p := actor.PropsFromProducer(make, e.Props...)
	if f != nil {
		p.Configure(actor.WithSupervisor(f))
	}
	return p
}

// unknown is the default case of every Receive: a message nobody planned for is a bug.
func (e *Env) unknown(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Stopping, *actor.Stopped, *actor.Restarting, *actor.Started, *actor.Terminated, *actor.DeadLetterResponse:
	default:
		e.Log.Error("a message has no case", "actor", ctx.Self().Id, "message", typeName(msg))
	}
}

// fates are the fates of children that differ from their siblings, by name.
type fates struct {
	named  map[string]*fate
	others *fate
}

// HandleFailure makes fates an actor.SupervisorStrategy.
func (f *fates) HandleFailure(system *actor.ActorSystem, s actor.Supervisor, child *actor.PID, stats *actor.RestartStatistics, reason, message any) {
	own, ok := f.named[child.Id[strings.LastIndexByte(child.Id, '/')+1:]]
	if !ok {
		own = f.others
	}
	own.HandleFailure(system, s, child, stats, reason, message)
}
