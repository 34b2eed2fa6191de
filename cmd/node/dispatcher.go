package main

import (
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

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
	idle []chan runner // one for each idle worker, which takes what it runs next from it
}

// runner is what a worker runs.
type runner interface{ run() }

// job is a function as a runner.
type job func()

func (j job) run() { j() }

// props are those of an actor that runs here.
func (d *dispatcher) props() []actor.PropsOption {
	return []actor.PropsOption{
		actor.WithDispatcher(d),
		actor.WithMailbox(func() actor.Mailbox { return &mailbox{pool: d} }),
	}
}

// Throughput says how many messages an actor may take in a row.
func (d *dispatcher) Throughput() int { return throughput }

// Schedule runs fn on another goroutine.
func (d *dispatcher) Schedule(fn func()) { d.start(job(fn)) }

// start runs r on another goroutine.
func (d *dispatcher) start(r runner) {
	d.mu.Lock()
	if n := len(d.idle); n > 0 {
		worker := d.idle[n-1]
		d.idle = d.idle[:n-1]
		d.mu.Unlock()
		worker <- r
		return
	}
	d.mu.Unlock()
	go d.work(r)
}

// work runs r and whatever comes after it. It ends when enough others are idle.
func (d *dispatcher) work(r runner) {
	next := make(chan runner, 1) // so that start need not wait until the worker listens
	for {
		r.run()
		if !d.rest(next) {
			return
		}
		r = <-next
	}
}

// rest makes a worker idle, if one more is wanted.
func (d *dispatcher) rest(worker chan runner) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle) == idleWorkers {
		return false
	}
	d.idle = append(d.idle, worker)
	return true
}
