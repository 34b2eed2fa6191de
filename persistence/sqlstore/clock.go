package sqlstore

import (
	"sync"
	"time"

	sq "github.com/Masterminds/squirrel"
)

// clock is the store's: the database server's, so that those of the nodes need not agree, or this
// process's where it has the database for itself. The times that it gives messages never go back,
// whatever that clock does.
type clock struct {
	server string // the server's, as an expression; "" for this process's
	now    func() time.Time

	mu   sync.Mutex
	last int64
}

// stamp returns the time of a message in Unix milliseconds. server is what the server's clock showed.
func (c *clock) stamp(server int64) int64 {
	if c.server == "" {
		server = c.now().UnixMilli()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last, server)
	return c.last
}

// reads is the time in a statement, in Unix milliseconds.
func (c *clock) reads() sq.Sqlizer {
	if c.server != "" {
		return sq.Expr(c.server)
	}
	return sq.Expr("?", c.stamp(0))
}
