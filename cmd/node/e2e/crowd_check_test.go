package e2e

import (
	"fmt"
	"time"
)

// live waits until each has stored a message and read one of each neighbour that was written from now on. It
// fails where that takes longer than within.
func (c *crowd) live(within time.Duration) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	written := map[int64]int{}
	for _, p := range c.people {
		written[p.id] = p.sent
	}
	c.wait(within, func() string {
		for _, p := range c.people {
			if p.stored <= written[p.id] {
				return fmt.Sprintf("%d stores nothing", p.id)
			}
			for _, conv := range p.talks {
				if other := conv.ID; !conv.Group && p.heard[other] <= written[other] {
					return fmt.Sprintf("%d hears nothing of %d", p.id, other)
				}
			}
		}
		return ""
	})
}

// until waits until each has stored so many messages.
func (c *crowd) until(messages int) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wait(3*patience, func() string {
		for _, p := range c.people {
			if p.stored < messages {
				return fmt.Sprintf("%d has stored %d messages", p.id, p.stored)
			}
		}
		return ""
	})
}

// wait waits until nothing is amiss.
func (c *crowd) wait(within time.Duration, amiss func() string) {
	c.t.Helper()
	over := false
	defer time.AfterFunc(within, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		over = true
		c.moved.Broadcast()
	}).Stop()
	for {
		what := amiss()
		if what == "" {
			return
		}
		if over {
			c.t.Fatalf("after %v: %s", within, what)
		}
		c.moved.Wait()
	}
}

// rest has everybody stop writing, waits until all is stored and read, and checks it: each message of a
// conversation is there once, everybody has all of them.
func (c *crowd) rest() {
	c.t.Helper()
	c.settle()
	for _, p := range c.people {
		p.resting.Wait()
	}
}

// settle is rest but for writers that are about to notice.
func (c *crowd) settle() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		p.quiet = true
	}
	c.wait(patience, func() string {
		for _, p := range c.people {
			if p.stored < p.sent {
				return fmt.Sprintf("of %d messages of %d %d are stored", p.sent, p.id, p.stored)
			}
			for _, conv := range p.talks {
				if name := p.name(conv); p.read[name] < len(c.said[name]) {
					return fmt.Sprintf("of %d messages of %s %d has %d", len(c.said[name]), name, p.id, p.read[name])
				}
			}
		}
		return ""
	})
	c.check()
}

// check holds what was said to what was written: in each conversation the numbers of each sender rise, and
// together all are there once.
func (c *crowd) check() {
	c.t.Helper()
	times := map[string]int{}
	for conv, said := range c.said {
		last := map[int64]int{}
		for seq := uint64(1); seq <= uint64(len(said)); seq++ {
			sender, number := parse(c.t, said[seq])
			if number <= last[sender] {
				c.t.Errorf("in %s %q stands after number %d of its sender", conv, said[seq], last[sender])
			}
			last[sender] = number
			times[said[seq]]++
		}
	}
	for _, p := range c.people {
		for number := 1; number <= p.sent; number++ {
			if text := fmt.Sprintf("%d/%d", p.id, number); times[text] != 1 {
				c.t.Errorf("message %s is there %d times", text, times[text])
			}
		}
	}
}
