package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Found makes the group, its conversation at version 1, and its creator's place in both.
func (s *Store) Found(ctx context.Context, creator persistence.UserID, name string, key []byte, desc string) (persistence.GroupID, error) {
	var id persistence.GroupID
	err := s.write(ctx, func(tx *sql.Tx) error {
		next, err := nextID(ctx, tx, "allgroup")
		if err != nil {
			return err
		}
		id = persistence.GroupID(next)
		if _, err := s.hold(ctx, tx, creator); err != nil {
			return err
		}
		err = s.create(ctx, tx, sq.Insert("allgroup").Columns("id", "groupname", "namekey", "groupdesc").
			Values(id, []byte(name), key, []byte(desc)))
		if err != nil {
			return err
		}
		g := &lockedGroup{Group: persistence.Group{ID: id}, head: head{seq: 0, ver: 1}, s: s, tx: tx}
		err = s.create(ctx, tx, sq.Insert("conversation").Columns("conv", "head", "ver").Values(persistence.GroupConv(id), g.seq, g.ver))
		if err != nil {
			return err
		}
		return g.enter(ctx, creator, persistence.Creator)
	})
	if err != nil {
		return 0, failed(ctx, err, "found group %q", name)
	}
	return id, nil
}

// Join uses an invitation up whether the group is closed or not: it was for this once.
func (s *Store) Join(ctx context.Context, id persistence.GroupID, userID persistence.UserID) (m persistence.Membership, err error) {
	err = s.changeGroup(ctx, id, func(g *lockedGroup) (err error) {
		m = persistence.Membership{Group: g.Group}
		m.Role, m.Since, m.Ver = persistence.Normal, g.seq, g.ver
		if m.User, err = s.hold(ctx, g.tx, userID); err != nil {
			return err
		}
		if err := g.enter(ctx, userID, m.Role); err != nil {
			return err
		}
		if err := g.admit(ctx, userID); err != nil {
			return err
		}
		m.Size, err = size(ctx, g.tx, id)
		return err
	})
	if err != nil {
		return persistence.Membership{}, failed(ctx, err, "join user %d to group %d", userID, id)
	}
	return m, nil
}

// admit returns ErrForbidden for who may not join.
func (g *lockedGroup) admit(ctx context.Context, id persistence.UserID) error {
	banned, err := exists(ctx, g.tx, sq.Select("userid").From("groupban").Where(g.place(id)))
	if err != nil {
		return err
	}
	invited, err := g.strike(ctx, "groupinvite", id)
	if err == nil && (banned || g.Closed && !invited) {
		err = persistence.ErrForbidden
	}
	return err
}

// Leave keeps the row as a tombstone and drops the marks. The last to leave ends the group: its
// name becomes free, its messages stay.
func (s *Store) Leave(ctx context.Context, id persistence.GroupID, userID persistence.UserID) (heir persistence.UserID, err error) {
	err = s.changeGroup(ctx, id, func(g *lockedGroup) error {
		role, err := g.role(ctx, userID)
		if err != nil {
			return err
		}
		if role == "" {
			return persistence.ErrForbidden
		}
		if err := g.remove(ctx, userID); err != nil || role != persistence.Creator {
			return err
		}
		heir, err = g.succeed(ctx)
		return err
	})
	return heir, failed(ctx, err, "leave group %d as user %d", id, userID)
}

// disbandStep is how many memberships one statement of Disband ends.
const disbandStep = 500

// Disband removes all members as Kick does, in one transaction.
func (s *Store) Disband(ctx context.Context, id persistence.GroupID, by persistence.UserID) (ids []persistence.UserID, err error) {
	err = s.changeGroup(ctx, id, func(g *lockedGroup) (err error) {
		if err := g.least(ctx, by, persistence.Creator); err != nil {
			return err
		}
		q := sq.Select("userid").From("groupuser").Where(sq.Eq{"groupid": id, "gone": 0}).OrderBy("userid")
		if ids, err = collect(ctx, g.tx, q, scanUserID); err != nil {
			return err
		}
		for some := range slices.Chunk(ids, disbandStep) {
			if err := g.remove(ctx, some...); err != nil {
				return err
			}
		}
		return g.end(ctx)
	})
	if err != nil {
		return nil, failed(ctx, err, "disband group %d for user %d", id, by)
	}
	return ids, nil
}

// GroupsOf reads as Roster does.
func (s *Store) GroupsOf(ctx context.Context, id persistence.UserID) (groups []persistence.Membership, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		member, err := user(ctx, tx, id)
		if err != nil {
			return err
		}
		groups, err = memberships(ctx, tx, member)
		for i := range groups {
			if err == nil {
				groups[i].Size, err = size(ctx, tx, groups[i].Group.ID)
			}
		}
		return err
	})
	return groups, failed(ctx, err, "groups of user %d", id)
}

// Roll reads a page of those who are in the group now.
func (s *Store) Roll(ctx context.Context, id persistence.GroupID, reader, after persistence.UserID, limit int) (page []persistence.Member, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		if _, err := group(ctx, tx, id); err != nil {
			return err
		}
		if _, err := since(ctx, tx, id, reader); err != nil {
			return err
		}
		page, err = collect(ctx, tx, members(id).Column(hides("m.userid", reader)).Where("m.gone = 0").
			Where(sq.Gt{"m.userid": after}).Limit(uint64(max(limit, 0))), scanMember)
		return err
	})
	return page, failed(ctx, err, "roll of group %d for user %d", id, reader)
}

// Members reads the rows with a higher version.
func (s *Store) Members(ctx context.Context, id persistence.GroupID, ver uint64) ([]persistence.Member, error) {
	rows, err := collect(ctx, s.reader, members(id).Column("0").Where(sq.Gt{"m.ver": ver}), scanMember)
	return rows, failed(ctx, err, "members of group %d", id)
}

// members are the rows of a group, the gone ones too, in the order of their user ids. Its last
// column is the caller's: who hides.
func members(id persistence.GroupID) sq.SelectBuilder {
	return sq.Select("m.userid", "u.name", "m.grouprole", "COALESCE(k.since, 0)", "m.ver", "m.gone").
		From("groupuser m").Join("user u ON u.id = m.userid").
		LeftJoin("mark k ON k.userid = m.userid AND k.conv = ?", persistence.GroupConv(id)).
		Where(sq.Eq{"m.groupid": id}).OrderBy("m.userid")
}

func scanMember(row sq.RowScanner, m *persistence.Member) error {
	return row.Scan(&m.ID, &m.Name, &m.Role, &m.Since, &m.Ver, &m.Gone, &m.Hides)
}

// size is how many members a group has.
func size(ctx context.Context, tx *sql.Tx, id persistence.GroupID) (n int, err error) {
	err = first(ctx, tx, sq.Select("COUNT(*)").From("groupuser").Where(sq.Eq{"groupid": id, "gone": 0}), &n)
	return n, err
}

// since is the seq that a member may read from, ErrForbidden for who is none.
func since(ctx context.Context, tx *sql.Tx, id persistence.GroupID, member persistence.UserID) (seq uint64, err error) {
	err = first(ctx, tx, sq.Select("since").From("mark").
		Where(sq.Eq{"userid": member, "conv": persistence.GroupConv(id)}), &seq)
	if errors.Is(err, persistence.ErrNotFound) {
		err = persistence.ErrForbidden
	}
	return seq, err
}
