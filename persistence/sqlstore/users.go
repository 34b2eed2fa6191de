package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Register takes the next id; one that a refused name took is given back.
func (s *Store) Register(ctx context.Context, name string, key []byte, hash string) (persistence.UserID, error) {
	var id persistence.UserID
	err := s.write(ctx, func(tx *sql.Tx) error {
		next, err := nextID(ctx, tx, "user")
		if err != nil {
			return err
		}
		id = persistence.UserID(next)
		if id > persistence.MaxUserID {
			return errors.New("no user id is left")
		}
		return s.create(ctx, tx, sq.Insert("user").Columns("id", "name", "namekey", "password").
			Values(id, []byte(name), key, []byte(hash)))
	})
	if err != nil {
		return 0, failed(ctx, err, "register %q", name)
	}
	return id, nil
}

// Credentials reads one row.
func (s *Store) Credentials(ctx context.Context, id persistence.UserID) (persistence.Credentials, error) {
	c := persistence.Credentials{User: persistence.User{ID: id}}
	err := first(ctx, s.reader, sq.Select("name", "password").From("user").Where(sq.Eq{"id": id}), &c.Name, &c.Hash)
	return c, failed(ctx, err, "credentials of user %d", id)
}

// Roster reads in one transaction: the friends, the groups, then group by group the others,
// until there are enough.
func (s *Store) Roster(ctx context.Context, id persistence.UserID, others int) (persistence.Roster, error) {
	r, err := s.roster(ctx, id, others)
	return r, failed(ctx, err, "roster of user %d", id)
}

func (s *Store) roster(ctx context.Context, id persistence.UserID, others int) (r persistence.Roster, err error) {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, err
	}
	defer tx.Rollback()
	if r.User, err = user(ctx, tx, id); err != nil {
		return r, err
	}
	r.Friends, err = collect(ctx, tx, sq.Select("u.id", "u.name").From("friend f").Join("user u ON u.id = f.friendid").
		Where(sq.Eq{"f.userid": id}).OrderBy("f.pos", "f.friendid"), scanUser)
	if err != nil {
		return r, err
	}
	r.Groups, err = collect(ctx, tx, memberships(id), func(row sq.RowScanner, m *persistence.Membership) error {
		m.User = r.User
		return row.Scan(&m.Group.ID, &m.Group.Name, &m.Desc, &m.Role, &m.Since, &m.Ver)
	})
	if err != nil {
		return r, err
	}
	for i := range r.Groups {
		if others <= 0 {
			break
		}
		g := &r.Groups[i]
		g.Others, err = collect(ctx, tx, members(g.Group.ID).Where("m.gone = 0").
			Where(sq.NotEq{"m.userid": id}).Limit(uint64(others)), scanMember)
		if err != nil {
			return r, err
		}
		others -= len(g.Others)
	}
	return r, nil
}

// groupBase is the distance from a group's id to its conversation.
var groupBase = int64(persistence.GroupConv(1)) - 1

func memberships(id persistence.UserID) sq.SelectBuilder {
	return sq.Select("g.id", "g.groupname", "g.groupdesc", "m.grouprole", "k.since", "m.ver").
		From("groupuser m").Join("allgroup g ON g.id = m.groupid").
		Join("mark k ON k.userid = m.userid AND k.conv = m.groupid + ?", groupBase).
		Where(sq.Eq{"m.userid": id, "m.gone": 0}).OrderBy("g.id")
}
