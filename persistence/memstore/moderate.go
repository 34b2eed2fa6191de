package memstore

import (
	"context"

	"chatserver/persistence"
)

// Kick ends a membership as Leave does. Who is kicked is no creator, so nobody follows.
func (s *Store) Kick(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) error {
	return s.inGroup(ctx, id, func(g *group) error {
		if err := g.outrank(by, userID); err != nil {
			return err
		}
		if g.role(userID) == "" {
			return persistence.ErrNotFound
		}
		s.expel(g, userID)
		return nil
	}, "kick user %d from group %d for user %d", userID, id, by)
}

func (s *Store) expel(g *group, id persistence.UserID) {
	m := g.members.get(id)
	s.remove(g, m)
	s.restamp(g, m)
}

// mayBan says why by may not decide whether a user may join, who need not be in the group.
func (s *Store) mayBan(g *group, by, userID persistence.UserID) error {
	if err := g.outrank(by, userID); err != nil {
		return err
	}
	_, err := s.account(userID)
	return err
}

// Ban takes back an invitation too.
func (s *Store) Ban(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) (was bool, err error) {
	err = s.inGroup(ctx, id, func(g *group) error {
		if err := s.mayBan(g, by, userID); err != nil {
			return err
		}
		g.banned.put(userID, struct{}{})
		g.invited.drop(userID)
		if was = g.role(userID) != ""; was {
			s.expel(g, userID)
		}
		return nil
	}, "ban user %d from group %d for user %d", userID, id, by)
	return was, err
}

// Unban leaves who was not banned as it is.
func (s *Store) Unban(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) error {
	return s.inGroup(ctx, id, func(g *group) error {
		if err := s.mayBan(g, by, userID); err != nil {
			return err
		}
		g.banned.drop(userID)
		return nil
	}, "unban user %d from group %d for user %d", userID, id, by)
}

// Invite notes an invitation also for somebody who is banned, to whom it is of no use until Unban.
func (s *Store) Invite(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) error {
	return s.inGroup(ctx, id, func(g *group) error {
		if err := g.least(by, persistence.Admin); err != nil {
			return err
		}
		if _, err := s.account(userID); err != nil {
			return err
		}
		if g.role(userID) != "" {
			return persistence.ErrExists
		}
		g.invited.put(userID, struct{}{})
		return nil
	}, "invite user %d to group %d for user %d", userID, id, by)
}

// SetRole is one change also where there is a new creator.
func (s *Store) SetRole(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID, role persistence.Role) error {
	return s.inGroup(ctx, id, func(g *group) error {
		if err := g.least(by, persistence.Creator); err != nil {
			return err
		}
		switch g.role(userID) {
		case "":
			return persistence.ErrNotFound
		case persistence.Creator:
			return persistence.ErrForbidden
		}
		rows := []*member{g.members.get(userID)}
		if role == persistence.Creator {
			before := g.members.get(by)
			before.role = persistence.Admin
			rows = append(rows, before)
		}
		rows[0].role = role
		s.restamp(g, rows...)
		return nil
	}, "make user %d %s of group %d for user %d", userID, role, id, by)
}

// SetGroup changes no version: nobody's place in the group is another one.
func (s *Store) SetGroup(ctx context.Context, id persistence.GroupID, by persistence.UserID, change persistence.GroupChange) error {
	return s.inGroup(ctx, id, func(g *group) error {
		if err := g.least(by, persistence.Admin); err != nil {
			return err
		}
		if change.Name != nil {
			if owner, taken := s.groupKeys[string(change.Key)]; taken && owner != id {
				return persistence.ErrExists
			}
			delete(s.groupKeys, g.key)
			g.Name, g.key = *change.Name, string(change.Key)
			s.groupKeys[g.key] = id
		}
		if change.Desc != nil {
			g.Desc = *change.Desc
		}
		if change.Closed != nil {
			g.Closed = *change.Closed
		}
		return nil
	}, "change group %d for user %d", id, by)
}
