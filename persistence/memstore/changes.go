package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"chatserver/persistence"
)

// Changed looks at everything there is. The last message of a conversation is its latest.
func (s *Store) Changed(ctx context.Context, ago time.Duration) (c persistence.Changes, err error) {
	err = s.do(ctx, func() error {
		c = s.changed(s.stamp() - ago.Milliseconds())
		return nil
	}, "changed within %v", ago)
	return c, err
}

// changed is what changed at a time in Unix milliseconds or after it.
func (s *Store) changed(since int64) (c persistence.Changes) {
	for conv, k := range s.convs {
		if head := len(k.messages); k.messages[head-1].ts >= since {
			c.Heads = append(c.Heads, persistence.Head{Conv: conv, Seq: uint64(head)})
		}
	}
	slices.SortFunc(c.Heads, func(a, b persistence.Head) int { return cmp.Compare(a.Conv, b.Conv) })
	var users set[persistence.UserID]
	for _, g := range s.groups {
		some := false
		for id, m := range g.members.all() {
			if m.changed >= since {
				some = true
				users.put(id, struct{}{})
			}
		}
		if some {
			c.Groups = append(c.Groups, g.ID)
		}
	}
	for _, a := range s.users {
		if a.changed >= since {
			users.put(a.ID, struct{}{})
		}
	}
	c.Users = users.keys
	return c
}
