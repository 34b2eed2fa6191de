package sqlstore

import (
	"context"
	"database/sql"
	"errors"

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
		if _, err := user(ctx, tx, creator); err != nil {
			return err
		}
		err = s.create(ctx, tx, sq.Insert("allgroup").Columns("id", "groupname", "namekey", "groupdesc").
			Values(id, []byte(name), key, []byte(desc)))
		if err != nil {
			return err
		}
		err = s.create(ctx, tx, sq.Insert("conversation").Columns("conv", "head", "ver").Values(persistence.GroupConv(id), 0, 1))
		if err != nil {
			return err
		}
		return s.enter(ctx, tx, id, creator, persistence.Creator, head{seq: 0, ver: 1})
	})
	if err != nil {
		return 0, failed(ctx, err, "found group %q", name)
	}
	return id, nil
}

// Join makes the row anew, in place of the one of an earlier membership.
func (s *Store) Join(ctx context.Context, group persistence.GroupID, userID persistence.UserID) (persistence.Member, error) {
	m := persistence.Member{Role: persistence.Normal}
	err := s.write(ctx, func(tx *sql.Tx) error {
		h, err := lockGroup(ctx, tx, group)
		if err != nil {
			return err
		}
		if m.User, err = user(ctx, tx, userID); err != nil {
			return err
		}
		_, err = sq.Delete("groupuser").Where(sq.Eq{"groupid": group, "userid": userID, "gone": 1}).RunWith(tx).ExecContext(ctx)
		if err != nil {
			return err
		}
		m.Since, m.Ver = h.seq, h.ver
		return s.enter(ctx, tx, group, userID, m.Role, h)
	})
	if err != nil {
		return persistence.Member{}, failed(ctx, err, "join user %d to group %d", userID, group)
	}
	return m, nil
}

// Leave keeps the row as a tombstone and drops the marks. The last to leave ends the group: its
// name becomes free, its messages stay.
func (s *Store) Leave(ctx context.Context, group persistence.GroupID, userID persistence.UserID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		h, err := lockGroup(ctx, tx, group)
		if err != nil {
			return err
		}
		var role persistence.Role
		err = first(ctx, tx, sq.Select("grouprole").From("groupuser").
			Where(sq.Eq{"groupid": group, "userid": userID, "gone": 0}), &role)
		if errors.Is(err, persistence.ErrNotFound) {
			return persistence.ErrForbidden
		}
		if err != nil {
			return err
		}
		if err := change(ctx, tx, group, userID, h.ver, "gone", 1); err != nil {
			return err
		}
		_, err = sq.Delete("mark").Where(sq.Eq{"userid": userID, "conv": persistence.GroupConv(group)}).RunWith(tx).ExecContext(ctx)
		if err != nil || role != persistence.Creator {
			return err
		}
		return succeed(ctx, tx, group, h.ver)
	})
	return failed(ctx, err, "leave group %d as user %d", group, userID)
}

// Members reads the rows with a higher version.
func (s *Store) Members(ctx context.Context, group persistence.GroupID, ver uint64) ([]persistence.Member, error) {
	rows, err := collect(ctx, s.reader, members(group).Where(sq.Gt{"m.ver": ver}), scanMember)
	return rows, failed(ctx, err, "members of group %d", group)
}

// lockGroup locks the group's conversation and raises its version. Every change of a membership
// starts with it. ErrNotFound where there is no such group, or no longer.
func lockGroup(ctx context.Context, tx *sql.Tx, group persistence.GroupID) (h head, err error) {
	conv := sq.Eq{"conv": persistence.GroupConv(group)}
	_, err = sq.Update("conversation").Set("ver", sq.Expr("ver + 1")).Where(conv).RunWith(tx).ExecContext(ctx)
	if err != nil {
		return h, err
	}
	var id persistence.GroupID
	err = first(ctx, tx, sq.Select("id").From("allgroup").Where(sq.Eq{"id": group}).Where("namekey IS NOT NULL"), &id)
	if err != nil {
		return h, err
	}
	err = first(ctx, tx, sq.Select("head", "ver").From("conversation").Where(conv), &h.seq, &h.ver)
	return h, err
}

// enter adds a member who reads what comes after the head.
func (s *Store) enter(ctx context.Context, tx *sql.Tx, group persistence.GroupID, userID persistence.UserID, role persistence.Role, h head) error {
	err := s.create(ctx, tx, sq.Insert("groupuser").Columns("groupid", "userid", "grouprole", "joined", "ver", "gone").
		Values(group, userID, string(role), h.ver, h.ver, 0))
	if err != nil {
		return err
	}
	return s.create(ctx, tx, sq.Insert("mark").Columns("userid", "conv", "since", "delivered", "read_seq").
		Values(userID, persistence.GroupConv(group), h.seq, h.seq, h.seq))
}

// succeed makes the longest-serving admin, else member, the creator, or ends the group where
// nobody is left.
func succeed(ctx context.Context, tx *sql.Tx, group persistence.GroupID, ver uint64) error {
	var heir persistence.UserID
	err := first(ctx, tx, sq.Select("userid").From("groupuser").Where(sq.Eq{"groupid": group, "gone": 0}).
		OrderBy("CASE grouprole WHEN 'admin' THEN 0 ELSE 1 END", "joined").Limit(1), &heir)
	if errors.Is(err, persistence.ErrNotFound) {
		_, err := sq.Update("allgroup").Set("namekey", nil).Where(sq.Eq{"id": group}).RunWith(tx).ExecContext(ctx)
		return err
	}
	if err != nil {
		return err
	}
	return change(ctx, tx, group, heir, ver, "grouprole", string(persistence.Creator))
}

// change sets one column of a member's row and stamps the version on it.
func change(ctx context.Context, tx *sql.Tx, group persistence.GroupID, userID persistence.UserID, ver uint64, column string, to any) error {
	_, err := sq.Update("groupuser").Set(column, to).Set("ver", ver).
		Where(sq.Eq{"groupid": group, "userid": userID}).RunWith(tx).ExecContext(ctx)
	return err
}

// members are the rows of a group, the gone ones too, in the order of their user ids.
func members(group persistence.GroupID) sq.SelectBuilder {
	return sq.Select("m.userid", "u.name", "m.grouprole", "COALESCE(k.since, 0)", "m.ver", "m.gone").
		From("groupuser m").Join("user u ON u.id = m.userid").
		LeftJoin("mark k ON k.userid = m.userid AND k.conv = ?", persistence.GroupConv(group)).
		Where(sq.Eq{"m.groupid": group}).OrderBy("m.userid")
}

func scanMember(row sq.RowScanner, m *persistence.Member) error {
	return row.Scan(&m.ID, &m.Name, &m.Role, &m.Since, &m.Ver, &m.Gone)
}
