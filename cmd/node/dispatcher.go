package main

import "sync"

const (
	idleWorkers = 256 // goroutines kept for the next actor; each holds its grown stack, mostly 8 KB
	throughput  = 300 // messages of one actor before others get the processor; protoactor's own number
)

// dispatcher runs actors on goroutines that it uses again, the last used one first: its stack has
// grown already and is still in the processor's cache. A new goroutine for each wake-up costs six
// times as much where actors wake one another, see BenchmarkDispatcher. Where no worker is idle
// it starts one, so actors that block cannot stop the others.
type dispatcher struct {
	mu   sync.Mutex
	idle []chan func() // one for each idle worker, which takes its next function from it
}

// Throughput says how many messages an actor may take in a row.
func (d *dispatcher) Throughput() int { return throughput }

// Schedule runs fn on another goroutine.
func (d *dispatcher) Schedule(fn func()) {
	d.mu.Lock()
	if n := len(d.idle); n > 0 {
		worker := d.idle[n-1]
		d.idle = d.idle[:n-1]
		d.mu.Unlock()
		worker <- fn
		return
	}
	d.mu.Unlock()
	go d.work(fn)
}

// work runs fn and whatever comes after it. It ends when enough others are idle.
func (d *dispatcher) work(fn func()) {
	next := make(chan func(), 1) // so that Schedule need not wait until the worker listens
	for {
		fn()
		if !d.rest(next) {
			return
		}
		fn = <-next
	}
}

// rest makes a worker idle, if one more is wanted.
func (d *dispatcher) rest(worker chan func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle) == idleWorkers {
		return false
	}
	d.idle = append(d.idle, worker)
	return true
}
