package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

const module = "chatserver"

// levels are the entries of the architecture; a package belongs to the one with the longest path above it.
var levels = map[string]int{
	"net/wire":              0,
	"persistence":           0,
	"net/client":            1,
	"net/cluster":           1,
	"actors/sim":            1,
	"persistence/sqlstore":  1,
	"persistence/memstore":  1,
	"persistence/account":   1,
	"persistence/storetest": 1,
	"actors":                2,
	"net/cluster/redisbus":  2,
	"configs":               0,
	"configs/servers":       1,
	"net/gateway":           3,
	"cmd":                   4,
}

func main() {
	faults, err := check()
	if err != nil {
		fmt.Fprintln(os.Stderr, "levels:", err)
		os.Exit(1)
	}
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, fault)
	}
	if len(faults) > 0 {
		os.Exit(1)
	}
}

// check asks go for the module's packages and returns what is wrong with their imports.
func check() (faults []string, err error) {
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return faults, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		faults = append(faults, p.faults()...)
	}
}

// listed is a package as go list shows it.
type listed struct {
	ImportPath string
	Imports    []string
}

// faults are the imports of p that do not point down.
func (p listed) faults() (faults []string) {
	own, ok := entry(p.ImportPath)
	if !ok {
		return []string{p.ImportPath + " has no level: give it one in the architecture and in .ci/levels"}
	}
	for _, path := range p.Imports {
		target, ours := entry(path)
		switch {
		case ours && target == own, ours && levels[target] < levels[own]:
		case ours:
			faults = append(faults, fmt.Sprintf("%s (L%d) imports %s (L%d): imports only point down", p.ImportPath, levels[own], path, levels[target]))
		case levels[own] == 0 && !standard(path):
			faults = append(faults, fmt.Sprintf("%s (L0) imports %s: types and contracts need the standard library only", p.ImportPath, path))
		}
	}
	return faults
}

// entry returns the entry of levels that an import path of this module belongs to.
func entry(path string) (string, bool) {
	path, ours := strings.CutPrefix(path, module+"/")
	for ours && path != "" {
		if _, ok := levels[path]; ok {
			return path, true
		}
		path = path[:max(strings.LastIndexByte(path, '/'), 0)]
	}
	return "", false
}

// standard says whether path is of the standard library: its first element has no dot, and it is not ours.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != module && !strings.Contains(first, ".")
}
