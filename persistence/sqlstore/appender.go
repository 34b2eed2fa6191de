package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	sq "github.com/Masterminds/squirrel"
)

// appender has the statements of Append, in the order in which they run, with what a row of
// their arguments is.
type appender struct {
	addHeads bulk // conv, how many, 0
	heads    bulk // conv
	users    bulk // user
	blocks   bulk // user, by
	members  bulk // group, user
	groups   bulk // group
	stored   bulk // cid
	messages bulk // conv, seq, sender, cid, body, ts
	marks    bulk // user, conv, since, delivered, read
}

func newAppender(ctx context.Context, db *sql.DB, d dialect, now string) (*appender, error) {
	var a appender
	for _, s := range []struct {
		bulk  *bulk
		arity int
		build func(rows int) sq.Sqlizer
	}{
		{&a.addHeads, 3, insertInto("conversation", d.addHead, "conv", "head", "ver")},
		{&a.heads, 1, whereIn(sq.Select("conv", "head", "ver", cmp.Or(now, "0")).From("conversation"), "conv")},
		{&a.users, 1, whereIn(accounts("id"), "id")},
		{&a.blocks, 2, wherePair(sq.Select("userid", "byid").From("block"), "userid = ? AND byid = ?")},
		{&a.members, 2, wherePair(sq.Select("groupid", "userid").From("groupuser").Where("gone = 0"), "groupid = ? AND userid = ?")},
		{&a.groups, 1, whereIn(sq.Select("id").From("allgroup").Where("namekey IS NOT NULL"), "id")},
		{&a.stored, 1, whereIn(sq.Select("cid", "sender", "conv", "seq", "body", "ts").From("message"), "cid")},
		{&a.messages, 6, insertInto("message", "", "conv", "seq", "sender", "cid", "body", "ts")},
		{&a.marks, 5, insertInto("mark", "", "userid", "conv", "since", "delivered", "read_seq")},
	} {
		s.bulk.arity, s.bulk.most, s.bulk.build = s.arity, d.rows, s.build
		if d.rows > 0 {
			continue
		}
		if err := s.bulk.prepare(ctx, db); err != nil {
			return nil, errors.Join(err, a.close())
		}
	}
	return &a, nil
}

func (a *appender) close() error {
	var errs []error
	for _, b := range []*bulk{&a.addHeads, &a.heads, &a.users, &a.blocks, &a.members, &a.groups, &a.stored, &a.messages, &a.marks} {
		errs = append(errs, b.close())
	}
	return errors.Join(errs...)
}

// The builders of a bulk.

func insertInto(table, suffix string, columns ...string) func(rows int) sq.Sqlizer {
	return func(rows int) sq.Sqlizer {
		q := sq.Insert(table).Columns(columns...).Suffix(suffix)
		for range rows {
			q = q.Values(make([]any, len(columns))...)
		}
		return q
	}
}

func whereIn(q sq.SelectBuilder, column string) func(rows int) sq.Sqlizer {
	return func(rows int) sq.Sqlizer {
		return q.Where(sq.Eq{column: make([]any, rows)})
	}
}

func wherePair(q sq.SelectBuilder, pair string) func(rows int) sq.Sqlizer {
	return func(rows int) sq.Sqlizer {
		var either sq.Or
		for range rows {
			either = append(either, sq.Expr(pair, 0, 0))
		}
		return q.Where(either)
	}
}
