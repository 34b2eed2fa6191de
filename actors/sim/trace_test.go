package sim_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

// mishaps shows everything that a trace can.
func mishaps(w *sim.World) {
	users, ann := w.Probe("users"), w.Probe("ann")
	user := users.Spawn("42", counter())
	ann.Watch(user)
	w.Panic(sim.To("users/42")).At(2)
	w.Drop(sim.Of[refused]("ann"))
	w.Delay(sim.Of("ann", func(n int) bool { return n == 1 }), 50*time.Millisecond)
	w.Duplicate(sim.Of[*refused]("ann"))
	w.LoseJobs("users/").At(2)

	for range 3 {
		ann.Ask(user, "count")
	}
	users.Send(ann.PID(), refused{Body: []byte("no")})
	users.Send(ann.PID(), &refused{At: w.Now(), more: user})
	w.Crew().Run(user, jobOf("done"))
	w.Crew().Run(user, jobOf("done"))
	w.After(time.Second, user, &actor.PoisonPill{})
	w.Advance(time.Second)
	ann.Ask(user, strings.Repeat("long ", 100))
	w.Settle()
}

func TestTheTraceTellsAll(t *testing.T) {
	for range 10 {
		w := sim.New(t, sim.Seed(7))
		mishaps(w)
		sim.Golden(t, w.Trace(), filepath.Join("testdata", "mishaps.trace"))
	}
}

func TestATailIsWhatCameLast(t *testing.T) {
	whole, last := sim.New(t), sim.New(t, sim.Tail(7))
	for _, w := range []*sim.World{whole, last} {
		babble(w)
		for i := range 10 {
			w.System().Root.Send(w.System().NewLocalPID("nobody"), i)
			w.Logger().Info("sent", "n", i)
		}
	}

	if want := lastOf(7, strings.SplitAfter(strings.TrimSuffix(whole.Trace(), "\n"), "\n")); last.Trace() != strings.Join(want, "")+"\n" {
		t.Errorf("the trace is\n%s", last.Trace())
	}
	if want := lastOf(7, whole.DeadLetters()); !slices.Equal(last.DeadLetters(), want) {
		t.Errorf("the dead letters are %q", last.DeadLetters())
	}
	if want := lastOf(7, whole.Logs()); !slices.Equal(last.Logs(), want) {
		t.Errorf("the logs are %q", last.Logs())
	}
}

func lastOf(n int, all []string) []string { return all[len(all)-n:] }

func TestGoldenShowsWhatDiffers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.trace")
	if err := os.WriteFile(path, []byte("a\nb\nc\nd\ne\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	r := sim.Try(t, func(t testing.TB) { sim.Golden(t, "a\nb\nc\nd\ne\n", path) })
	if len(r.Complaints) != 0 {
		t.Errorf("the same differs: %q", r.Complaints)
	}

	r = sim.Try(t, func(t testing.TB) { sim.Golden(t, "a\nb\nx\nd\ny\ne\n", path) })
	if len(r.Complaints) != 1 || !strings.HasSuffix(r.Complaints[0], ":\n  a\n  b\n- c\n+ x\n  d\n+ y\n  e\n  \n") {
		t.Errorf("complaints: %q", r.Complaints)
	}
}

func TestAMissingGoldenFileFails(t *testing.T) {
	r := sim.Try(t, func(t testing.TB) { sim.Golden(t, "a\n", filepath.Join(t.TempDir(), "none.trace")) })

	if len(r.Complaints) != 1 || !strings.Contains(r.Complaints[0], "-update records it") {
		t.Errorf("complaints: %q", r.Complaints)
	}
}
