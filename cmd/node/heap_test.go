package main

import (
	"runtime/debug"
	"testing"
)

func TestSmallHeapHasRoomAndALargeOneGrowsByAFourth(t *testing.T) {
	const mib = 1 << 20
	for looked, want := range map[uint64]int{
		0:        400,
		4 * mib:  400,
		16 * mib: 100,
		32 * mib: 50,
		64 * mib: 25,
		1 << 40:  25,
	} {
		if got := gcPercent(looked); got != want {
			t.Errorf("%d MiB: %d %%, want %d", looked/mib, got, want)
		}
	}
}

func TestCollectorIsGivenBackAsItWas(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(77)
	defer debug.SetGCPercent(before)
	stop := paceHeap()
	if got := debug.SetGCPercent(88); got == 77 {
		t.Error("nothing was set")
	}
	stop()
	if got := debug.SetGCPercent(77); got != 77 {
		t.Errorf("left at %d %%, want 77", got)
	}
}

func TestOperatorsChoiceOfGOGCStands(t *testing.T) {
	t.Setenv("GOGC", "77")
	before := debug.SetGCPercent(77)
	defer debug.SetGCPercent(before)
	defer paceHeap()()
	if got := debug.SetGCPercent(77); got != 77 {
		t.Errorf("set to %d %%", got)
	}
}
