package bench

import (
	"context"
	"fmt"
	"time"

	"chatserver/net/wire"
)

// report runs the talk and says what came of it.
func (t *talk) report(ctx context.Context, scenario string, w *watch) (Report, error) {
	found, err := t.start(ctx, w)
	r := Report{Scenario: scenario, Dialect: t.opts.Dialect, Conns: len(t.listeners), Messages: t.messages(found.took)}
	r.CPU = found.cpu(r.Messages.delivery.TotalCount())
	if err != nil {
		return r.failed(err)
	}
	return r, nil
}

// messages adds up what the listeners saw.
func (t *talk) messages(took time.Duration) *Messages {
	m := &Messages{
		Window: t.opts.Window, Size: t.opts.Size, Senders: len(t.senders), Seconds: took.Seconds(),
		delivery: newHistogram(), ack: newHistogram(),
	}
	for _, s := range t.senders {
		m.Sent += s.flight.started()
	}
	for _, l := range t.listeners {
		l.judge()
		m.Delivered += l.delivered.total.Load()
		m.Acknowledged += l.acked.total.Load()
		m.delivery.Merge(l.delivered.took)
		m.ack.Merge(l.acked.took)
		m.SlowDowns += l.slowed
		m.Faults.add(l.faults)
	}
	m.DeliveredPerSecond = perSecond(m.delivery.TotalCount(), took)
	m.AckedPerSecond = perSecond(m.ack.TotalCount(), took)
	m.Delivery, m.Ack = latency(m.delivery), latency(m.ack)
	m.Hint = t.hint(m.DeliveredPerSecond)
	return m
}

// What a classic receiver gets a second from a node at its default pace of 2 ms: less than 500, for
// timers are late on a busy machine.
const pacedFrom, pacedTo = 200, 500

// hint says what to do where it may be the pace that was measured.
func (t *talk) hint(deliveredPerSecond float64) string {
	receivers := 0.0
	for _, l := range t.listeners {
		if len(l.sources) > 0 {
			receivers++
		}
	}
	each := deliveredPerSecond / receivers
	if t.opts.dialect() != wire.Classic || each < pacedFrom || each > pacedTo {
		return ""
	}
	return fmt.Sprintf("each receiver got %.0f/s: if that is the node's pace, start it with --classic.pace 0", each)
}
