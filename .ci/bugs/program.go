package bugs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

const (
	promise = "^TestPromise$" // what has to find the bugs
	patient = 8 * time.Minute // until a program is built, and again until it has run
	told    = 3               // of all that is wrong with a seed
)

// garbage has the compiler and the worlds collect less of it, which saves a fifth of their time and takes no more
// than 30 MB more.
const garbage = "GOGC=400"

// program is the tests of package actors, built with or without a bug, in a folder that it may write to.
type program struct{ root, dir string }

// build makes a program, in the folder dir, of the module in the folder root with changed files. It is neither vetted
// nor can it be debugged, which saves a tenth of the time.
func build(ctx context.Context, root, dir string, changed map[string]string) (program, error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	p := program{root, dir}
	overlay, err := overlay(root, dir, changed)
	if err != nil {
		return p, err
	}
	build := command(ctx, root, "go", "test", "-overlay", overlay, "-vet=off", "-ldflags=-s -w", "-c", "-o", p.path(), "./actors")
	if output, err := build.CombinedOutput(); err != nil {
		return p, fmt.Errorf("it was not built: %w\n%s", errors.Join(err, ctx.Err()), output)
	}
	return p, nil
}

func (p program) path() string { return filepath.Join(p.dir, "actors.test") }

// verdict is what became of a program.
type verdict struct {
	passed bool
	seed   string   // the first that broke the promise; "": none did, though the test may fail
	broken []string // how it did
	output string
}

var (
	end     = regexp.MustCompile(`(?m)^--- (PASS|FAIL): TestPromise `)
	broken  = regexp.MustCompile(`seed=(\d+): .*`)
	chatter = regexp.MustCompile(`(?m)^=== .*\n`)
)

// run tests the promise, with the seeds that a flag says.
func (p program) run(ctx context.Context, seeds string) (verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	test := command(ctx, filepath.Join(p.root, "actors"), p.path(), "-test.run", promise, "-test.v", "-sim.shrink=0", seeds)
	test.Env = append(test.Env, "TMPDIR="+p.dir) // what one leaves that is killed
	raw, err := test.CombinedOutput()
	v := verdict{passed: err == nil, output: chatter.ReplaceAllString(string(raw), "")}
	if code := test.ProcessState.ExitCode(); code != 0 && code != 1 || !end.MatchString(v.output) {
		return v, fmt.Errorf("%s neither passed nor failed: %w\n%s", promise, errors.Join(err, ctx.Err()), v.output)
	}
	for _, match := range broken.FindAllStringSubmatch(v.output, told) {
		v.seed, v.broken = match[1], append(v.broken, match[0])
	}
	return v, nil
}

// overlay writes what go is to read in place of some files.
func overlay(root, dir string, changed map[string]string) (path string, err error) {
	instead := map[string]string{}
	for file, text := range changed {
		with := filepath.Join(dir, fmt.Sprint(len(instead))+filepath.Ext(file))
		instead[filepath.Join(root, file)] = with
		if err := os.WriteFile(with, []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": instead})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

// command ends with the context, and what it started no longer holds its output open then.
func command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir, c.Env, c.WaitDelay = dir, append(os.Environ(), garbage), time.Second
	return c
}
