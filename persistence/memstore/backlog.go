package memstore

import (
	"context"

	"chatserver/persistence"
)

// Backlog merges the conversations by time; within a millisecond the cids tell, and within one cid the
// conversations. Within a conversation times do not go back.
func (s *Store) Backlog(ctx context.Context, id persistence.UserID, limit int) (oldest []persistence.Message, err error) {
	err = s.do(ctx, func() error {
		waiting := s.waiting(id)
		for len(oldest) < limit {
			var next *unread
			for _, w := range waiting {
				if w.seq > 0 && (next == nil || w.before(next)) {
					next = w
				}
			}
			if next == nil {
				break
			}
			oldest = append(oldest, s.message(next.conv, next.seq))
			next.advance()
		}
		return nil
	}, "backlog of user %d", id)
	return oldest, err
}

// unread is what waits for a user in one conversation.
type unread struct {
	conv     persistence.Conv
	messages []message
	but      persistence.UserID // whose messages do not wait; 0: everybody's do
	seq      uint64             // of the next message that waits, 0 for none
}

// waiting are the conversations of a user, in their order, each at its first message that waits, if there is one.
func (s *Store) waiting(id persistence.UserID) (all []*unread) {
	for conv, k := range s.whoever(id).marks.all() {
		c := s.convs[conv]
		if c == nil || k.delivered == uint64(len(c.messages)) {
			continue
		}
		w := &unread{conv: conv, messages: c.messages, but: id, seq: k.delivered}
		if conv == persistence.Direct(id, id) {
			w.but = 0
		}
		w.advance()
		all = append(all, w)
	}
	return all
}

// advance goes to the next message that waits after seq.
func (w *unread) advance() {
	for seq := w.seq; seq < uint64(len(w.messages)); seq++ {
		if w.messages[seq].sender != w.but {
			w.seq = seq + 1
			return
		}
	}
	w.seq = 0
}

// before tells whose next message is older.
func (w *unread) before(other *unread) bool {
	a, b := &w.messages[w.seq-1], &other.messages[other.seq-1]
	if a.ts != b.ts {
		return a.ts < b.ts
	}
	return a.cid < b.cid
}
