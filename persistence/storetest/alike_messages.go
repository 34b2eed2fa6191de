package storetest

import (
	"context"
	"fmt"

	"chatserver/persistence"
)

// conv is a conversation that somebody may be in, or not.
func (w *walk) conv(user persistence.UserID) persistence.Conv {
	switch n := w.IntN(20); {
	case n == 0:
		return persistence.Direct(w.person(), w.person())
	case n < 10:
		return persistence.Direct(user, w.person())
	}
	return persistence.GroupConv(w.club())
}

// next is a draft of whoever has or had an account: a new one, one that was sent before, or one with a cid
// that may have been used.
func (w *walk) next() persistence.Draft {
	if len(w.drafts) > 0 && w.IntN(4) == 0 {
		return w.drafts[w.IntN(len(w.drafts))]
	}
	sender := min(w.person(), w.newest())
	d := persistence.Draft{Conv: w.conv(sender), Sender: sender, CID: w.another("cid"), Body: fmt.Sprint("body", w.IntN(3))}
	if w.IntN(3) == 0 {
		d.CID = fmt.Sprint("again", w.IntN(30))
	}
	w.drafts = append(w.drafts, d)
	return d
}

// span is a part of a conversation, around where one may be.
func (w *walk) span() persistence.Span {
	span := persistence.Span{Limit: w.limit()}
	if w.IntN(2) == 0 {
		span.After = uint64(w.IntN(20))
	} else {
		span.Before = uint64(w.IntN(20))
	}
	return span
}

var messageCalls = []weighed{
	{60, func(w *walk) call {
		drafts := make([]persistence.Draft, 1+w.IntN(8))
		for i := range drafts {
			drafts[i] = w.next()
			if i > 0 && w.IntN(8) == 0 {
				drafts[i].Sender, drafts[i].CID = drafts[i-1].Sender, drafts[i-1].CID
			}
		}
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Append(ctx, drafts) }, "Append", drafts)
	}},
	{8, func(w *walk) call {
		user := w.person()
		conv, span := w.conv(user), w.span()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Read(ctx, user, conv, span) }, "Read", user, conv, span)
	}},
	{6, func(w *walk) call {
		user, limit := w.person(), w.limit()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Backlog(ctx, user, limit) }, "Backlog", user, limit)
	}},
	{4, func(w *walk) call {
		conv, after, limit := w.conv(w.person()), uint64(w.IntN(20)), w.limit()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Range(ctx, conv, after, limit) }, "Range", conv, after, limit)
	}},
	{4, (*walk).changed},
	{16, func(w *walk) call {
		marks := make([]persistence.Mark, w.IntN(5))
		for i := range marks {
			user := w.person()
			marks[i] = persistence.Mark{User: user, Conv: w.conv(user), Delivered: uint64(w.IntN(20)), Read: uint64(w.IntN(20))}
		}
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return nil, s.Mark(ctx, marks) }, "Mark", marks)
	}},
	{4, func(w *walk) call {
		user, limit := w.person(), w.limit()
		above := w.conv(user)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Convs(ctx, user, above, limit) }, "Convs", user, above, limit)
	}},
}
