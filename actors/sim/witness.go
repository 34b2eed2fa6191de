package sim

import "github.com/asynkron/protoactor-go/actor"

// Witness lets see know of each message that an actor is about to receive, and of the actor's name: to
// count which cases ever occur. Among them are *actor.Started and whatever else of the engine's an
// actor receives, and what makes it panic; a message that a fault keeps from it is not, nor is any
// that a probe gets. Worlds run in parallel call it so.
func Witness(see func(who string, msg any)) Option {
	return func(w *World) { w.see, w.seen = see, map[*actor.Props]bool{} }
}

// witness is an actor.PropsOption. Props may be configured twice and are to be witnessed once.
func (w *World) witness(props *actor.Props) {
	if w.seen[props] {
		return
	}
	w.seen[props] = true
	props.Configure(actor.WithReceiverMiddleware(func(next actor.ReceiverFunc) actor.ReceiverFunc {
		return func(ctx actor.ReceiverContext, posted *actor.MessageEnvelope) {
			if _, engines := posted.Message.(*actor.PoisonPill); !engines {
				w.see(ctx.Self().Id, posted.Message)
			}
			next(ctx, posted)
		}
	}))
}
