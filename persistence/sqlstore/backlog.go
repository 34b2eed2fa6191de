package sqlstore

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// backlogPage is how many messages of one conversation are read at a time.
const backlogPage = 32

// Backlog merges the conversations by time, each read in pages as far as it is needed. The
// times of one conversation may be out of order, where clocks disagreed; its numbers rule.
func (s *Store) Backlog(ctx context.Context, userID persistence.UserID, limit int) ([]persistence.Message, error) {
	msgs, err := s.backlog(ctx, userID, limit)
	return msgs, failed(ctx, err, "backlog of user %d", userID)
}

func (s *Store) backlog(ctx context.Context, userID persistence.UserID, limit int) ([]persistence.Message, error) {
	q := sq.Select("k.conv", "k.delivered").From("mark k").Join("conversation c ON c.conv = k.conv AND c.head > k.delivered").
		Where(sq.Eq{"k.userid": userID}).OrderBy("k.conv")
	waiting, err := collect(ctx, s.reader, q, func(row sq.RowScanner, w *unread) error {
		return row.Scan(&w.conv, &w.after)
	})
	if err != nil {
		return nil, err
	}
	page := min(limit, backlogPage)
	var oldest []persistence.Message
	for len(oldest) < limit {
		var next *unread
		for i := range waiting {
			w := &waiting[i]
			if err := s.fill(ctx, w, userID, page); err != nil {
				return nil, err
			}
			if len(w.page) > 0 && (next == nil || w.before(next)) {
				next = w
			}
		}
		if next == nil {
			break
		}
		oldest = append(oldest, next.take())
	}
	return oldest, nil
}

// unread is what waits for a user in one conversation.
type unread struct {
	conv  persistence.Conv
	after uint64                // what was read so far
	page  []persistence.Message // read and not taken
	ended bool                  // nothing is left to read
	last  time.Time             // of those taken
}

// fill reads the next page where none is left.
func (s *Store) fill(ctx context.Context, w *unread, reader persistence.UserID, page int) (err error) {
	if w.ended || len(w.page) > 0 {
		return nil
	}
	q := history(w.conv, w.after, page)
	if w.conv != persistence.Direct(reader, reader) {
		q = q.Where(sq.NotEq{"m.sender": reader})
	}
	w.page, err = collect(ctx, s.reader, q, scanMessage)
	w.ended = len(w.page) < page
	if n := len(w.page); n > 0 {
		w.after = w.page[n-1].Seq
	}
	return err
}

// before tells whose next message is older. Within a millisecond the cids tell, which are
// ordered by time where this server made them or the client follows the protocol's advice.
func (w *unread) before(other *unread) bool {
	if c := w.due().Compare(other.due()); c != 0 {
		return c < 0
	}
	return w.page[0].CID < other.page[0].CID
}

// due is when the next message was stored, or the latest of those before it.
func (w *unread) due() time.Time {
	if at := w.page[0].At; at.After(w.last) {
		return at
	}
	return w.last
}

func (w *unread) take() persistence.Message {
	w.last = w.due()
	m := w.page[0]
	w.page = w.page[1:]
	return m
}
