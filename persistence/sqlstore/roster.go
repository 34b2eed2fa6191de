package sqlstore

import (
	"context"
	"database/sql"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Roster reads in one transaction: the lists, the groups, then group by group the others, until
// there are enough.
func (s *Store) Roster(ctx context.Context, id persistence.UserID, others int) (r persistence.Roster, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		r.ID = id
		if err = first(ctx, tx, accounts("name", "gen").Where(sq.Eq{"id": id}), &r.Name, &r.Gen); err != nil {
			return err
		}
		if r.Friends, err = friends(ctx, tx, id); err != nil {
			return err
		}
		blocks := sq.Select("byid").From("block").Where(sq.Eq{"userid": id}).OrderBy("byid")
		if r.Blocks, err = collect(ctx, tx, blocks, scanUserID); err != nil {
			return err
		}
		if r.Groups, err = memberships(ctx, tx, r.User); err != nil {
			return err
		}
		for i := range r.Groups {
			if err := meet(ctx, tx, &r.Groups[i], others); err != nil {
				return err
			}
			others -= len(r.Groups[i].Others)
		}
		return nil
	})
	return r, failed(ctx, err, "roster of user %d", id)
}

// meet reads up to limit of the others in a group, and how many members there are.
func meet(ctx context.Context, tx *sql.Tx, g *persistence.Membership, limit int) (err error) {
	if limit > 0 {
		q := members(g.Group.ID).Column(hides("m.userid", g.Member.ID)).Where("m.gone = 0").
			Where(sq.NotEq{"m.userid": g.Member.ID}).Limit(uint64(limit))
		if g.Others, err = collect(ctx, tx, q, scanMember); err != nil {
			return err
		}
	}
	if g.Size = len(g.Others) + 1; len(g.Others) < limit {
		return nil // these are all
	}
	g.Size, err = size(ctx, tx, g.Group.ID)
	return err
}

// groupBase is the distance from a group's id to its conversation.
var groupBase = int64(persistence.GroupConv(1)) - 1

// memberships are the groups that a user is in, without their sizes and the others.
func memberships(ctx context.Context, tx *sql.Tx, member persistence.User) ([]persistence.Membership, error) {
	q := sq.Select("g.id", "g.groupname", "g.groupdesc", "g.closed", "m.grouprole", "k.since", "m.ver").
		From("groupuser m").Join("allgroup g ON g.id = m.groupid").
		Join("mark k ON k.userid = m.userid AND k.conv = m.groupid + ?", groupBase).
		Where(sq.Eq{"m.userid": member.ID, "m.gone": 0}).OrderBy("g.id")
	return collect(ctx, tx, q, func(row sq.RowScanner, m *persistence.Membership) error {
		m.User = member
		return row.Scan(&m.Group.ID, &m.Group.Name, &m.Desc, &m.Closed, &m.Role, &m.Since, &m.Ver)
	})
}
