package bench

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

func TestPromisesThatAreKeptAreNoFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := talkTo(t, &server{}, quick(20))

		if err != nil || m.Faults.any() || m.Sent != 20 || m.Delivered != 40 || m.Acknowledged != 20 {
			t.Errorf("%+v, %v; want 20 sent and acknowledged, 40 delivered, no faults", m, err)
		}
	})
}

// third is the seq of the message that servers treat badly.
const third = 3

func TestPromisesThatAreBrokenAreFaults(t *testing.T) {
	for name, c := range map[string]struct {
		server server
		want   Faults // 1 for each kind
	}{
		"a message is lost": {
			server{push: instead(third)}, Faults{Lost: 1, Misnumbered: 1},
		},
		"the last message is lost": {
			server{push: instead(20)}, Faults{Lost: 1},
		},
		"an ACK is lost": {
			server{ack: func(s wire.Stored) []wire.Stored { return nil }}, Faults{Unacknowledged: 1},
		},
		"a message comes twice": {
			server{push: func(p wire.Push) []wire.Push { return []wire.Push{p, p} }}, Faults{Doubled: 1},
		},
		"a message comes behind the next": {
			server{push: behindNext(third)}, Faults{Reordered: 1},
		},
		"two messages have the number of the other": {
			server{number: swapped(third, third+1)}, Faults{Reordered: 1},
		},
		"a number is left out": {
			server{number: func(seq uint64) uint64 { return seq + seq/third }}, Faults{Misnumbered: 1},
		},
		"the sender is told other numbers than the receivers": {
			server{ack: func(s wire.Stored) []wire.Stored { s.Seq++; return []wire.Stored{s} }}, Faults{Misnumbered: 1},
		},
		"a message comes that was not sent yet": {
			server{push: instead(third, pushed(0, 999), pushed(0, 2))}, Faults{Strange: 1},
		},
		"a message comes from one who sends nothing": {
			server{push: instead(third, pushed(1, 2), pushed(0, 2))}, Faults{Strange: 1},
		},
		"an ACK comes for one who sends nothing": {
			server{acksReceivers: true}, Faults{Strange: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, err := talkTo(t, &c.server, quick(20))

				if got := kinds(m.Faults); got != c.want || err != nil {
					t.Errorf("%+v, %v; want %+v", m.Faults, err, c.want)
				}
			})
		})
	}
}

func TestMessageThatWasRefusedForNowIsSentAgainAndMayComeLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{refuse: once("brun 0 2 ", &wire.Fault{Errno: wire.SlowDown, Text: "wait", Retry: time.Second})}
		began := time.Now()

		m, err := talkTo(t, s, quick(20))

		if err != nil || m.Faults.any() || m.SlowDowns != 1 || m.Delivered != 40 || m.Acknowledged != 20 {
			t.Errorf("%+v, %v; want all delivered, one told to slow down, no faults", m, err)
		}
		if took := time.Since(began); took < time.Second {
			t.Errorf("it took %v, but the server asked to wait a second", took)
		}
	})
}

func TestOwnMessageInsteadOfItsAckIsTheAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{echo: true, ack: func(wire.Stored) []wire.Stored { return nil }}

		m, err := talkTo(t, s, quick(20))

		if err != nil || m.Faults.any() || m.Acknowledged != 20 {
			t.Errorf("%+v, %v; want 20 acknowledged, no faults", m, err)
		}
	})
}

func TestLeftoversOfAnotherRunAreNotChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := wire.Push{Kind: wire.OneChatID, From: 1, To: 2, Msg: "bold 0 0 ~", CID: "c", Seq: 900, At: time.Now()}
		s := &server{push: func(p wire.Push) []wire.Push { return []wire.Push{old, p} }}

		m, err := talkTo(t, s, quick(20))

		if err != nil || m.Faults.any() || m.Delivered != 40 {
			t.Errorf("%+v, %v; want 40 delivered, no faults", m, err)
		}
	})
}

func TestRefusalForGoodEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{refuse: once("brun 0 2 ", &wire.Fault{Errno: wire.Forbidden, Text: "they block you"})}

		_, err := talkTo(t, s, quick(20))

		if want := "connection 0: the server refused ONE_CHAT with FORBIDDEN: they block you"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	})
}

func TestConnectionThatBreaksEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{hangUp: "brun 0 2 "}

		m, err := talkTo(t, s, quick(20))

		if err == nil || m.Faults.Lost == 0 {
			t.Errorf("%v, %+v; want an error and messages lost", err, m.Faults)
		}
	})
}

func TestOnlyTheSpanBehindTheWarmupIsMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := quick(0)
		o.Warmup, o.Duration, o.Window = time.Second, 4*time.Second, 1
		s := &server{takes: 100 * time.Millisecond} // so that a sender sends 10 a second

		m, err := talkTo(t, s, o)

		if err != nil || m.Faults.any() || m.Seconds != 4 || m.AckedPerSecond != 10 || m.DeliveredPerSecond != 20 {
			t.Errorf("%+v, %v; want 10 acknowledged and 20 delivered a second for 4 s", m, err)
		}
		if m.Ack.P50 < 99 || m.Ack.Max > 101 {
			t.Errorf("an ACK took %v, want 100 ms", m.Ack)
		}
		if m.Sent < 50 || m.Sent > 51 {
			t.Errorf("sent %d, want 50 in 5 s, and may be one at the end of it", m.Sent)
		}
	})
}

func TestClassicTalkHasNoAcks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := quick(20)
		o.Dialect = "classic"
		s := &server{ack: func(wire.Stored) []wire.Stored { return nil }}

		m, err := talkTo(t, s, o)

		if err != nil || m.Faults.any() || m.Delivered != 40 || m.Acknowledged != 0 {
			t.Errorf("%+v, %v; want 40 delivered, no faults", m, err)
		}
	})
}

func TestInterruptedRunIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := quick(0)
		o.Warmup, o.Duration, o.Window = 0, time.Hour, 1
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()

		m, err := newTalkTo(t, &server{takes: 100 * time.Millisecond}, o).run(ctx)

		if err != nil || m.Faults.any() || m.Seconds < 5 || m.Seconds > 5.2 || m.AckedPerSecond != 10 {
			t.Errorf("%+v, %v; want 5 s of 10 a second, and what was under way", m, err)
		}
	})
}

// quick are the options of a talk in which a sender sends count messages.
func quick(count uint64) options {
	o := *defaults()
	o.Messages, o.Window, o.run = count, 4, "brun"
	return o
}

// kinds is f with 1 for each kind of fault that there is.
func kinds(f Faults) Faults {
	for _, count := range []*int64{&f.Lost, &f.Unacknowledged, &f.Doubled, &f.Reordered, &f.Misnumbered, &f.Strange} {
		*count = min(*count, 1)
	}
	return f
}
