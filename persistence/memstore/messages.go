package memstore

import (
	"context"
	"slices"
	"time"

	"chatserver/persistence"
)

// conversation is one in which something was written. Its messages' numbers are 1, 2, 3 …
type conversation struct {
	messages []message
}

type message struct {
	sender    persistence.UserID
	cid, body string
	ts        int64 // Unix milliseconds
}

// head is the last number of a conversation, 0 where nothing was written yet.
func (s *Store) head(conv persistence.Conv) uint64 {
	if c := s.convs[conv]; c != nil {
		return uint64(len(c.messages))
	}
	return 0
}

// history are the messages after a number, to the last one, which is at most the head.
func (s *Store) history(conv persistence.Conv, after, last uint64) (list []persistence.Message) {
	list = slices.Grow(list, int(last-after))
	for seq := after + 1; seq <= last; seq++ {
		list = append(list, s.message(conv, seq))
	}
	return list
}

func (s *Store) message(conv persistence.Conv, seq uint64) persistence.Message {
	m := &s.convs[conv].messages[seq-1]
	return persistence.Message{
		Conv: conv, Seq: seq, Sender: s.whoever(m.sender).User, CID: m.cid, Body: m.body, At: time.UnixMilli(m.ts),
	}
}

// Read returns the head and the messages of one moment.
func (s *Store) Read(ctx context.Context, id persistence.UserID, conv persistence.Conv, span persistence.Span) (part persistence.Slice, err error) {
	err = s.do(ctx, func() error {
		head := s.head(conv)
		since, err := s.readable(id, conv, head)
		if err != nil {
			return err
		}
		part = persistence.Slice{Head: head, Since: since}
		limit := uint64(max(span.Limit, 0))
		if span.Before != 0 {
			last := max(min(span.Before-1, head), since)
			low := last - min(limit, last-since)
			part.Messages, part.More = s.history(conv, low, last), low > since
			return nil
		}
		low := min(max(span.After, since), head)
		last := low + min(limit, head-low)
		part.Messages, part.More = s.history(conv, low, last), last < head
		return nil
	}, "read %v as user %d", conv, id)
	return part, err
}

// readable is the number after which a user may read. In a direct conversation without a message the
// other account must be there; one that was closed since leaves what was written.
func (s *Store) readable(id persistence.UserID, conv persistence.Conv, head uint64) (uint64, error) {
	if group, ok := conv.Group(); ok {
		g, err := s.group(group)
		if err != nil {
			return 0, err
		}
		if g.role(id) == "" {
			return 0, persistence.ErrForbidden
		}
		return s.whoever(id).marks.get(conv).since, nil
	}
	if lo, hi := conv.Users(); id != lo && id != hi {
		return 0, persistence.ErrForbidden
	}
	if head > 0 {
		return 0, nil
	}
	_, err := s.account(conv.Peer(id))
	return 0, err
}

// Head returns how many messages there are.
func (s *Store) Head(ctx context.Context, conv persistence.Conv) (head uint64, err error) {
	err = s.do(ctx, func() error { head = s.head(conv); return nil }, "head of %v", conv)
	return head, err
}

// Range asks for no reader.
func (s *Store) Range(ctx context.Context, conv persistence.Conv, after uint64, limit int) (list []persistence.Message, err error) {
	err = s.do(ctx, func() error {
		head := s.head(conv)
		low := min(after, head)
		list = s.history(conv, low, low+min(uint64(max(limit, 0)), head-low))
		return nil
	}, "range of %v", conv)
	return list, err
}
