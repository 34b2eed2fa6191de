package sqlstore

import (
	"sync"
	"time"
)

// clock gives the times of messages. They never go back, whatever the machine's clock does.
type clock struct {
	now func() time.Time

	mu   sync.Mutex
	last int64
}

// stamp returns now in Unix milliseconds, or the last stamp where that is later.
func (c *clock) stamp() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last, c.now().UnixMilli())
	return c.last
}
