package bugs

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// judge is a test that has to find bugs.
type judge struct {
	folder, test string
	seeds        bool // it takes seeds, as package sim has them
}

var promise = judge{"./actors", "TestPromise", true}

// verdict is what became of a program.
type verdict struct {
	passed     bool
	seed       int      // the first that failed, where the judge takes seeds; 0: none did, though the test may fail
	complaints []string // what is wrong with that seed; without seeds, the tests that failed
	output     string
}

// complaint is the first that is as wanted; "": there is none.
func (v verdict) complaint(wanted *regexp.Regexp) string {
	if i := slices.IndexFunc(v.complaints, wanted.MatchString); i >= 0 {
		return v.complaints[i]
	}
	return ""
}

var (
	end     = regexp.MustCompile(`(?m)^--- (PASS|FAIL): `)
	unkept  = regexp.MustCompile(`seed=(\d+): .*`)
	failed  = regexp.MustCompile(`--- FAIL: \S+`)
	chatter = regexp.MustCompile(`(?m)^=== .*\n`)
)

// run has the judge try n seeds from the first on, if it takes any.
func (p program) run(ctx context.Context, from, n int) (verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	test := command(ctx, filepath.Join(p.root, p.folder), p.path(), "-test.run", "^"+p.test+"$", "-test.v")
	if p.seeds {
		test.Args = append(test.Args, "-sim.shrink=0", fmt.Sprint("-sim.from=", from), fmt.Sprint("-sim.n=", n))
	}
	test.Env = append(test.Env, "TMPDIR="+p.dir) // what one leaves that is killed
	raw, err := test.CombinedOutput()
	v := verdict{passed: err == nil, output: chatter.ReplaceAllString(string(raw), "")}
	if code := test.ProcessState.ExitCode(); code != 0 && code != 1 || !end.MatchString(v.output) {
		return v, fmt.Errorf("%s neither passed nor failed: %w\n%s", p.test, errors.Join(err, ctx.Err()), v.output)
	}
	if !p.seeds {
		v.complaints = failed.FindAllString(v.output, -1)
		return v, nil
	}
	for _, match := range unkept.FindAllStringSubmatch(v.output, -1) {
		v.seed, _ = strconv.Atoi(match[1])
		v.complaints = append(v.complaints, match[0])
	}
	return v, nil
}

// search tries n seeds up to one with which the wanted complaint comes.
func (p program) search(ctx context.Context, n int, wanted *regexp.Regexp) (v verdict, err error) {
	for from := 1; from <= n; from = v.seed + 1 {
		v, err = p.run(ctx, from, n+1-from)
		if err != nil || v.seed == 0 || v.complaint(wanted) != "" {
			break
		}
	}
	return v, err
}
