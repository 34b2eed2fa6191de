package sim_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chatserver/actors/sim"
)

func TestATriedTestIsHeardAndFailsNobody(t *testing.T) {
	tests := map[string]struct {
		run        func(t testing.TB)
		complaints []string // how each begins
		logs       []string
	}{
		"it passes": {run: func(testing.TB) {}},
		"it complains": {func(t testing.TB) { t.Error("a", 1); t.Errorf("b%d", 2); t.Log("c", 3); t.Logf("d%d", 4) },
			[]string{"a 1", "b2"}, []string{"c 3", "d4"}},
		"it gives up":           {func(t testing.TB) { t.Fatal("a", 1); t.Error("b") }, []string{"a 1"}, nil},
		"it gives up early":     {func(t testing.TB) { t.Fatalf("a%d", 1); t.Error("b") }, []string{"a1"}, nil},
		"it says nothing":       {func(t testing.TB) { t.FailNow(); t.Error("b") }, []string{"it failed without a word"}, nil},
		"it fails and says why": {func(t testing.TB) { t.Fail(); t.Error("b") }, []string{"b"}, nil},
		"it panics":             {func(testing.TB) { panic("a") }, []string{"panic: a\ngoroutine "}, nil},
		"it is skipped":         {func(t testing.TB) { t.Skip("a", 1); t.Error("b") }, nil, []string{"a 1"}},
		"it is skipped early":   {func(t testing.TB) { t.Skipf("a%d", 1); t.Error("b") }, nil, []string{"a1"}},
		"its cleanups complain": {func(t testing.TB) {
			t.Cleanup(func() { t.Log(t.Failed(), t.Skipped(), t.Context().Err()) })
			t.Cleanup(func() { panic("b") })
			t.Cleanup(func() { t.Cleanup(func() { t.Fatal("a") }); t.SkipNow() })
			t.Log(t.Failed(), t.Skipped(), t.Context().Err())
		}, []string{"a", "panic: b"}, []string{"false false <nil>", "true true context canceled"}},
		"another goroutine complains": {func(t testing.TB) {
			done := make(chan struct{})
			go func() { defer close(done); t.Error("a") }()
			<-done
		}, []string{"a"}, nil},
		"it is a try itself": {func(t testing.TB) { t.Error(sim.Try(t, func(t testing.TB) { t.Fatal("a") }).Complaints) },
			[]string{"[a]"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := sim.Try(t, test.run)

			if !slices.EqualFunc(got.Complaints, test.complaints, strings.HasPrefix) {
				t.Errorf("complaints: %q", got.Complaints)
			}
			if !slices.Equal(got.Logs, test.logs) {
				t.Errorf("logs: %q", got.Logs)
			}
		})
	}
}

func TestATriedTestHasAFolderAndAName(t *testing.T) {
	var dir string
	r := sim.Try(t, func(tried testing.TB) {
		dir = tried.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a"), nil, 0o600); err != nil || tried.Name() != t.Name() {
			t.Errorf("its name is %q, and in its folder: %v", tried.Name(), err)
		}
	})

	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || len(r.Complaints) > 0 {
		t.Errorf("its folder: %v; complaints: %q", err, r.Complaints)
	}
}
