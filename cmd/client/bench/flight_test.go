package bench

import (
	"slices"
	"testing"
	"time"
)

func TestWindowMovesOnWhenItsOldestMessageIsDeliveredAndAcknowledged(t *testing.T) {
	f := newFlight(newTexts("brun", 0, minSize), 2, 2, true, 10)

	wantTaken(t, f, 0, 0, 1)
	f.deliver(0, 5)
	f.acknowledge(0, 5)
	wantTaken(t, f, 0)
	f.deliver(1, 6)
	f.deliver(1, 6)
	f.acknowledge(1, 6)
	wantTaken(t, f, 0)
	f.deliver(0, 5)
	wantTaken(t, f, 0, 2, 3)
}

func TestClassicMessageIsUnderWayUntilItIsDelivered(t *testing.T) {
	f := newFlight(newTexts("brun", 0, minSize), 1, 1, false, 2)

	wantTaken(t, f, 0, 0)
	f.deliver(0, 1)
	wantTaken(t, f, 0, 1)
	wantLanded(t, f, false)
	f.deliver(1, 2)
	wantLanded(t, f, true)
}

func TestRefusedMessagesAreSentAgainInOrderWithTheirCidsAfterTheWait(t *testing.T) {
	f := newFlight(newTexts("brun", 0, minSize), 3, 1, true, 10)
	first, _ := f.take(0, nil)

	f.refuse(2, 10, 100)
	f.refuse(0, 20, 50)
	_, wait := f.take(30, nil)
	again, none := f.take(110, nil)

	if wait != 80 || none != 0 {
		t.Errorf("waits %v then %v, want 80ns then 0", wait, none)
	}
	if want := []message{first[0], first[2]}; !slices.Equal(again, want) {
		t.Errorf("sent again: %v, want %v", again, want)
	}
	if !f.deliver(0, 1).refused || f.deliver(1, 2).refused {
		t.Error("message 0 was refused, message 1 was not")
	}
}

func TestFlightKnowsOnlyWhatIsUnderWay(t *testing.T) {
	f := newFlight(newTexts("brun", 0, minSize), 2, 1, true, 10)
	f.take(7, nil)

	first, again := f.acknowledge(0, 5), f.acknowledge(0, 5)
	other, beyond := f.deliver(0, 6), f.deliver(2, 7)

	if first != (news{sent: 7, known: true, same: true}) || again != (news{}) {
		t.Errorf("acknowledged: %+v, then %+v", first, again)
	}
	if other != (news{sent: 7, known: true}) || beyond != (news{}) {
		t.Errorf("with another seq: %+v; never sent: %+v", other, beyond)
	}
	if f.started() != 2 || f.unacknowledged() != 1 {
		t.Errorf("%d started, %d unacknowledged; want 2 and 1", f.started(), f.unacknowledged())
	}
}

func TestStoppedFlightLandsWithItsLastMessage(t *testing.T) {
	f := newFlight(newTexts("brun", 0, minSize), 2, 1, false, 10)
	f.take(0, nil)

	f.stop()

	f.deliver(0, 1)
	wantTaken(t, f, 0)
	wantLanded(t, f, false)
	f.deliver(1, 2)
	wantLanded(t, f, true)
}

func TestFlightThatIsStoppedBeforeItStartsHasLanded(t *testing.T) {
	f := newFlight(newTexts("brun", 0, minSize), 2, 1, false, 10)

	f.stop()

	wantLanded(t, f, true)
}

// wantTaken takes what may be sent at now and wants these messages.
func wantTaken(t *testing.T, f *flight, now time.Duration, want ...uint64) {
	t.Helper()
	batch, _ := f.take(now, nil)
	var got []uint64
	for _, m := range batch {
		got = append(got, m.n)
	}
	if !slices.Equal(got, want) {
		t.Errorf("takes %v, want %v", got, want)
	}
}

func wantLanded(t *testing.T, f *flight, want bool) {
	t.Helper()
	landed := false
	select {
	case <-f.landed:
		landed = true
	default:
	}
	if landed != want {
		t.Errorf("landed: %v, want %v", landed, want)
	}
}
