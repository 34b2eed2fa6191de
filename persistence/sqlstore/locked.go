package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// lockedGroup is a group whose conversation is locked until the transaction ends. Everything that
// changes a group or decides by its members' roles starts with it.
type lockedGroup struct {
	persistence.Group
	head // its ver is the version of what is changed under this lock
	s    *Store
	tx   *sql.Tx
}

// changeGroup runs f on the group in one transaction, as write does. ErrNotFound where there is no
// such group, or no longer.
func (s *Store) changeGroup(ctx context.Context, id persistence.GroupID, f func(g *lockedGroup) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		conv := persistence.GroupConv(id)
		err := lockConv(ctx, tx, conv)
		if err != nil {
			return err
		}
		g := &lockedGroup{s: s, tx: tx}
		if g.Group, err = group(ctx, tx, id); err != nil {
			return err
		}
		err = first(ctx, tx, sq.Select("head", "ver + 1").From("conversation").Where(sq.Eq{"conv": conv}), &g.seq, &g.ver)
		if err != nil {
			return err
		}
		return f(g)
	})
}

// lockConv locks a conversation, if there is one, as Append does. It changes nothing: only an UPDATE
// locks a row on every engine.
func lockConv(ctx context.Context, tx *sql.Tx, conv persistence.Conv) error {
	_, err := sq.Update("conversation").Set("ver", sq.Expr("ver")).Where(sq.Eq{"conv": conv}).RunWith(tx).ExecContext(ctx)
	return err
}

// group reads one group, or returns ErrNotFound.
func group(ctx context.Context, tx *sql.Tx, id persistence.GroupID) (persistence.Group, error) {
	g := persistence.Group{ID: id}
	err := first(ctx, tx, sq.Select("groupname", "groupdesc", "closed").From("allgroup").
		Where(sq.Eq{"id": id}).Where("namekey IS NOT NULL"), &g.Name, &g.Desc, &g.Closed)
	return g, err
}

// role is a member's, "" for who is none.
func (g *lockedGroup) role(ctx context.Context, id persistence.UserID) (role persistence.Role, err error) {
	err = first(ctx, g.tx, sq.Select("grouprole").From("groupuser").Where(g.place(id)).Where("gone = 0"), &role)
	if errors.Is(err, persistence.ErrNotFound) {
		return "", nil
	}
	return role, err
}

// ranks orders the roles; who is no member has 0.
var ranks = map[persistence.Role]int{persistence.Normal: 1, persistence.Admin: 2, persistence.Creator: 3}

// least returns ErrForbidden where by's role is below another one.
func (g *lockedGroup) least(ctx context.Context, by persistence.UserID, role persistence.Role) error {
	has, err := g.role(ctx, by)
	if err == nil && ranks[has] < ranks[role] {
		err = persistence.ErrForbidden
	}
	return err
}

// outrank returns the role that a user has, or ErrForbidden unless by is the creator or an admin,
// and above it.
func (g *lockedGroup) outrank(ctx context.Context, by, id persistence.UserID) (persistence.Role, error) {
	has, err := g.role(ctx, by)
	if err != nil {
		return "", err
	}
	role, err := g.role(ctx, id)
	if err == nil && ranks[has] <= max(ranks[role], ranks[persistence.Normal]) {
		err = persistence.ErrForbidden
	}
	return role, err
}

// enter adds a member who reads what comes after the head, in place of the row of an earlier
// membership. ErrExists where it is a member, ErrFull where the user is in MaxGroups.
func (g *lockedGroup) enter(ctx context.Context, id persistence.UserID, role persistence.Role) error {
	_, err := sq.Delete("groupuser").Where(g.place(id)).Where("gone = 1").RunWith(g.tx).ExecContext(ctx)
	if err != nil {
		return err
	}
	err = g.s.create(ctx, g.tx, sq.Insert("groupuser").Columns("groupid", "userid", "grouprole", "joined", "ver", "gone", "changed").
		Values(g.ID, id, string(role), g.ver, g.ver, 0, g.s.clock.reads()))
	if err != nil {
		return err
	}
	err = atMost(ctx, g.tx, persistence.MaxGroups, sq.Select("COUNT(*)").From("groupuser").Where(sq.Eq{"userid": id, "gone": 0}))
	if err != nil {
		return err
	}
	err = g.s.create(ctx, g.tx, sq.Insert("mark").Columns("userid", "conv", "since", "delivered", "read_seq").
		Values(id, persistence.GroupConv(g.ID), g.seq, g.seq, g.seq))
	if err != nil {
		return err
	}
	return g.raise(ctx)
}

