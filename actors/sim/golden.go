package sim

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateFlag = flag.Bool("update", false, "record golden files anew")

// Golden fails the test unless got is what the file holds. With -update the file is written instead.
func Golden(t testing.TB, got, path string) {
	t.Helper()
	if *updateFlag {
		record(t, got, path)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("sim: golden file: %v; -update records it", err)
	}
	if diff := difference(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (- file, + got); -update records it anew:\n%s", path, diff)
	}
}

func record(t testing.TB, got, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatalf("sim: golden file: %v", err)
	}
	if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
		t.Fatalf("sim: golden file: %v", err)
	}
}
