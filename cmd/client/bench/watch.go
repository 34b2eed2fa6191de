package bench

import (
	"context"
	"fmt"
	"io"
	"time"
)

// watch follows a run: it shows how far it is, and reads what the processes use.
type watch struct {
	terminal io.Writer // nil: nothing is shown
	unit     string    // of what is counted
	nodes    []process
	bench    []process
}

// measured is what a watch saw in the measured span of a run.
type measured struct {
	took         time.Duration // of the span; 0: the run was over before it
	nodes, bench usage         // the processor time that they took in it; the memory that they have at its end
}

// watched is what a watch follows.
type watched interface {
	now() time.Duration // since it began
	window() span
	progress() int64 // what was counted so far
}

// follow returns when the measured span of a run is over, or ctx ended, which is no error.
func (w *watch) follow(ctx context.Context, r watched) (measured, error) {
	span := r.window()
	w.pass(ctx, r, span.from)
	nodes, bench, err := w.read()
	if err != nil {
		return measured{}, err
	}
	w.pass(ctx, r, span.to)
	took := span.passed(r.now())
	nodesNow, benchNow, err := w.read()
	if err != nil {
		return measured{took: took}, err
	}
	return measured{took, nodesNow.since(nodes), benchNow.since(bench)}, nil
}

// pass shows the progress each second until it is at, or ctx ended.
func (w *watch) pass(ctx context.Context, r watched, at time.Duration) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	over := time.After(at - r.now())
	for before := r.progress(); ; {
		select {
		case <-second.C:
			count := r.progress()
			w.show(fmt.Sprintf("%3.0f s: %d %s/s", r.now().Seconds(), count-before, w.unit))
			before = count
		case <-over:
			return
		case <-ctx.Done():
			return
		}
	}
}

// show replaces the line that was shown.
func (w *watch) show(line string) {
	if w.terminal != nil {
		fmt.Fprint(w.terminal, "\r\x1b[K"+line)
	}
}

func (w *watch) read() (nodes, bench usage, err error) {
	if nodes, err = sum(w.nodes); err != nil {
		return usage{}, usage{}, err
	}
	bench, err = sum(w.bench)
	return nodes, bench, err
}

// cpu is the processor time that was measured, also for each of so many deliveries. nil: this
// machine does not tell.
func (m measured) cpu(deliveries int64) *CPU {
	if m.took == 0 || m.bench == (usage{}) {
		return nil
	}
	c := &CPU{Nodes: m.nodes.cpu.Seconds() / m.took.Seconds(), Bench: m.bench.cpu.Seconds() / m.took.Seconds()}
	if deliveries > 0 {
		c.PerMessage = float64(m.nodes.cpu.Microseconds()) / float64(deliveries)
	}
	return c
}
