package sim

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// shown is how many events are, at most, when a test fails.
const shown = 40

// excuse is something grave that the test expects or allows.
type excuse struct {
	text     string
	required bool
	used     bool
}

// ExpectError declares that something grave will happen whose report contains this text: a log
// record of level Error, a call of Fatal, a panic that no fault injected, nil sent to an actor.
// When the test ends, a grave thing that was not declared fails it, and so does a declared one
// that did not happen.
func (w *World) ExpectError(text string) {
	w.excuses = append(w.excuses, &excuse{text: text, required: true})
}

// AllowError is ExpectError for what happens with some seeds only.
func (w *World) AllowError(text string) { w.excuses = append(w.excuses, &excuse{text: text}) }

// Fatal is for Env.Fatal: an actor died without which nothing works.
func (w *World) Fatal(who string, reason any) { w.complain("fatal: %s: %v", who, reason) }

func (w *World) complain(format string, args ...any) {
	w.grief = append(w.grief, fmt.Sprintf("at %v: ", w.elapsed)+fmt.Sprintf(format, args...))
}

// examine judges the world when its test has ended.
func (w *World) examine() {
	for _, grief := range w.grief {
		if !w.excused(grief) {
			w.t.Errorf("sim: %s", grief)
		}
	}
	for _, e := range w.excuses {
		if e.required && !e.used {
			w.t.Errorf("sim: expected %q, which did not happen", e.text)
		}
	}
	if w.t.Failed() {
		last := w.events.items()
		last = last[max(0, len(last)-shown):]
		w.t.Logf("sim: seed %d; to have it again: %s\nthe last %d of %d events:\n%s",
			w.seed, w.again(), len(last), w.events.added, text(last))
	}
}

func (w *World) excused(grief string) (ok bool) {
	for _, e := range w.excuses {
		if strings.Contains(grief, e.text) {
			e.used, ok = true, true
		}
	}
	return ok
}

// again is the command that runs this world's test with its seed.
func (w *World) again() string {
	test, _, _ := strings.Cut(w.t.Name(), "/")
	return fmt.Sprintf("go test %s -run '^%s$' -sim.seed=%d", here(), test, w.seed)
}

// here is the folder of the package under test, from the module's.
func here() string {
	folder, err := os.Getwd()
	if err != nil {
		return "."
	}
	for root := folder; root != filepath.Dir(root); root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			path, _ := filepath.Rel(root, folder)
			return "./" + filepath.ToSlash(path)
		}
	}
	return "."
}

// Logger keeps what is logged, with virtual time. A record of level Error is grave: see ExpectError.
func (w *World) Logger() *slog.Logger { return w.logger(slog.LevelDebug) }

// Logs are the records so far, or their Tail, each "TIME level=… msg=… key=value …".
func (w *World) Logs() []string { return w.logs.items() }

func (w *World) logger(from slog.Level) *slog.Logger {
	line := &bytes.Buffer{}
	return slog.New(logbook{w, line, slog.NewTextHandler(line, &slog.HandlerOptions{Level: from})})
}

// logbook is the slog.Handler of a world.
type logbook struct {
	world *World
	line  *bytes.Buffer
	text  slog.Handler
}

func (l logbook) Enabled(ctx context.Context, level slog.Level) bool {
	return l.text.Enabled(ctx, level)
}

func (l logbook) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logbook{l.world, l.line, l.text.WithAttrs(attrs)}
}

func (l logbook) WithGroup(name string) slog.Handler {
	return logbook{l.world, l.line, l.text.WithGroup(name)}
}

func (l logbook) Handle(ctx context.Context, r slog.Record) error {
	l.line.Reset()
	r.Time = time.Time{} // the handler leaves a zero time out
	if err := l.text.Handle(ctx, r); err != nil {
		return err
	}
	record := strings.TrimSuffix(l.line.String(), "\n")
	l.world.logs.add(fmt.Sprintf("%v %s", l.world.elapsed, record))
	if r.Level >= slog.LevelError {
		l.world.complain("logged: %s", record)
	}
	return nil
}

// DeadLetters are the messages to actors that were not there, a line like the trace's each.
// They do not fail the test. With Tail they are the last of them.
func (w *World) DeadLetters() []string {
	dead := w.dead.items()
	out := make([]string, len(dead))
	for i, e := range dead {
		out[i] = e.String()
	}
	return out
}

func (w *World) deadLetter(published any) {
	letter, ok := published.(*actor.DeadLetterEvent)
	if !ok {
		return
	}
	to := "nobody"
	if letter.PID != nil {
		to = letter.PID.Id
	}
	posted := &actor.MessageEnvelope{Message: letter.Message, Sender: letter.Sender}
	w.note(to, "dead letter", posted)
	w.dead.add(event{w.elapsed, to, "dead letter", posted})
}
