package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"chatserver/persistence"
)

// apart stores what is open of a batch that failed in parts, so that what made it fail fails alone: where
// a row was locked for too long conversation by conversation, where it lost to others again and again, or
// a value was refused, draft by draft. A part that fails has an error as the outcome of its drafts; none
// of it was stored. It returns why where parts would fare no better, or it is not known whether one was
// stored.
func (s *Store) apart(ctx context.Context, b *batch, why error) error {
	alone := s.dialect.again(why) || s.dialect.duplicate(why) || s.dialect.bad(why)
	if ctx.Err() != nil || errors.As(why, new(unsure)) && !s.dialect.again(why) || !alone && !s.dialect.held(why) {
		return why
	}
	for _, part := range b.parts(alone) {
		sub := b.part(part)
		err := s.store(ctx, sub)
		switch {
		case err == nil:
		case ctx.Err() != nil || errors.As(err, new(unsure)) && !s.dialect.again(err):
			return err
		default:
			s.log.Error("messages were not stored", "conv", b.drafts[part[0]].Conv, "messages", len(part), "err", err)
			sub.fail(fmt.Errorf("store %d messages: %w", len(part), err))
		}
		for i, at := range part {
			b.outcomes[at] = sub.outcomes[i]
		}
	}
	b.open = nil
	return nil
}

// parts are the open drafts of each conversation, in their order, or each draft for itself.
func (b *batch) parts(alone bool) (parts [][]int) {
	if alone {
		for _, i := range b.open {
			parts = append(parts, []int{i})
		}
		return parts
	}
	of := make(map[persistence.Conv]int)
	for _, i := range b.open {
		conv := b.drafts[i].Conv
		at, ok := of[conv]
		if !ok {
			at = len(parts)
			of[conv] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], i)
	}
	return parts
}

// part is a batch of some of the drafts. What is stored of them is looked for: the same cid may be
// in another part.
func (b *batch) part(some []int) *batch {
	drafts := make([]persistence.Draft, len(some))
	for i, at := range some {
		drafts[i] = b.drafts[at]
	}
	sub := newBatch(drafts)
	sub.find = true
	return sub
}

// fail gives the open drafts an error as their outcome.
func (b *batch) fail(err error) {
	for _, i := range b.open {
		b.outcomes[i] = persistence.Outcome{Err: err}
	}
	b.open = nil
}
