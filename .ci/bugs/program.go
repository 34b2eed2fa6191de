package bugs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const patient = 8 * time.Minute // until a program is built, and again until it has run

// garbage has the compiler and the worlds collect less of it, which saves a fifth of their time and takes no more
// than 30 MB more.
const garbage = "GOGC=400"

// program is a judge's package, built with or without a bug, in a folder that it may write to.
type program struct {
	judge
	root, dir string
}

// build makes a program, in the folder dir, of the module in the folder root with changed files. It is neither vetted
// nor can it be debugged, which saves a tenth of the time.
func build(ctx context.Context, j judge, root, dir string, changed map[string]string) (program, error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	p := program{j, root, dir}
	overlay, err := overlay(root, dir, changed)
	if err != nil {
		return p, err
	}
	build := command(ctx, root, "go", "test", "-overlay", overlay, "-vet=off", "-ldflags=-s -w", "-c", "-o", p.path(), j.folder)
	if output, err := build.CombinedOutput(); err != nil {
		return p, fmt.Errorf("it was not built: %w\n%s", errors.Join(err, ctx.Err()), output)
	}
	return p, nil
}

func (p program) path() string { return filepath.Join(p.dir, "a.test") }

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
