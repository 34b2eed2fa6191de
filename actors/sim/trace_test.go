package sim_test

import (
	"os"
	"path/filepath"
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

func TestGoldenShowsWhatDiffers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.trace")
	if err := os.WriteFile(path, []byte("a\nb\nc\nd\ne\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	r := verdict(t, func(*sim.World) { sim.Golden(t, "a\nb\nc\nd\ne\n", path) })
	if len(r.errors) != 0 {
		t.Errorf("the same differs: %q", r.errors)
	}

	r = &recorder{TB: t}
	sim.Golden(r, "a\nb\nx\nd\ny\ne\n", path)
	if len(r.errors) != 1 || !strings.HasSuffix(r.errors[0], ":\n  a\n  b\n- c\n+ x\n  d\n+ y\n  e\n  \n") {
		t.Errorf("errors: %q", r.errors)
	}
}

func TestAMissingGoldenFileFails(t *testing.T) {
	r := verdict(t, func(*sim.World) {})
	defer func() {
		if reason := recover(); reason != (end{}) || !strings.Contains(r.errors[0], "-update records it") {
			t.Errorf("%v, errors: %q", reason, r.errors)
		}
	}()
	sim.Golden(r, "a\n", filepath.Join(t.TempDir(), "none.trace"))
}
