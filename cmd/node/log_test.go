package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors"
)

func TestEnginesLogIsDebugAndTellsNoMessage(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	system := actor.NewActorSystem(withEngineLog(log))

	system.Root.Send(system.NewLocalPID("sessions/gone"), actors.Frame{Object: []byte("password")})

	letter := "[DeadLetter]"
	if got := out.String(); !strings.Contains(got, letter) || !strings.Contains(got, "actors.Frame") {
		t.Fatalf("logged %s", got)
	}
	for line := range strings.Lines(out.String()) {
		if !strings.Contains(line, "level=DEBUG") || strings.Contains(line, "password") || strings.Contains(line, "112 97 115") {
			t.Errorf("logged %s", line)
		}
	}
}

func TestEnginesNoiseIsSilentAtInfo(t *testing.T) {
	var out bytes.Buffer
	cfg := Default()
	system := actor.NewActorSystem(withEngineLog(newLog(&out, cfg)))
	system.Root.Send(system.NewLocalPID("sessions/gone"), "late")
	if out.Len() > 0 {
		t.Errorf("logged %s", &out)
	}
}

func TestAPanicIsLoggedWithItsStack(t *testing.T) {
	var out bytes.Buffer
	system := actor.NewActorSystem(withEngineLog(newLog(&out, Default())))
	clumsy := actor.PropsFromFunc(func(ctx actor.Context) {
		if _, ok := ctx.Message().(string); ok {
			panic("clumsy")
		}
	}, actor.WithDispatcher(actor.NewSynchronizedDispatcher(1)))

	system.Root.Send(system.Root.Spawn(clumsy), "a secret")

	got := out.String()
	if !strings.Contains(got, "level=ERROR") || !strings.Contains(got, "TestAPanicIsLoggedWithItsStack") || strings.Contains(got, "secret") {
		t.Errorf("logged %s", got)
	}
}

func TestLogIsAsConfigured(t *testing.T) {
	var out bytes.Buffer
	cfg := Default()
	cfg.Name, cfg.LogLevel, cfg.LogFormat = "n1", "warn", "json"
	log := newLog(&out, cfg)
	log.Info("not told")
	log.Warn("told")

	var line struct{ Msg, Node string }
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Msg != "told" || line.Node != "n1" {
		t.Errorf("logged %s, %v", &out, err)
	}
}
