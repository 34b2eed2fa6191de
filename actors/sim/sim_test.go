package sim_test

import (
	"fmt"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

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

// recorder is the testing.TB of a world that is meant to fail.
type recorder struct {
	testing.TB
	errors   []string
	logs     []string
	cleanups []func()
}

// end is what a recorder's Fatalf panics with.
type end struct{}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(end{})
}

func (r *recorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func (r *recorder) Failed() bool     { return len(r.errors) > 0 }
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// verdict runs test as if it were a test of its own, in a world of its own.
func verdict(t *testing.T, test func(w *sim.World), opts ...sim.Option) *recorder {
	t.Helper()
	r := &recorder{TB: t}
	func() {
		defer func() {
			if reason := recover(); reason != nil && reason != (end{}) {
				panic(reason)
			}
		}()
		test(sim.New(r, opts...))
	}()
	for _, cleanup := range r.cleanups {
		cleanup()
	}
	return r
}
