package actors

import (
	"fmt"
	"testing"

	"chatserver/persistence"
)

func TestMarksMoveForwardOnly(t *testing.T) {
	var m marks
	m.start([]persistence.ConvState{{Conv: 7, Delivered: 3, Read: 2}, {Conv: 8}})

	for _, tt := range []struct {
		delivered, read uint64
		news            bool
		now             mark
	}{
		{3, 2, false, mark{3, 2}},
		{1, 0, false, mark{3, 2}},
		{4, 0, true, mark{4, 2}},
		{0, 3, true, mark{4, 3}},
		{2, 4, true, mark{4, 4}},
	} {
		if news := m.move(7, tt.delivered, tt.read, true); news != tt.news || m.now[7] != tt.now {
			t.Errorf("moved to %d and %d: news %t, %+v", tt.delivered, tt.read, news, m.now[7])
		}
	}
}

func TestMarksAreTakenOnceAndToldOnce(t *testing.T) {
	var m marks
	taken := func() string { due, untold := m.take(1); return fmt.Sprint(due, untold) }
	seven, eight := persistence.Mark{User: 1, Conv: 7, Delivered: 2}, persistence.Mark{User: 1, Conv: 8, Delivered: 1, Read: 1}

	m.move(8, 1, 1, true)
	m.move(7, 1, 0, false)
	m.move(7, 2, 0, true) // of which nobody was told while it was 1
	if got, want := taken(), fmt.Sprint([]persistence.Mark{seven, eight}, []persistence.Mark{seven}); got != want {
		t.Errorf("took %s, not %s", got, want)
	}
	if got, want := taken(), "[] []"; got != want {
		t.Errorf("then %s", got)
	}

	m.failed([]persistence.Mark{seven, eight})
	if got, want := taken(), fmt.Sprint([]persistence.Mark{seven, eight}, []persistence.Mark{}); got != want {
		t.Errorf("after a failure it took %s, not %s", got, want)
	}
}

func TestMarksThatAreWrittenDownAreForgottenAtRest(t *testing.T) {
	var m marks
	m.move(7, 1, 0, true)
	m.rest()
	if len(m.now) != 1 {
		t.Error("forgot what is not written down")
	}

	m.take(1)
	m.rest()
	if m.now != nil {
		t.Errorf("kept %+v", m.now)
	}
}
