package memstore

import (
	"context"

	"chatserver/persistence"
)

// Found makes the group at version 1.
func (s *Store) Found(ctx context.Context, creator persistence.UserID, name string, key []byte, desc string) (id persistence.GroupID, err error) {
	err = s.do(ctx, func() error {
		a, err := s.account(creator)
		if err != nil {
			return err
		}
		if _, taken := s.groupKeys[string(key)]; taken {
			return persistence.ErrExists
		}
		if len(a.groups.keys) == persistence.MaxGroups {
			return persistence.ErrFull
		}
		id = persistence.GroupID(len(s.groups) + 1)
		g := &group{Group: persistence.Group{ID: id, Name: name, Desc: desc}, key: string(key)}
		s.groups = append(s.groups, g)
		s.groupKeys[g.key] = id
		s.enter(g, a, persistence.Creator)
		return nil
	}, "found group %q", name)
	return id, err
}

// Join uses an invitation up whether the group is closed or not: it was for this once.
func (s *Store) Join(ctx context.Context, id persistence.GroupID, userID persistence.UserID) (m persistence.Membership, err error) {
	err = s.inGroup(ctx, id, func(g *group) error {
		a, err := s.account(userID)
		if err != nil {
			return err
		}
		if err := g.admit(a); err != nil {
			return err
		}
		g.invited.drop(userID)
		m = s.membership(g, s.enter(g, a, persistence.Normal))
		return nil
	}, "join user %d to group %d", userID, id)
	return m, err
}

// admit says why somebody may not join.
func (g *group) admit(a *account) error {
	switch {
	case a.groups.has(g.ID):
		return persistence.ErrExists
	case len(a.groups.keys) == persistence.MaxGroups:
		return persistence.ErrFull
	case g.banned.has(a.ID), g.Closed && !g.invited.has(a.ID):
		return persistence.ErrForbidden
	}
	return nil
}

// membership is the group as a member finds it, without the others.
func (s *Store) membership(g *group, m *member) persistence.Membership {
	v := s.view(g, m, m.user)
	v.Hides = false
	return persistence.Membership{Group: g.Group, Member: v, Size: g.size()}
}

// Leave is one change also where somebody follows.
func (s *Store) Leave(ctx context.Context, id persistence.GroupID, userID persistence.UserID) (heir persistence.UserID, err error) {
	err = s.inGroup(ctx, id, func(g *group) error {
		if g.role(userID) == "" {
			return persistence.ErrForbidden
		}
		heir = s.leave(g, userID)
		return nil
	}, "leave group %d as user %d", id, userID)
	return heir, err
}

// leave ends a membership and returns who follows, 0 where nobody does.
func (s *Store) leave(g *group, id persistence.UserID) persistence.UserID {
	m := g.members.get(id)
	s.remove(g, m)
	if m.role != persistence.Creator {
		s.restamp(g, m)
		return 0
	}
	heir := g.heir()
	if heir == nil {
		s.restamp(g, m)
		s.end(g)
		return 0
	}
	heir.role = persistence.Creator
	s.restamp(g, m, heir)
	return heir.user
}

// Disband removes all members at one version.
func (s *Store) Disband(ctx context.Context, id persistence.GroupID, by persistence.UserID) (ids []persistence.UserID, err error) {
	err = s.inGroup(ctx, id, func(g *group) error {
		if err := g.least(by, persistence.Creator); err != nil {
			return err
		}
		var rows []*member
		for m := range g.live(0) {
			s.remove(g, m)
			ids, rows = append(ids, m.user), append(rows, m)
		}
		s.restamp(g, rows...)
		s.end(g)
		return nil
	}, "disband group %d for user %d", id, by)
	return ids, err
}

// Roll returns a page of those who are in the group now.
func (s *Store) Roll(ctx context.Context, id persistence.GroupID, reader, after persistence.UserID, limit int) (page []persistence.Member, err error) {
	err = s.inGroup(ctx, id, func(g *group) error {
		if g.role(reader) == "" {
			return persistence.ErrForbidden
		}
		for m := range g.live(after) {
			if len(page) >= limit {
				break
			}
			page = append(page, s.view(g, m, reader))
		}
		return nil
	}, "roll of group %d for user %d", id, reader)
	return page, err
}

// Members also returns the rows of a group that has ended.
func (s *Store) Members(ctx context.Context, id persistence.GroupID, ver uint64) (rows []persistence.Member, err error) {
	err = s.do(ctx, func() error {
		g := nth(s.groups, id)
		if g == nil {
			return nil
		}
		for _, m := range g.members.all() {
			if m.ver > ver {
				rows = append(rows, s.view(g, m, 0))
			}
		}
		return nil
	}, "members of group %d", id)
	return rows, err
}
