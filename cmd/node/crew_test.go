package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/gateway"
)

// bench is a crew at work and an actor that gets its results.
type bench struct {
	crew  *crew
	pid   *actor.PID
	got   chan any
	log   *bytes.Buffer
	clock clock
}

func newBench() *bench {
	b := &bench{got: make(chan any, 8), log: new(bytes.Buffer)}
	log := slog.New(slog.NewTextHandler(b.log, nil))
	root := actor.NewActorSystem(withEngineLog(log)).Root
	b.pid = root.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
		if _, lifecycle := ctx.Message().(*actor.Started); !lifecycle {
			b.got <- ctx.Message()
		}
	}))
	b.crew = &crew{root: root, pool: &dispatcher{}, log: log, meter: gateway.NewMeter(), each: time.Second}
	b.clock = clock{root}
	return b
}

func TestResultOfAJobIsSent(t *testing.T) {
	b := newBench()
	b.crew.Run(b.pid, func(context.Context) any { return "done" })
	if got := <-b.got; got != "done" {
		t.Errorf("got %v", got)
	}
}

func TestJobEndsAtItsDeadline(t *testing.T) {
	b := newBench()
	b.crew.each = 0
	b.crew.Run(b.pid, func(ctx context.Context) any {
		<-ctx.Done()
		return ctx.Err()
	})
	if got := <-b.got; got != context.DeadlineExceeded {
		t.Errorf("got %v", got)
	}
}

func TestJobThatPanicsOrSaysNothingIsLoggedAndHarmsNobody(t *testing.T) {
	b := newBench()
	b.crew.Run(b.pid, func(context.Context) any { panic("boom") })
	b.crew.jobs.Wait()
	b.crew.Run(b.pid, func(context.Context) any { return nil })
	b.crew.jobs.Wait()
	b.crew.Run(b.pid, func(context.Context) any { return "next" })
	if got := <-b.got; got != "next" {
		t.Errorf("got %v", got)
	}
	if log := b.log.String(); strings.Count(log, "job panicked") != 2 || !strings.Contains(log, "reason=boom") {
		t.Errorf("logged %s", log)
	}
}

func TestCrewThatEndedTakesNoJob(t *testing.T) {
	b := newBench()
	late := false

	b.crew.Run(b.pid, func(context.Context) any { return "done" })
	b.crew.end()
	b.crew.Run(b.pid, func(context.Context) any { late = true; return "late" })
	b.crew.jobs.Wait()

	if got := <-b.got; got != "done" || late {
		t.Errorf("got %v; a job was begun after the end: %v", got, late)
	}
}

func TestClockSendsOnceTheTimeHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		start := b.clock.Now()
		b.clock.After(time.Minute, b.pid, "ring")
		if got := <-b.got; got != "ring" || time.Since(start) != time.Minute {
			t.Errorf("got %v after %v", got, time.Since(start))
		}
	})
}
