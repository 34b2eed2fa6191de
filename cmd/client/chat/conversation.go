package chat

import (
	"cmp"
	"slices"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// kept is how many items of a conversation are held while it is not scrolled back; more are read
// again when they are wanted. At 100 bytes a message this is half a megabyte.
const kept = 5000

// console is the place of all that belongs to no conversation.
var console = wire.Conv{}

// conversation is one as its user sees it. Its messages have no hole between the first and the
// last one held.
type conversation struct {
	wire.ConvState
	items   []*item             // messages by seq, and notes between them
	pending []*item             // own messages without a seq, in the order sent
	divider uint64              // what was unread starts with it; 0: nothing was
	loading bool                // earlier messages are on their way
	filled  bool                // the last ones were asked for since the connection stands
	typing  map[int64]time.Time // who is writing, and when that was last said
	draft   line                // what was being typed
}

// item is one entry of a history: a message, or a note where from is 0.
type item struct {
	seq  uint64 // 0: not known yet, or a note
	from int64
	at   time.Time
	text string
	cid  string
	lost string // why a message was refused for good; "": it was not
}

func newConversation(conv wire.Conv) *conversation {
	return &conversation{ConvState: wire.ConvState{Conv: conv}, typing: map[int64]time.Time{}}
}

// update takes what the server says of the conversation. Marks never go back.
func (c *conversation) update(s wire.ConvState) {
	c.Head = max(c.Head, s.Head)
	c.Since = max(c.Since, s.Since)
	c.Delivered = max(c.Delivered, s.Delivered)
	c.Read = max(c.Read, s.Read)
	c.PeerDelivered = max(c.PeerDelivered, s.PeerDelivered)
	c.PeerRead = max(c.PeerRead, s.PeerRead)
}

// unread is how many messages were not read yet.
func (c *conversation) unread() int {
	from := max(c.Read, c.Since)
	if c.Head <= from {
		return 0
	}
	return int(c.Head - from)
}

// read says that all up to seq was read.
func (c *conversation) read(seq uint64) { c.Read = max(c.Read, min(seq, c.Head)) }

// add puts a message in its place and says whether it was not there before.
func (c *conversation) add(p wire.Push) bool {
	c.Head = max(c.Head, p.Seq)
	delete(c.typing, p.From)
	c.pending = slices.DeleteFunc(c.pending, func(i *item) bool { return i.cid == p.CID })
	place := len(c.items)
	for i := len(c.items) - 1; i >= 0 && (c.items[i].seq == 0 || c.items[i].seq >= p.Seq); i-- { // a note has no seq
		if c.items[i].seq == p.Seq {
			return false
		}
		if c.items[i].seq > p.Seq {
			place = i
		}
	}
	c.items = slices.Insert(c.items, place, &item{seq: p.Seq, from: p.From, at: p.At, text: p.Msg, cid: p.CID})
	return true
}

// note adds a line that is no message.
func (c *conversation) note(at time.Time, text string) {
	c.items = append(c.items, &item{at: at, text: text})
}

// send adds an own message that is on its way.
func (c *conversation) send(me int64, o client.Outgoing) {
	c.pending = append(c.pending, &item{from: me, at: o.At, text: o.Text, cid: o.CID})
}

// refuse leaves an own message that is refused for good in the history, with the reason.
func (c *conversation) refuse(cid, why string) {
	for i, p := range c.pending {
		if p.cid == cid {
			c.pending = slices.Delete(c.pending, i, i+1)
			p.lost = why
			c.items = append(c.items, p)
			return
		}
	}
}

// marked takes the marks of a user: the own ones, or those of the other side.
func (c *conversation) marked(m wire.Marked, own bool) {
	if own {
		c.read(m.Read)
		return
	}
	c.PeerDelivered = max(c.PeerDelivered, m.Delivered, m.Read)
	c.PeerRead = max(c.PeerRead, m.Read)
}

// forget drops the messages held: they are void, or what follows does not join on to them.
func (c *conversation) forget() {
	c.filled = false
	c.items = slices.DeleteFunc(c.items, func(i *item) bool { return i.seq != 0 })
}

// void forgets all that the server said of the conversation.
func (c *conversation) void() {
	c.ConvState, c.divider = wire.ConvState{Conv: c.Conv}, 0
	c.forget()
}

// first is the lowest seq held, 0 for none.
func (c *conversation) first() uint64 {
	for _, i := range c.items {
		if i.seq != 0 {
			return i.seq
		}
	}
	return 0
}

// last is the highest seq held, 0 for none.
func (c *conversation) last() uint64 {
	for i := len(c.items) - 1; i >= 0; i-- {
		if c.items[i].seq != 0 {
			return c.items[i].seq
		}
	}
	return 0
}

// before is where to read on backwards from, exclusive; 0: all that may be read is held.
func (c *conversation) before() uint64 {
	before := cmp.Or(c.first(), c.Head+1)
	if before <= c.Since+1 {
		return 0
	}
	return before
}

// trim drops the oldest items where too many are held.
func (c *conversation) trim() {
	if extra := len(c.items) - kept; extra > 0 {
		c.items = slices.Delete(c.items, 0, extra)
	}
}

// all are the items in the order shown, what is on its way last.
func (c *conversation) all() []*item { return slices.Concat(c.items, c.pending) }

// fate is how far an own message came.
func (c *conversation) fate(i *item) string {
	switch {
	case i.lost != "":
		return "not sent: " + i.lost
	case i.seq == 0:
		return "waiting"
	case c.Conv.Group:
		return "sent"
	case i.seq <= c.PeerRead:
		return "read"
	case i.seq <= c.PeerDelivered:
		return "delivered"
	}
	return "sent"
}
