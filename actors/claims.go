package actors

import (
	"maps"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
)

// assertTime is how often each claim is made again, should the bus have lost it.
const assertTime = time.Minute

// claims are the keys that this node wants to be found by, and how far the bus knows of that. It is
// all of it that can be decided without asking the bus.
type claims struct {
	keys    map[cluster.Key]*claim
	changed []cluster.Key // to be written, in the order they changed
	flight  []write       // being written
	late    int           // wanted keys that the bus did not take when they were asked for, or has forgotten
	beats   int
}

// claim is one key. It is forgotten once it is neither wanted nor held.
type claim struct {
	wanted, held bool
	queued       bool // it is in changed
	turn         bool // somebody wants one
	late         bool
	waiting      []*waiting // for the next write
}

// write is one key that is written.
type write struct {
	key                  cluster.Key
	wanted, before, turn bool // before: it was held
	waiting              []*waiting
}

// waiting is who is answered when all its keys are written.
type waiting struct {
	by    *actor.PID
	ref   uint64
	first cluster.Key
	firm  bool // it waits until they are, whatever fails
	left  int  // keys that are not
	found cluster.Claimed
}

func newClaims() claims { return claims{keys: map[cluster.Key]*claim{}} }

// want wants keys. It tells whether w has to wait.
func (c *claims) want(keys []cluster.Key, turn bool, w *waiting) bool {
	for _, key := range keys {
		one := c.keys[key]
		if one == nil {
			one = &claim{}
			c.keys[key] = one
		}
		written := one.wanted && one.held && !one.queued && !turn
		one.wanted, one.turn = true, one.turn || turn
		if !written {
			c.wait(key, one, w)
		}
	}
	return w.left > 0
}

// lateAll notes that keys which are not held should be.
func (c *claims) lateAll(keys []cluster.Key) {
	for _, key := range keys {
		c.setLate(c.keys[key], !c.keys[key].held)
	}
}

// drop wants keys no more. It tells whether w has to wait.
func (c *claims) drop(keys []cluster.Key, w *waiting) bool {
	for _, key := range keys {
		if one := c.keys[key]; one != nil {
			one.wanted = false
			c.setLate(one, false)
			c.wait(key, one, w)
		}
	}
	return w.left > 0
}

func (c *claims) wait(key cluster.Key, one *claim, w *waiting) {
	w.left++
	one.waiting = append(one.waiting, w)
	c.queue(key, one)
}

func (c *claims) queue(key cluster.Key, one *claim) {
	if !one.queued {
		one.queued = true
		c.changed = append(c.changed, key)
	}
}

func (c *claims) setLate(one *claim, late bool) {
	switch {
	case late && !one.late:
		c.late++
	case one.late && !late:
		c.late--
	}
	one.late = late
}

// take takes off what is to be written, at most n keys. After it wrote or failed must follow.
func (c *claims) take(n int) []write {
	for _, key := range take(&c.changed, n) {
		one := c.keys[key]
		c.flight = append(c.flight, write{key, one.wanted, one.held, one.turn, one.waiting})
		one.queued, one.turn, one.waiting = false, false, nil
	}
	return c.flight
}

// wrote notes that what was taken is written, and what was found of the claims among it. It returns who
// need wait no more; whether a claim had been lost; and which users came back that nobody was shown.
func (c *claims) wrote(found []cluster.Claimed) (done []*waiting, lost bool, unseen []cluster.Key) {
	for _, w := range c.flight {
		one := c.keys[w.key]
		one.held = w.wanted
		var f cluster.Claimed
		if w.wanted {
			f, found = found[0], found[1:]
			c.setLate(one, false)
			lost = lost || w.before && f.Fresh
			if _, user := w.key.User(); user && !f.Shown {
				unseen = append(unseen, w.key)
			}
		} else if !one.wanted && !one.queued {
			delete(c.keys, w.key)
		}
		done = append(done, finish(w, f)...)
	}
	c.flight = nil
	return done, lost, unseen
}

// finish tells those who wait for a write of it, and returns whose keys are all written.
func finish(w write, f cluster.Claimed) (done []*waiting) {
	for _, who := range w.waiting {
		if w.key == who.first {
			who.found = f
		}
		if who.left--; who.left == 0 {
			done = append(done, who)
		}
	}
	return done
}

// failed puts what was taken back, and returns who waited for it, but not firmly.
func (c *claims) failed() (told []*waiting) {
	for _, w := range c.flight {
		one := c.keys[w.key]
		one.turn = one.turn || w.turn
		one.waiting = append(w.waiting, one.waiting...)
		c.queue(w.key, one)
		told = append(told, c.giveUp(one)...)
	}
	c.flight = nil
	return unanswered(told)
}

// abandon returns who waits for what is not being written, which still will be, but not firmly.
func (c *claims) abandon() (told []*waiting) {
	for _, key := range c.changed {
		told = append(told, c.giveUp(c.keys[key])...)
	}
	return unanswered(told)
}

// giveUp takes off a key who does not wait firmly for it.
func (c *claims) giveUp(one *claim) (told []*waiting) {
	c.setLate(one, one.wanted)
	var firm []*waiting
	for _, w := range one.waiting {
		if w.firm {
			firm = append(firm, w)
		} else {
			told = append(told, w)
		}
	}
	one.waiting = firm
	return told
}

// unanswered are those of told that were not told before: each once.
func unanswered(told []*waiting) (first []*waiting) {
	for _, w := range told {
		if w.left > 0 {
			w.left = 0
			first = append(first, w)
		}
	}
	return first
}

// lose notes that the bus knows of no claim.
func (c *claims) lose() {
	for _, key := range slices.Sorted(maps.Keys(c.keys)) {
		one := c.keys[key]
		one.held = false
		if c.setLate(one, one.wanted); one.wanted {
			c.queue(key, one)
		}
	}
}

// assert makes the claims again whose turn it is: each once in assertTime.
func (c *claims) assert() {
	const beats = int64(assertTime / cluster.BeatTime)
	c.beats++
	var due []cluster.Key
	for key, one := range c.keys {
		if one.wanted && one.held && int64(key)%beats == int64(c.beats)%beats {
			due = append(due, key)
		}
	}
	slices.Sort(due)
	for _, key := range due {
		c.queue(key, c.keys[key])
	}
}

// has tells whether key is wanted here.
func (c *claims) has(key cluster.Key) bool {
	one := c.keys[key]
	return one != nil && one.wanted
}
