package bench

import (
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// span is the measured part of a run, in time since it began; its end is outside.
type span struct{ from, to time.Duration }

func (s span) holds(at time.Duration) bool { return at >= s.from && at < s.to }

// passed is how much of the span is over.
func (s span) passed(now time.Duration) time.Duration { return max(0, min(now, s.to)-s.from) }

// meter counts what one goroutine sees happen, and how long it took.
type meter struct {
	total  atomic.Int64 // of the whole run
	window span
	took   *hdrhistogram.Histogram // µs, in the window
}

// The histograms' bounds in µs and their precision: 1 %, in 20 KiB, for there are two for each connection.
const (
	shortest  = 1
	longest   = 60_000_000
	precision = 2
)

func newMeter(window span) *meter {
	return &meter{window: window, took: newHistogram()}
}

func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(shortest, longest, precision)
}

// note counts what began at began and is done now.
func (m *meter) note(began, now time.Duration) {
	m.total.Add(1)
	if !m.window.holds(now) {
		return
	}
	micros := (now - began).Microseconds()
	m.took.RecordValue(min(max(micros, shortest), longest)) // in its bounds it takes all
}