// remove ends memberships: the rows stay as tombstones, the marks go.
func (g *lockedGroup) remove(ctx context.Context, ids ...persistence.UserID) error {
	if err := g.set(ctx, "gone", 1, ids...); err != nil {
		return err
	}
	_, err := sq.Delete("mark").Where(sq.Eq{"userid": ids, "conv": persistence.GroupConv(g.ID)}).RunWith(g.tx).ExecContext(ctx)
	return err
}

// set sets one column of members' rows and stamps the version and the time on them.
func (g *lockedGroup) set(ctx context.Context, column string, to any, ids ...persistence.UserID) error {
	_, err := sq.Update("groupuser").Set(column, to).Set("ver", g.ver).Set("changed", g.s.clock.reads()).
		Where(sq.Eq{"groupid": g.ID, "userid": ids}).RunWith(g.tx).ExecContext(ctx)
	if err != nil {
		return err
	}
	return g.raise(ctx)
}

// raise gives the group the version that was stamped on a row. A version that stands on no row
// would be looked for in vain.
func (g *lockedGroup) raise(ctx context.Context) error {
	_, err := sq.Update("conversation").Set("ver", g.ver).
		Where(sq.Eq{"conv": persistence.GroupConv(g.ID)}).RunWith(g.tx).ExecContext(ctx)
	return err
}

// succeed makes the longest-serving admin, else member, the creator, or ends the group where
// nobody is left.
func (g *lockedGroup) succeed(ctx context.Context) (heir persistence.UserID, err error) {
	err = first(ctx, g.tx, sq.Select("userid").From("groupuser").Where(sq.Eq{"groupid": g.ID, "gone": 0}).
		OrderBy("CASE grouprole WHEN 'admin' THEN 0 ELSE 1 END", "joined").Limit(1), &heir)
	if errors.Is(err, persistence.ErrNotFound) {
		return 0, g.end(ctx)
	}
	if err != nil {
		return 0, err
	}
	return heir, g.set(ctx, "grouprole", string(persistence.Creator), heir)
}

// end frees the name of a group that nobody is in. Its messages stay.
func (g *lockedGroup) end(ctx context.Context) error {
	_, err := sq.Update("allgroup").Set("namekey", nil).Where(sq.Eq{"id": g.ID}).RunWith(g.tx).ExecContext(ctx)
	for _, table := range []string{"groupban", "groupinvite"} {
		if err == nil {
			_, err = sq.Delete(table).Where(sq.Eq{"groupid": g.ID}).RunWith(g.tx).ExecContext(ctx)
		}
	}
	return err
}

// note puts a user on one of the group's lists, groupban or groupinvite. That it is there already
// is as good.
func (g *lockedGroup) note(ctx context.Context, table string, id persistence.UserID) error {
	err := g.s.create(ctx, g.tx, sq.Insert(table).Columns("groupid", "userid").Values(g.ID, id))
	if errors.Is(err, persistence.ErrExists) {
		return nil
	}
	return err
}

// strike takes a user off one of the group's lists and tells whether it was there.
func (g *lockedGroup) strike(ctx context.Context, table string, id persistence.UserID) (was bool, err error) {
	n, err := affected(sq.Delete(table).Where(g.place(id)).RunWith(g.tx).ExecContext(ctx))
	return n > 0, err
}

// place is where a user stands in a table of the group's.
func (g *lockedGroup) place(id persistence.UserID) sq.Eq { return sq.Eq{"groupid": g.ID, "userid": id} }
