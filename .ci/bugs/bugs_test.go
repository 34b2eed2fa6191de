package bugs

import (
	"path/filepath"
	"strings"
	"testing"
)

const (
	bugSeeds   = 500 // within so many a bug has to be found, most are in a tenth of them
	soundSeeds = 50  // that the code as it is has to stand
)

// TestEachPlantedBugIsFound tries as many at once as there are cores: each takes one, and half a gigabyte.
func TestEachPlantedBugIsFound(t *testing.T) {
	root, bugs := plantedBugs(t)
	sound := map[judge]program{}
	for _, b := range bugs {
		if _, ok := sound[b.judge]; !ok {
			sound[b.judge] = passing(t, root, b.judge)
		}
	}
	for _, b := range bugs {
		t.Run(strings.TrimSuffix(filepath.Base(b.file), ".diff"), func(t *testing.T) {
			t.Parallel()
			v := must[verdict](t)(built(t, root, b.judge, b.changed).search(t.Context(), bugSeeds, b.wanted))
			found := v.complaint(b.wanted)
			if found == "" {
				t.Fatalf(unfound, b.what, b.judge.test, b.wanted, b.file, v.output)
			}
			t.Log(found)
			if b.judge.seeds && !must[verdict](t)(sound[b.judge].run(t.Context(), v.seed, 1)).passed {
				t.Errorf("seed %d breaks the promise without this bug as well, so this does not find it: run task sim", v.seed)
			}
		})
	}
}

// That something never happened in any trial is no harm, and does not make a bug found.
const unfound = `planted was: %s
%s has no complaint like %q. One of the three is true, and to be mended:
- It is a bug, and the test is blind to it: what it takes no longer happens, or nobody judges what comes of it.
- The code does as it has to all the same, so it is none any more: write .ci/bugs/%[4]s anew, or delete it.
- Another harm comes of it, or it is told in other words: say in .ci/bugs/%[4]s what is wanted.
To look into it: git apply .ci/bugs/%[4]s
The test said:
%[5]s`

// passing is the judge without a bug, which it is let pass once: what it finds with one proves nothing otherwise.
func passing(t *testing.T, root string, j judge) program {
	t.Helper()
	p := built(t, root, j, nil)
	if v := must[verdict](t)(p.run(t.Context(), 1, soundSeeds)); !v.passed {
		t.Fatalf("the code as it is fails, so that it does with a bug proves nothing:\n%s", v.output)
	}
	return p
}

// built is the program that go builds with changed files.
func built(t *testing.T, root string, j judge, changed map[string]string) program {
	t.Helper()
	return must[program](t)(build(t.Context(), j, root, t.TempDir(), changed))
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// plantedBugs are all of them, and the module's folder.
func plantedBugs(t *testing.T) (root string, bugs []bug) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.diff")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no bugs: %v", err)
	}
	for _, file := range files {
		b, err := read(root, file)
		if err != nil {
			t.Error(err)
		}
		bugs = append(bugs, b)
	}
	if t.Failed() {
		t.FailNow()
	}
	return root, bugs
}
