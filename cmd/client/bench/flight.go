package bench

import (
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// message is one to be sent. number is n as it stands in the text.
type message struct {
	n                 uint64
	text, number, cid string
}

// slot is a message under way.
type slot struct {
	message
	sent    time.Duration // for the first time
	due     int           // deliveries, and the ACK, that are still to come
	seq     uint64        // what it was first said to be; 0: nobody said
	acked   bool
	refused bool // so that later ones may have overtaken it
}

// flight is the messages of one sender. One is under way until it was delivered to every receiver
// and, where the dialect does that, acknowledged. The window begins at the oldest one under way.
// A flight is safe for concurrent use; its times are those since the run began.
type flight struct {
	texts     texts
	receivers int
	acks      bool          // the dialect has ACKs
	wake      chan struct{} // there may be something to take
	landed    chan struct{} // closed once nothing is under way and nothing will be

	mu        sync.Mutex
	slots     []slot // of message n at n modulo the window
	low, next uint64 // those under way are from low to below next
	end       uint64 // no message has this number or a higher one
	again     []uint64
	pause     time.Duration // nothing is sent until then
}

// newFlight returns the flight of a sender of count messages at most.
func newFlight(texts texts, window, receivers int, acks bool, count uint64) *flight {
	return &flight{
		texts: texts, receivers: receivers, acks: acks, end: count, slots: make([]slot, window),
		wake: make(chan struct{}, 1), landed: make(chan struct{}),
	}
}

// take appends what is to be sent now to batch, or says how long to wait where the server asked for it.
func (f *flight) take(now time.Duration, batch []message) (_ []message, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now < f.pause {
		return batch, f.pause - now
	}
	slices.Sort(f.again)
	for _, n := range f.again {
		batch = append(batch, f.at(n).message)
	}
	f.again = f.again[:0]
	for ; f.next < min(f.end, f.low+uint64(len(f.slots))); f.next++ {
		batch = append(batch, f.start(f.next, now))
	}
	return batch, 0
}

// start makes message n and puts it under way.
func (f *flight) start(n uint64, now time.Duration) message {
	m := message{n: n}
	m.text, m.number = f.texts.make(n)
	due := f.receivers
	if f.acks {
		m.cid = uuid.Must(uuid.NewV7()).String()
		due++
	}
	*f.at(n) = slot{message: m, sent: now, due: due}
	return m
}

func (f *flight) at(n uint64) *slot { return &f.slots[n%uint64(len(f.slots))] }

// news is what somebody hears of a message under way. The zero news: it is not under way.
type news struct {
	sent    time.Duration
	known   bool
	refused bool // at least once
	same    bool // its seq is what the others hear
}

// deliver notes that one more receiver has message n.
func (f *flight) deliver(n, seq uint64) news {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n < f.low || n >= f.next {
		return news{}
	}
	return f.done(f.at(n), seq)
}

// acknowledge notes that the sender knows message n to be stored. It knows nothing of one that was
// acknowledged before.
func (f *flight) acknowledge(n, seq uint64) news {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n < f.low || n >= f.next || f.at(n).acked {
		return news{}
	}
	f.at(n).acked = true
	return f.done(f.at(n), seq)
}

// done takes one from what is due of s and moves the window on.
func (f *flight) done(s *slot, seq uint64) news {
	if s.seq == 0 {
		s.seq = seq
	}
	n := news{sent: s.sent, known: true, refused: s.refused, same: s.seq == seq}
	s.due--
	before := f.low
	for f.low < f.next && f.at(f.low).due == 0 {
		f.low++
	}
	if f.low > before {
		f.moved()
	}
	return n
}

// moved tells those who wait for the window.
func (f *flight) moved() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
	if f.low == f.end {
		close(f.landed)
	}
}

// refuse has message n sent again, and nothing sent before wait is over.
func (f *flight) refuse(n uint64, now, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n < f.low || n >= f.next || f.at(n).acked {
		return
	}
	f.at(n).refused = true
	f.again = append(f.again, n)
	f.pause = max(f.pause, now+wait)
	f.moved()
}

// stop lets no further message start.
func (f *flight) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next == f.end {
		return
	}
	f.end = f.next
	if f.low == f.end {
		close(f.landed)
	}
}

// started is how many messages there were.
func (f *flight) started() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next
}

// unacknowledged is how many of the messages that were sent nobody acknowledged.
func (f *flight) unacknowledged() (count int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := f.low; f.acks && n < f.next; n++ {
		if !f.at(n).acked {
			count++
		}
	}
	return count
}
