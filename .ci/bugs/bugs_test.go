package bugs

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const (
	bugSeeds   = 500 // within so many a bug has to be found, most are in a tenth of them
	soundSeeds = 50  // that the code as it is has to stand
)

// TestEachPlantedBugBreaksThePromise tries as many at once as there are cores: each takes one, and half a gigabyte.
func TestEachPlantedBugBreaksThePromise(t *testing.T) {
	root, bugs := plantedBugs(t)
	sound := built(t, root, nil)
	if v := sound.try(t, "-sim.n", soundSeeds); !v.passed {
		t.Fatalf("the code as it is breaks the promise, so that it does with a bug proves nothing:\n%s", v.output)
	}
	for _, b := range bugs {
		t.Run(strings.TrimSuffix(filepath.Base(b.file), ".diff"), func(t *testing.T) {
			t.Parallel()
			v := built(t, root, b.changed).try(t, "-sim.n", bugSeeds)
			if v.seed == "" {
				t.Fatalf(unfound, b.what, bugSeeds, b.file, v.output)
			}
			t.Log(strings.Join(v.broken, "\n"))
			if !sound.try(t, "-sim.seed", v.seed).passed {
				t.Errorf("seed %s breaks the promise without this bug as well, so this does not find it: run task sim", v.seed)
			}
		})
	}
}

// That something never happened in any trial is no harm, and does not make a bug found.
const unfound = `planted was: %s
No trial of %d broke the promise. One of the two is true, and to be mended:
- It is a bug, and the simulation is blind to it: what it takes no longer happens, or nobody judges what comes of it.
- The code keeps its promise all the same, so it is none any more: write .ci/bugs/%[3]s anew, or delete it.
To look into it: git apply .ci/bugs/%[3]s
The test said:
%[4]s`

// built is the program that go builds with changed files.
func built(t *testing.T, root string, changed map[string]string) program {
	t.Helper()
	p, err := build(t.Context(), root, t.TempDir(), changed)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// try runs the program with a flag that has this value.
func (p program) try(t *testing.T, flag string, value any) verdict {
	t.Helper()
	v, err := p.run(t.Context(), fmt.Sprintf("%s=%v", flag, value))
	if err != nil {
		t.Fatal(err)
	}
	return v
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
