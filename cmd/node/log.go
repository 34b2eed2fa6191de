package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"

	"github.com/asynkron/protoactor-go/actor"
)

// newLog logs to w as cfg, which is valid, says.
func newLog(w io.Writer, cfg Config) *slog.Logger {
	level, _ := cfg.level()
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if cfg.LogFormat == "json" {
		handler = slog.NewJSONHandler(w, options)
	}
	return slog.New(handler).With("node", cfg.Name)
}

// engineLog passes on what the actor engine logs. It logs at Info what is ordinary here, as a letter
// to a session that just ended: that becomes Debug. It also logs whole messages, which
// hold what people wrote and their passwords: of those only the type is left. What it says of a
// panic, where that is still on the stack, becomes an Error with the stack.
type engineLog struct{ slog.Handler }

// withEngineLog makes an actor system log to log.
func withEngineLog(log *slog.Logger) actor.ConfigOption {
	return actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger {
		return slog.New(engineLog{log.Handler()})
	})
}

// recovering is what the engine says, at Info, when an actor panicked.
const recovering = "[ACTOR] Recovering"

// Enabled lets everything through to Handle, where the message tells at which level it is.
func (engineLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle passes a record on without what it may not tell.
func (h engineLog) Handle(ctx context.Context, record slog.Record) error {
	told := slog.NewRecord(record.Time, demoted(record.Level), record.Message, record.PC)
	if record.Message == recovering {
		told.Level = slog.LevelError
		told.AddAttrs(slog.String("stack", string(debug.Stack())))
	}
	record.Attrs(func(attr slog.Attr) bool {
		if attr.Key == "message" {
			attr.Value = slog.StringValue(fmt.Sprintf("%T", attr.Value.Any()))
		}
		told.AddAttrs(attr)
		return true
	})
	if !h.Handler.Enabled(ctx, told.Level) {
		return nil
	}
	return h.Handler.Handle(ctx, told)
}

// WithAttrs keeps the wrapping.
func (h engineLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return engineLog{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the wrapping.
func (h engineLog) WithGroup(name string) slog.Handler { return engineLog{h.Handler.WithGroup(name)} }

func demoted(level slog.Level) slog.Level {
	if level >= slog.LevelError {
		return level
	}
	return slog.LevelDebug
}
