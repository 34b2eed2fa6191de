package main

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// How much garbage may gather before it is collected. Go's own rule, as much as there is in use,
// collects the small heap of a busy node all the time, which took a fifth of its processor time,
// and lets ten thousand idle clients take half as much memory again as they need.
const (
	heapRoom  = 16 << 20 // bytes, where the heap is small
	heapShare = 4        // a heap may always grow by one part in so many
	heapTick  = time.Second
)

// gcPercent is that rule as the percentage of what the collector looks at, in bytes.
func gcPercent(looked uint64) int {
	return max(100/heapShare, int(100*heapRoom/max(looked, heapRoom/heapShare)))
}

// paceHeap keeps the collector to that rule until it is stopped, unless GOGC says otherwise.
func paceHeap() (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(gcPercent(looked()))
	ticker, ended := time.NewTicker(heapTick), make(chan struct{})
	var pacing sync.WaitGroup
	pacing.Go(func() {
		for {
			select {
			case <-ticker.C:
				debug.SetGCPercent(gcPercent(looked()))
			case <-ended:
				return
			}
		}
	})
	return func() {
		ticker.Stop()
		close(ended)
		pacing.Wait()
		debug.SetGCPercent(before)
	}
}

// looked is how many bytes the last collection looked at, which the percentage is of.
func looked() (bytes uint64) {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/gc/scan/globals:bytes"},
		{Name: "/gc/scan/stack:bytes"},
	}
	metrics.Read(samples)
	for _, s := range samples {
		bytes += s.Value.Uint64()
	}
	return bytes
}
