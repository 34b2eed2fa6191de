package bench

import (
	"context"
	"sync"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// pinging is after how many seconds a connection sends a PING again: a v2 session is to send
// something each minute.
const pinging = 30

// keeper keeps connections alive that nobody else sends over.
type keeper struct {
	mu    sync.Mutex
	conns []*client.Conn
}

// add may be called while run does its work.
func (k *keeper) add(conn *client.Conn) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.conns = append(k.conns, conn)
}

// run sends PINGs, each second over a part of the connections, until ctx ends. Who reads from a
// connection hears when it is broken. In classic there is no PING and no need for one.
func (k *keeper) run(ctx context.Context, in wire.Dialect) {
	if in == wire.Classic {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for second := 0; ; second = (second + 1) % pinging {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		k.mu.Lock()
		conns := k.conns
		k.mu.Unlock()
		for i := second; i < len(conns); i += pinging {
			conns[i].Send("", wire.Ping{})
		}
	}
}
