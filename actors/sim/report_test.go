package sim_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

func TestWhatIsGraveFailsTheTest(t *testing.T) {
	grave := []struct {
		name string
		do   func(w *sim.World)
		want string
	}{
		{"an error is logged", func(w *sim.World) { w.Logger().Error("lost work", "who", "users/42") },
			`sim: at 1s: logged: level=ERROR msg="lost work" who=users/42`},
		{"the root dies", func(w *sim.World) { w.Fatal("root", "boom") }, `sim: at 1s: fatal: root: boom`},
		{"an actor panics", func(w *sim.World) {
			w.Probe("ann").Send(w.Spawn("users/42", counter()), "boom")
			w.Settle()
		}, "sim: at 1s: panic of users/42: boom\n"},
		{"nil is sent", func(w *sim.World) {
			ann := w.Probe("ann")
			ann.Send(ann.PID(), nil)
			w.Settle()
		}, "sim: at 1s: nil was sent to ann"},
	}
	for _, g := range grave {
		t.Run(g.name, func(t *testing.T) {
			do := func(w *sim.World) { w.Advance(time.Second); g.do(w) }
			r := sim.Try(t, func(t testing.TB) { do(sim.New(t)) })
			if len(r.Complaints) != 1 || !strings.HasPrefix(r.Complaints[0], g.want) {
				t.Errorf("complaints: %q", r.Complaints)
			}
			declared := sim.Try(t, func(t testing.TB) {
				w := sim.New(t)
				w.ExpectError(g.want[len("sim: at 1s: "):])
				w.AllowError("else")
				do(w)
			})
			if len(declared.Complaints) > 0 {
				t.Errorf("declared, it still fails: %q", declared.Complaints)
			}
		})
	}
}

func TestWhatWasExpectedHasToHappen(t *testing.T) {
	r := sim.Try(t, func(t testing.TB) { sim.New(t).ExpectError("boom") })

	if want := []string{`sim: expected "boom", which did not happen`}; !slices.Equal(r.Complaints, want) {
		t.Errorf("complaints: %q", r.Complaints)
	}
}

func TestAFailureSaysHowToHaveItAgain(t *testing.T) {
	r := sim.Try(t, func(t testing.TB) { sim.New(t, sim.Seed(17)).Fatal("root", "boom") })

	want := "go test ./actors/sim -run '^TestAFailureSaysHowToHaveItAgain$' -sim.seed=17\n"
	if len(r.Logs) != 1 || !strings.Contains(r.Logs[0], want) {
		t.Errorf("logs: %q", r.Logs)
	}
}

func TestLogsAreKeptWithVirtualTime(t *testing.T) {
	w := sim.New(t)
	log := w.Logger().With("node", "n1")
	w.Advance(time.Minute)

	log.Debug("refused", slog.Group("user", "id", 42))

	if want := []string{`1m0s level=DEBUG msg=refused node=n1 user.id=42`}; !slices.Equal(w.Logs(), want) {
		t.Errorf("logs: %q", w.Logs())
	}
}

func TestDeadLettersAreKept(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")

	ann.Ask(w.System().NewLocalPID("users/9"), "hello")
	w.Settle()

	if got := w.DeadLetters(); len(got) != 1 || got[0] != `0s       users/9          ! dead letter "hello" from ann` {
		t.Errorf("dead letters: %q", got)
	}
	ann.Want(&actor.DeadLetterResponse{})
}
