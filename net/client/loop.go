package client

import (
	"errors"
	"fmt"
	"time"

	"chatserver/net/wire"
)

const (
	stall    = 256         // events that wait for the application; with more nothing is read from the server
	settle   = time.Second // from the first position that moved to its being saved
	share    = 64          // callers' wishes that one save may wait for
	farewell = time.Second // what was not said yet may keep Close waiting so long
)

// loop is the one goroutine that owns all of a Client's state. It waits for nothing but State.
type loop struct {
	Config
	client *Client
	me     Identity
	epoch  string

	ledger *ledger
	outbox *outbox
	marks  *marks
	posts  []*posting           // they wait to be durable
	last   uint64               // the N of the last one
	calls  []*call              // they wait to be asked
	queue  []Event              // for the application
	taken  map[wire.Conv]uint64 // positions that it made and State does not have
	gone   []uint64             // entries of the outbox that State still has
	ended  error                // why there will be no other connection
	over   bool                 // nobody waits for anything more

	dialler
	session
	asks uint64           // requests with a reply, over all connections
	save <-chan time.Time // set while State or the server lacks something
	look struct {         // when act has to look again
		at time.Time
		C  <-chan time.Time
	}
}

func newLoop(cfg Config, kept Kept, c *Client) *loop {
	l := &loop{
		Config:  cfg,
		client:  c,
		me:      kept.Identity,
		epoch:   kept.Epoch,
		ledger:  newLedger(kept.Positions),
		outbox:  newOutbox(kept.Outbox),
		marks:   newMarks(),
		taken:   map[wire.Conv]uint64{},
		dialler: newDialler(cfg),
	}
	for conv, at := range kept.Positions {
		l.marks.reach(conv, mark{delivered: at})
	}
	if n := len(kept.Outbox); n > 0 {
		l.last = kept.Outbox[n-1].N
	}
	return l
}

// run is the goroutine.
func (l *loop) run() {
	defer l.end()
	l.connect()
	for !l.over {
		l.act()
		l.wait()
	}
}

// wait waits for the next thing that happens, and has it handled.
func (l *loop) wait() {
	var events chan<- Event
	var next Event
	if len(l.queue) > 0 {
		events, next = l.client.events, l.queue[0]
	}
	in, out := l.ports()
	select {
	case events <- next:
		l.took(next)
	case do := <-l.client.does:
		l.serve(do)
	case a := <-in:
		l.arrived(a)
	case out <- l.batch:
		l.batch = nil
	case d := <-l.dialled:
		l.connected(d)
	case <-l.retry:
		l.connect()
	case <-l.beat:
		l.ping()
	case <-l.move:
		l.leaving = true
	case <-l.save:
		if err := l.keep(); err != nil {
			l.fail(err)
		}
	case <-l.look.C:
		l.look.C = nil
	case <-l.client.quit:
		l.over = true
	}
}

// ports are the connection's, those that are of use now.
func (l *loop) ports() (in <-chan arrival, out chan<- []addressed) {
	if l.link == nil {
		return nil, nil
	}
	if len(l.queue) < stall {
		in = l.link.in
	}
	if len(l.batch) > 0 {
		out = l.link.out
	}
	return in, out
}

// act does what is due after anything has happened.
func (l *loop) act() {
	l.tell(l.ledger.events()...)
	switch {
	case !l.online:
	case l.leaving:
		if len(l.asked) == 0 {
			l.part()
		}
	default:
		now := time.Now()
		l.dispatch(now)
		l.ask()
		l.sync(now)
	}
}

// lookAt has act look again at a time, or before.
func (l *loop) lookAt(at time.Time) {
	if l.look.C == nil || at.Before(l.look.at) {
		l.look.at, l.look.C = at, time.After(time.Until(at))
	}
}

// serve does what callers wish, and makes durable together what they send.
func (l *loop) serve(do func(*loop)) {
	do(l)
	for range share {
		select {
		case do := <-l.client.does:
			do(l)
			continue
		default:
		}
		break
	}
	l.commit()
}

// tell queues events for the application.
func (l *loop) tell(events ...Event) { l.queue = append(l.queue, events...) }

// took notes that the application has the first event.
func (l *loop) took(e Event) {
	l.queue = l.queue[1:]
	switch e := e.(type) {
	case Received:
		l.moved(e.Conv, e.Push.Seq)
	case Lifted:
		l.moved(e.Conv, e.To)
	case Ended:
		l.over = true
	}
}

func (l *loop) moved(conv wire.Conv, to uint64) {
	l.taken[conv] = to
	l.unsettle()
}

// unsettle has keep called in a while.
func (l *loop) unsettle() {
	if l.save == nil {
		l.save = time.After(settle)
	}
}

// keep makes the positions durable. Only then does the server hear of them: where a crash came
// before the first one was kept, the next Client starts at what the server takes for delivered.
func (l *loop) keep() error {
	l.save = nil
	if len(l.taken)+len(l.gone) > 0 {
		if err := l.State.Save(Change{Positions: l.taken, Unqueue: l.gone}); err != nil {
			return fmt.Errorf("keep the state: %w", err)
		}
	}
	for conv, at := range l.taken {
		l.marks.reach(conv, mark{delivered: at})
	}
	clear(l.taken)
	l.gone = nil
	l.mark()
	return nil
}

// fail gives up for good.
func (l *loop) fail(err error) {
	if l.ended != nil {
		return
	}
	l.ended, l.retry = err, nil
	l.hangUp()
	l.refuse(err)
	l.tell(Ended{err})
}

// end leaves nothing behind: no goroutine, no caller, no file.
func (l *loop) end() {
	kept := l.keep()
	if l.online && len(l.batch) > 0 {
		l.flush()
	}
	l.hangUp()
	l.dialler.end()
	l.refuse(ErrClosed)
	l.client.err = errors.Join(kept, l.State.Close())
	close(l.client.events)
	close(l.client.done)
}

// flush has written what is to be sent, the last marks above all.
func (l *loop) flush() {
	enough := time.After(farewell)
	for range 2 { // the second batch, which is empty, is taken when the first was written
		select {
		case l.link.out <- l.batch:
			l.batch = nil
		case <-enough:
			return
		}
	}
}
