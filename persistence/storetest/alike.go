package storetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"chatserver/persistence"
)

var (
	seedFlag  = flag.Uint64("storetest.seed", 0, "run Alike with this seed only")
	fromFlag  = flag.Uint64("storetest.from", 1, "the first seed of Alike")
	countFlag = flag.Int("storetest.n", 0, "run Alike with this many seeds instead of the test's own number")
)

// Alike checks that two stores decide alike. With each of the seeds 1 to n it opens both on one clock and
// calls all methods of both with the same drawn arguments: a few users and groups, of whom some do not
// exist any more, few cids, times close to each other and now and then a clock that goes back or a context
// that has ended. Each call must have the same result on both, or an error that is the same one of package
// persistence or of the context; any other error fails the test. Now and then, and at the end, all that can
// be read is compared. What a call returned must not change later.
//
// Seeds run in parallel, up to the first that fails. The flags -storetest.n and -storetest.from run more and
// other ones, -storetest.seed a single one again.
func Alike(t *testing.T, n int, one, other Open) {
	t.Helper()
	first, end := seeds(n)
	for seed := first; seed < end; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(each *testing.T) {
			each.Parallel()
			if t.Failed() {
				return
			}
			w := &walk{T: each, Rand: rand.New(rand.NewPCG(seed, 0)), now: time.UnixMilli(startMS)}
			now := func() time.Time { return w.now }
			w.stores = [2]persistence.Store{one(each, now), other(each, now)}
			w.run()
		})
	}
}

// seeds are those from the first up to, and without, the end for a test that wants n of them.
func seeds(n int) (first, end uint64) {
	switch {
	case *seedFlag > 0:
		return *seedFlag, *seedFlag + 1
	case *countFlag > 0:
		n = *countFlag
	}
	return *fromFlag, *fromFlag + uint64(n)
}

// How long a walk is: short ones show a difference with less around it.
const (
	walkSteps = 400
	lookEvery = 200
)

// walk is two stores and what is known about them.
type walk struct {
	*testing.T
	*rand.Rand
	stores [2]persistence.Store
	now    time.Time

	people [6]persistence.UserID // the latest to have each name
	clubs  [3]persistence.GroupID
	guest  place // who was invited last
	drafts []persistence.Draft
	issued []string // hashes of tokens
	chain  []string // these, and their successors'
	fresh  int      // numbers what was not there before

	path []string // the calls so far
	kept []kept
}

// kept is a result and how it looked when it was returned.
type kept struct {
	got  any
	text string
}

// call is one that both stores get.
type call struct {
	text string
	do   func(ctx context.Context, s persistence.Store) (any, error)
}

// shown is a call with its arguments.
func shown(do func(ctx context.Context, s persistence.Store) (any, error), name string, args ...any) call {
	return call{name + fmt.Sprintf("%+v", args), do}
}

func (w *walk) run() {
	for name := range w.people {
		w.try(w.Context(), w.registerAs(name))
	}
	for name := range w.clubs {
		w.try(w.Context(), w.foundAs(name))
	}
	ended, end := context.WithCancel(w.Context())
	end()
	for i := range walkSteps {
		w.pass()
		ctx := w.Context()
		if w.IntN(50) == 0 {
			ctx = ended
		}
		w.try(ctx, w.draw())
		if i%lookEvery == lookEvery-1 {
			w.look()
		}
	}
	for _, k := range w.kept {
		if text := fmt.Sprintf("%+v", k.got); text != k.text {
			w.Fatalf("a result changed after it was returned\nfrom %s\nto   %s", k.text, text)
		}
	}
}

// pass lets time pass, or go back. What a clock showed before that counts if somebody looked: Changed does.
func (w *walk) pass() {
	switch {
	case w.IntN(50) == 0:
		w.try(w.Context(), w.changed())
		w.now = w.now.Add(-w.millis(20))
	case w.IntN(2) == 0:
		w.now = w.now.Add(w.millis(10))
	}
}

func (w *walk) millis(below int) time.Duration {
	return time.Duration(w.IntN(below)) * time.Millisecond
}

// draw draws a call, each as often as its weight has it.
func (w *walk) draw() call {
	sum := 0
	for _, c := range calls {
		sum += c.weight
	}
	at := w.IntN(sum)
	for _, c := range calls {
		if at -= c.weight; at < 0 {
			return c.draw(w)
		}
	}
	panic("unreachable")
}

// try makes a call of both stores and compares.
func (w *walk) try(ctx context.Context, c call) {
	w.Helper()
	w.path = append(w.path, c.text)
	var got [2]any
	var errs [2]error
	for i, s := range w.stores {
		got[i], errs[i] = c.do(ctx, s)
	}
	kind, known := sentinel(errs[0])
	if other, _ := sentinel(errs[1]); !known || other != kind {
		w.differ(errs[0], errs[1])
	}
	if kind != nil {
		return
	}
	if !reflect.DeepEqual(decided(got[0]), decided(got[1])) {
		w.differ(got[0], got[1])
	}
	for _, g := range got {
		w.kept = append(w.kept, kept{g, fmt.Sprintf("%+v", g)})
	}
}

// differ ends the walk.
func (w *walk) differ(one, other any) {
	w.Helper()
	w.Fatalf("after\n%s\nat %d\none    %+v\nother  %+v", strings.Join(w.path, "\n"), w.now.UnixMilli()-startMS, one, other)
}

// sentinel is which error of package persistence or of a context err is, and whether it is one, or nil.
func sentinel(err error) (error, bool) {
	for _, s := range []error{
		persistence.ErrNotFound, persistence.ErrExists, persistence.ErrForbidden, persistence.ErrConflict, persistence.ErrFull,
		context.Canceled,
	} {
		if errors.Is(err, s) {
			return s, true
		}
	}
	return err, err == nil
}

// decided is a result whose errors are comparable.
func decided(got any) any {
	outcomes, ok := got.([]persistence.Outcome)
	if !ok {
		return got
	}
	bare := make([]persistence.Outcome, len(outcomes))
	for i, o := range outcomes {
		bare[i] = o
		bare[i].Err, _ = sentinel(o.Err)
	}
	return bare
}
