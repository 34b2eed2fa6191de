package sqlstore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// gate is a combiner whose runs wait until they are let go, each with an error.
type gate struct {
	combiner[int]
	ran [][]int
	let chan error
}

func newGate() *gate {
	g := &gate{let: make(chan error)}
	g.run = func(ctx context.Context, calls []*int) error {
		var values []int
		for _, call := range calls {
			values = append(values, *call)
		}
		g.ran = append(g.ran, values)
		select {
		case err := <-g.let:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return g
}

// start makes calls one after the other, each in a goroutine of its own, with their errors at wait's end.
func (g *gate) start(ctx context.Context, calls ...int) (wait func() []error) {
	errs := make([]error, len(calls))
	var wg sync.WaitGroup
	for i, call := range calls {
		wg.Go(func() { errs[i] = g.do(ctx, &call) })
		synctest.Wait()
	}
	return func() []error { wg.Wait(); return errs }
}

func TestCallsThatComeWhileOneRunsRunTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		wait := g.start(t.Context(), 1, 2, 3)
		g.let <- nil
		synctest.Wait()
		later := g.start(t.Context(), 4)
		g.let <- nil
		g.let <- nil

		for _, err := range slices.Concat(wait(), later()) {
			if err != nil {
				t.Error(err)
			}
		}
		if want := [][]int{{1}, {2, 3}, {4}}; !slices.EqualFunc(g.ran, want, slices.Equal) || g.busy {
			t.Errorf("%v, busy %v", g.ran, g.busy)
		}
	})
}

func TestACallThatFailedWithOthersRunsAgainAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, bad := newGate(), errors.New("bad")
		wait := g.start(t.Context(), 1, 2, 3)
		g.let <- nil
		g.let <- bad
		synctest.Wait()
		g.let <- nil

		if errs := wait(); errs[0] != nil || errs[1] != bad || errs[2] != nil {
			t.Error(errs)
		}
		if want := [][]int{{1}, {2, 3}, {3}}; !slices.EqualFunc(g.ran, want, slices.Equal) {
			t.Error(g.ran)
		}
	})
}

func TestACallWhoseTimeIsUpDoesNotWaitForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		first := g.start(t.Context(), 1)
		ctx, cancel := context.WithCancel(t.Context())
		second := g.start(ctx, 2)
		third := g.start(t.Context(), 3)

		cancel()

		if errs := second(); !errors.Is(errs[0], context.Canceled) {
			t.Error(errs)
		}
		g.let <- nil
		g.let <- nil
		if errs := slices.Concat(first(), third()); errs[0] != nil || errs[1] != nil {
			t.Error(errs)
		}
		if want := [][]int{{1}, {3}}; !slices.EqualFunc(g.ran, want, slices.Equal) {
			t.Error(g.ran)
		}
	})
}
