package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// outbox remembers, for each object that waits to be written, what is delivered once it was.
type outbox []parting

type parting struct {
	home  *actor.PID // the user it is for
	heads []persistence.Head
}

// sent notes that an object was queued.
func (o *outbox) sent(home *actor.PID, heads []persistence.Head) {
	*o = append(*o, parting{home, heads})
}

// pass notes a message that needs no object of its own: it is delivered with the last one that
// waits. False: none waits, it is delivered now.
func (o outbox) pass(head persistence.Head) bool {
	if len(o) == 0 {
		return false
	}
	last := &o[len(o)-1]
	last.heads = append(last.heads, head)
	return true
}

// written takes off the next n objects and returns what is delivered with them, once for each user.
func (o *outbox) written(n int) (delivered []parting) {
	for _, p := range (*o)[:n] {
		last := len(delivered) - 1
		switch {
		case len(p.heads) == 0:
		case last >= 0 && delivered[last].home == p.home:
			delivered[last].heads = append(delivered[last].heads, p.heads...)
		default:
			delivered = append(delivered, parting{p.home, slices.Clip(p.heads)})
		}
	}
	*o = (*o)[n:]
	return delivered
}
