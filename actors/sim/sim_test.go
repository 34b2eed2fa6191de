package sim_test

import "github.com/asynkron/protoactor-go/actor"

// echo answers every string with itself.
func echo() *actor.Props {
	return actor.PropsFromFunc(func(ctx actor.Context) {
		if msg, ok := ctx.Message().(string); ok {
			ctx.Respond(msg)
		}
	})
}

// counter answers each "count" with how many it has had, and panics at "boom".
func counter() *actor.Props {
	return actor.PropsFromProducer(func() actor.Actor {
		n := 0
		return actor.ReceiveFunc(func(ctx actor.Context) {
			switch ctx.Message() {
			case "count":
				n++
				ctx.Respond(n)
			case "boom":
				panic("boom")
			}
		})
	})
}

// ending is the fate of a child that panics: it stops.
func ending() actor.PropsOption {
	stop := func(any) actor.Directive { return actor.StopDirective }
	return actor.WithSupervisor(actor.NewOneForOneStrategy(0, 0, stop))
}
