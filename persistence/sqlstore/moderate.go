package sqlstore

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Kick ends a membership as Leave does. Who is kicked is no creator, so nobody follows.
func (s *Store) Kick(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) error {
	err := s.changeGroup(ctx, id, func(g *lockedGroup) error {
		role, err := g.outrank(ctx, by, userID)
		if err != nil {
			return err
		}
		if role == "" {
			return persistence.ErrNotFound
		}
		return g.remove(ctx, userID)
	})
	return failed(ctx, err, "kick user %d from group %d for user %d", userID, id, by)
}

// Ban takes back an invitation too.
func (s *Store) Ban(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) (was bool, err error) {
	err = s.changeGroup(ctx, id, func(g *lockedGroup) error {
		role, err := g.outrank(ctx, by, userID)
		if err != nil {
			return err
		}
		if _, err := s.hold(ctx, g.tx, userID); err != nil {
			return err
		}
		if err := g.note(ctx, "groupban", userID); err != nil {
			return err
		}
		if _, err := g.strike(ctx, "groupinvite", userID); err != nil {
			return err
		}
		if was = role != ""; was {
			return g.remove(ctx, userID)
		}
		return nil
	})
	return was && err == nil, failed(ctx, err, "ban user %d from group %d for user %d", userID, id, by)
}

// Unban deletes the row, if there is one.
func (s *Store) Unban(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) error {
	err := s.changeGroup(ctx, id, func(g *lockedGroup) error {
		if _, err := g.outrank(ctx, by, userID); err != nil {
			return err
		}
		if _, err := s.hold(ctx, g.tx, userID); err != nil {
			return err
		}
		_, err := g.strike(ctx, "groupban", userID)
		return err
	})
	return failed(ctx, err, "unban user %d from group %d for user %d", userID, id, by)
}

// Invite inserts a row. One for somebody who is banned is of no use until Unban.
func (s *Store) Invite(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID) error {
	err := s.changeGroup(ctx, id, func(g *lockedGroup) error {
		if err := g.least(ctx, by, persistence.Admin); err != nil {
			return err
		}
		if _, err := s.hold(ctx, g.tx, userID); err != nil {
			return err
		}
		role, err := g.role(ctx, userID)
		if err != nil {
			return err
		}
		if role != "" {
			return persistence.ErrExists
		}
		return g.note(ctx, "groupinvite", userID)
	})
	return failed(ctx, err, "invite user %d to group %d for user %d", userID, id, by)
}

// SetRole changes one row, or two where there is a new creator.
func (s *Store) SetRole(ctx context.Context, id persistence.GroupID, by, userID persistence.UserID, role persistence.Role) error {
	err := s.changeGroup(ctx, id, func(g *lockedGroup) error {
		if err := g.least(ctx, by, persistence.Creator); err != nil {
			return err
		}
		has, err := g.role(ctx, userID)
		switch {
		case err != nil:
			return err
		case has == "":
			return persistence.ErrNotFound
		case has == persistence.Creator:
			return persistence.ErrForbidden
		}
		if role == persistence.Creator {
			if err := g.set(ctx, "grouprole", string(persistence.Admin), by); err != nil {
				return err
			}
		}
		return g.set(ctx, "grouprole", string(role), userID)
	})
	return failed(ctx, err, "make user %d %s of group %d for user %d", userID, role, id, by)
}

// SetGroup writes the row anew with what is changed in it.
func (s *Store) SetGroup(ctx context.Context, id persistence.GroupID, by persistence.UserID, change persistence.GroupChange) error {
	err := s.changeGroup(ctx, id, func(g *lockedGroup) error {
		if err := g.least(ctx, by, persistence.Admin); err != nil {
			return err
		}
		q := sq.Update("allgroup").Where(sq.Eq{"id": id})
		if change.Name != nil {
			g.Name = *change.Name
			q = q.Set("namekey", change.Key)
		}
		if change.Desc != nil {
			g.Desc = *change.Desc
		}
		if change.Closed != nil {
			g.Closed = *change.Closed
		}
		_, err := q.Set("groupname", []byte(g.Name)).Set("groupdesc", []byte(g.Desc)).Set("closed", g.Closed).
			RunWith(g.tx).ExecContext(ctx)
		return s.taken(err)
	})
	return failed(ctx, err, "change group %d for user %d", id, by)
}
