package memstore

import (
	"context"
	"time"

	"chatserver/persistence"
)

// key is what makes a message the same one.
type key struct {
	sender persistence.UserID
	cid    string
}

// place is where a message is.
type place struct {
	conv persistence.Conv
	seq  uint64
}

// Append decides first about what was stored before the batch and what is refused. A draft that is refused
// is so also where an earlier one of the batch has its cid.
func (s *Store) Append(ctx context.Context, drafts []persistence.Draft) (outcomes []persistence.Outcome, err error) {
	err = s.do(ctx, func() error {
		outcomes = make([]persistence.Outcome, len(drafts))
		var open []int
		for i, d := range drafts {
			if at, ok := s.stored[key{d.Sender, d.CID}]; ok {
				outcomes[i] = s.repeated(d, at)
			} else if err := s.refuse(d); err != nil {
				outcomes[i].Err = err
			} else {
				open = append(open, i)
			}
		}
		for _, i := range open {
			d := drafts[i]
			if at, ok := s.stored[key{d.Sender, d.CID}]; ok {
				outcomes[i] = s.repeated(d, at)
			} else {
				outcomes[i] = s.store(d)
			}
		}
		return nil
	}, "append %d messages", len(drafts))
	return outcomes, err
}

// repeated is the outcome of a draft whose key is that of a message.
func (s *Store) repeated(d persistence.Draft, at place) persistence.Outcome {
	m := s.convs[at.conv].messages[at.seq-1]
	if d.Conv != at.conv || d.Body != m.body {
		return persistence.Outcome{Err: persistence.ErrConflict}
	}
	return persistence.Outcome{Seq: at.seq, At: time.UnixMilli(m.ts), Ver: s.ver(d.Conv), Dup: true}
}

// store gives the draft the next number of its conversation.
func (s *Store) store(d persistence.Draft) persistence.Outcome {
	c := s.convs[d.Conv]
	if c == nil {
		c = s.open(d.Conv)
	}
	m := message{sender: d.Sender, cid: d.CID, body: d.Body, ts: s.stamp()}
	c.messages = append(c.messages, m)
	seq := uint64(len(c.messages))
	s.stored[key{d.Sender, d.CID}] = place{d.Conv, seq}
	return persistence.Outcome{Seq: seq, At: time.UnixMilli(m.ts), Ver: s.ver(d.Conv)}
}

// open begins a conversation. The users of a direct one have marks in it from then on, members of a group
// have theirs since they joined.
func (s *Store) open(conv persistence.Conv) *conversation {
	c := &conversation{}
	s.convs[conv] = c
	if _, ok := conv.Group(); !ok {
		lo, hi := conv.Users()
		for _, id := range []persistence.UserID{lo, hi} {
			s.whoever(id).marks.put(conv, &mark{})
		}
	}
	return c
}

// ver is a group's version, 0 for a direct conversation.
func (s *Store) ver(conv persistence.Conv) uint64 {
	id, _ := conv.Group()
	if g := nth(s.groups, id); g != nil {
		return g.ver
	}
	return 0
}

// refuse says why the sender may not write there, nil where it may.
func (s *Store) refuse(d persistence.Draft) error {
	if id, ok := d.Conv.Group(); ok {
		g, err := s.group(id)
		if err == nil && g.role(d.Sender) == "" {
			err = persistence.ErrForbidden
		}
		return err
	}
	lo, hi := d.Conv.Users()
	if d.Sender != lo && d.Sender != hi {
		return persistence.ErrForbidden
	}
	receiver, err := s.account(d.Conv.Peer(d.Sender))
	if err == nil && receiver.blocks.has(d.Sender) {
		err = persistence.ErrForbidden
	}
	return err
}
