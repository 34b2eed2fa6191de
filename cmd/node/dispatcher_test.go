package main

import (
	"log/slog"
	"sync"
	"testing"

	"github.com/asynkron/protoactor-go/actor"
)

func TestActorsThatBlockDoNotStopTheOthers(t *testing.T) {
	d, release := &dispatcher{}, make(chan struct{})
	var running, all sync.WaitGroup
	for range 2 * idleWorkers {
		running.Add(1)
		all.Add(1)
		d.Schedule(func() {
			defer all.Done()
			running.Done()
			<-release
		})
	}
	running.Wait() // all at once, though more than are ever kept
	close(release)
	all.Wait()
}

// BenchmarkDispatcher sends one message at a time around a ring of actors, so that each wakes an idle one.
func BenchmarkDispatcher(b *testing.B) {
	for name, props := range map[string][]actor.PropsOption{
		"own mailbox": (&dispatcher{}).props(),
		"reused":      {actor.WithDispatcher(&dispatcher{})},
		"stock":       nil,
	} {
		b.Run(name, func(b *testing.B) { ring(b, props, 1) })
		b.Run(name+"/64 at once", func(b *testing.B) { ring(b, props, 64) })
	}
}

// ring passes tokens around 1000 actors until b.N hops were made.
func ring(b *testing.B, props []actor.PropsOption, tokens int) {
	type token struct{ hops int }
	quiet := slog.New(slog.DiscardHandler)
	system := actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }))
	pids := make([]*actor.PID, 1000)
	var done sync.WaitGroup
	for i := range pids {
		pids[i] = system.Root.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
			if msg, ok := ctx.Message().(token); ok {
				if msg.hops == 0 {
					done.Done()
					return
				}
				deep(40)
				ctx.Send(pids[(i+7)%len(pids)], token{msg.hops - 1})
			}
		}, props...))
	}
	done.Add(tokens)
	b.ResetTimer()
	for i := range tokens {
		system.Root.Send(pids[i], token{b.N / tokens})
	}
	done.Wait()
}

// deep uses about 8 KB of stack, as decoding a message or building one does.
//
//go:noinline
func deep(n int) (sum byte) {
	var frame [128]byte
	if n > 0 {
		frame[n] = deep(n - 1)
	}
	return frame[n] + 1
}
