package storetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chatserver/persistence"
)

// club is the id of a group, now and then of none or of one before.
func (w *walk) club() persistence.GroupID {
	if w.IntN(10) == 0 {
		return persistence.GroupID(1 + w.IntN(int(slices.Max(w.clubs[:]))+1))
	}
	return max(1, w.clubs[w.IntN(len(w.clubs))]) // a name may not have had one yet
}

// place is a user's in a group.
type place struct {
	group persistence.GroupID
	user  persistence.UserID
}

func clubName(name int) string { return fmt.Sprint("club", name) }

func (w *walk) foundAs(name int) call {
	creator, text := w.person(), clubName(name)
	return shown(func(ctx context.Context, s persistence.Store) (any, error) {
		id, err := s.Found(ctx, creator, text, []byte(text), "about "+text)
		if err == nil {
			w.clubs[name] = id
		}
		return id, err
	}, "Found", creator, text)
}

// memberOf is a member of a group whose role is one of some, if there is one, and somebody else now and then.
func (w *walk) memberOf(group persistence.GroupID, roles ...persistence.Role) persistence.UserID {
	rows, err := w.stores[0].Members(w.Context(), group, 0)
	if err != nil {
		w.Fatal(err)
	}
	rows = slices.DeleteFunc(rows, func(m persistence.Member) bool { return m.Gone || !slices.Contains(roles, m.Role) })
	if len(rows) == 0 || w.IntN(4) == 0 {
		return w.person()
	}
	return rows[w.IntN(len(rows))].ID
}

// moderates is a call that somebody makes about somebody else in a group.
func (w *walk) moderates(name string, do func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, user persistence.UserID) (any, error)) call {
	group, user := w.club(), w.person()
	switch w.IntN(6) {
	case 0:
		group, user = max(1, w.guest.group), max(1, w.guest.user)
	case 1, 2, 3:
		user = w.memberOf(group, persistence.Normal, persistence.Admin)
	}
	by := w.memberOf(group, persistence.Creator, persistence.Admin)
	return shown(func(ctx context.Context, s persistence.Store) (any, error) { return do(ctx, s, group, by, user) }, name, group, by, user)
}

// change is one of some of a group's attributes.
func (w *walk) change() (change persistence.GroupChange) {
	if w.IntN(2) == 0 {
		name := clubName(w.IntN(len(w.clubs)))
		change.Name, change.Key = &name, []byte(name)
	}
	if w.IntN(2) == 0 {
		change.Desc = new(w.another("about "))
	}
	if w.IntN(3) > 0 {
		change.Closed = new(w.IntN(4) > 0)
	}
	return change
}

var groupCalls = []weighed{
	{6, func(w *walk) call { return w.foundAs(w.IntN(len(w.clubs))) }},
	{24, func(w *walk) call {
		group, user := w.club(), w.person()
		if w.guest.group > 0 && w.IntN(3) == 0 {
			group, user = w.guest.group, w.guest.user
		}
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Join(ctx, group, user) }, "Join", group, user)
	}},
	{6, func(w *walk) call {
		group := w.club()
		user := w.memberOf(group, persistence.Creator, persistence.Admin, persistence.Normal)
		if w.IntN(2) == 0 {
			user = w.memberOf(group, persistence.Creator)
		}
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Leave(ctx, group, user) }, "Leave", group, user)
	}},
	{4, func(w *walk) call {
		return w.moderates("Kick", func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, user persistence.UserID) (any, error) {
			return nil, s.Kick(ctx, group, by, user)
		})
	}},
	{3, func(w *walk) call {
		return w.moderates("Ban", func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, user persistence.UserID) (any, error) {
			return s.Ban(ctx, group, by, user)
		})
	}},
	{5, func(w *walk) call {
		return w.moderates("Unban", func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, user persistence.UserID) (any, error) {
			return nil, s.Unban(ctx, group, by, user)
		})
	}},
	{10, func(w *walk) call {
		return w.moderates("Invite", func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, user persistence.UserID) (any, error) {
			err := s.Invite(ctx, group, by, user)
			if err == nil {
				w.guest = place{group, user}
			}
			return nil, err
		})
	}},
	{8, func(w *walk) call {
		role := []persistence.Role{persistence.Creator, persistence.Admin, persistence.Admin, persistence.Normal}[w.IntN(4)]
		return w.moderates("SetRole "+string(role), func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, user persistence.UserID) (any, error) {
			return nil, s.SetRole(ctx, group, by, user, role)
		})
	}},
	{6, func(w *walk) call {
		change := w.change()
		return w.moderates("SetGroup "+string(change.Key), func(ctx context.Context, s persistence.Store, group persistence.GroupID, by, _ persistence.UserID) (any, error) {
			return nil, s.SetGroup(ctx, group, by, change)
		})
	}},
	{1, func(w *walk) call {
		group := w.club()
		by := w.memberOf(group, persistence.Creator)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Disband(ctx, group, by) }, "Disband", group, by)
	}},
	{3, func(w *walk) call {
		group, reader, after, limit := w.club(), w.person(), w.person()-1, w.limit()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) {
			return s.Roll(ctx, group, reader, after, limit)
		}, "Roll", group, reader, after, limit)
	}},
	{3, func(w *walk) call {
		group, ver := w.club(), uint64(w.IntN(20))
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Members(ctx, group, ver) }, "Members", group, ver)
	}},
}

// changed asks for what changed of late.
func (w *walk) changed() call {
	ago := []time.Duration{0, w.millis(20), w.millis(500), time.Hour}[w.IntN(4)]
	return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Changed(ctx, ago) }, "Changed", ago)
}
