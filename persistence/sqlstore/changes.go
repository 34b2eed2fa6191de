package sqlstore

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Changed reads the indexes on the times of messages, memberships and accounts. The last message of late
// of a conversation is its last one: times do not go back while numbers rise. A transaction stamps
// what it does before it commits, so ago has to be longer than one may take.
func (s *Store) Changed(ctx context.Context, ago time.Duration) (persistence.Changes, error) {
	c, err := s.changed(ctx, ago)
	return c, failed(ctx, err, "changed within %v", ago)
}

func (s *Store) changed(ctx context.Context, ago time.Duration) (c persistence.Changes, err error) {
	heads := sq.Select("conv", "MAX(seq)").From("message").Where(s.within("ts", ago)).GroupBy("conv").OrderBy("conv")
	c.Heads, err = collect(ctx, s.reader, heads, func(row sq.RowScanner, h *persistence.Head) error {
		return row.Scan(&h.Conv, &h.Seq)
	})
	if err != nil {
		return c, err
	}
	rows := sq.Select("groupid", "userid").From("groupuser").Where(s.within("changed", ago))
	places, err := collect(ctx, s.reader, rows, func(row sq.RowScanner, m *member) error { return row.Scan(&m.group, &m.user) })
	if err != nil {
		return c, err
	}
	users, err := collect(ctx, s.reader, sq.Select("id").From("user").Where(s.within("changed", ago)), scanUserID)
	if err != nil {
		return c, err
	}
	c.Groups, c.Users = concerned(places, users)
	return c, nil
}

// concerned are the groups of the places, and their users with the others, each once and in order.
func concerned(places []member, others []persistence.UserID) ([]persistence.GroupID, []persistence.UserID) {
	groups, users := make(map[persistence.GroupID]bool), make(map[persistence.UserID]bool)
	for _, p := range places {
		groups[p.group], users[p.user] = true, true
	}
	for _, id := range others {
		users[id] = true
	}
	return slices.Sorted(maps.Keys(groups)), slices.Sorted(maps.Keys(users))
}

// within is the condition that the time in a column is at most so long ago.
func (s *Store) within(column string, ago time.Duration) sq.Sqlizer {
	return sq.Expr(column+" >= ? - ?", s.clock.reads(), ago.Milliseconds())
}

// touch makes Changed name the user.
func (s *Store) touch(ctx context.Context, tx *sql.Tx, id persistence.UserID) error {
	_, err := sq.Update("user").Set("changed", s.clock.reads()).Where(sq.Eq{"id": id}).RunWith(tx).ExecContext(ctx)
	return err
}
