package memstore

import (
	"context"

	"chatserver/persistence"
)

// mark is a user's place in a conversation.
type mark struct{ since, delivered, read uint64 }

// Mark has nothing to move where somebody has no place.
func (s *Store) Mark(ctx context.Context, marks []persistence.Mark) error {
	return s.do(ctx, func() error {
		for _, m := range marks {
			k := s.whoever(m.User).marks.get(m.Conv)
			if k == nil {
				continue
			}
			head := s.head(m.Conv)
			k.delivered = max(k.delivered, min(m.Delivered, head))
			k.read = max(k.read, min(m.Read, head))
		}
		return nil
	}, "mark")
}

// Convs returns the user's marks with the heads and the other users' marks.
func (s *Store) Convs(ctx context.Context, id persistence.UserID, above persistence.Conv, limit int) (states []persistence.ConvState, err error) {
	err = s.do(ctx, func() error {
		for conv, k := range s.whoever(id).marks.above(above) {
			if len(states) >= limit {
				break
			}
			c := persistence.ConvState{Conv: conv, Head: s.head(conv), Since: k.since, Delivered: k.delivered, Read: k.read}
			if p := s.peerMark(id, conv); p != nil {
				c.PeerDelivered, c.PeerRead = p.delivered, p.read
			}
			states = append(states, c)
		}
		return nil
	}, "conversations of user %d", id)
	return states, err
}

// peerMark is the other user's in a direct conversation, nil where that is not told.
func (s *Store) peerMark(id persistence.UserID, conv persistence.Conv) *mark {
	if _, ok := conv.Group(); ok {
		return nil
	}
	peer := s.whoever(conv.Peer(id))
	if peer.ID == id || peer.blocks.has(id) {
		return nil
	}
	return peer.marks.get(conv)
}
