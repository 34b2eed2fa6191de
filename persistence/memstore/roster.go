package memstore

import (
	"context"
	"slices"

	"chatserver/persistence"
)

// Roster cuts the others, group by group, when there are enough.
func (s *Store) Roster(ctx context.Context, id persistence.UserID, others int) (r persistence.Roster, err error) {
	err = s.do(ctx, func() error {
		a, err := s.account(id)
		if err != nil {
			return err
		}
		r = persistence.Roster{
			User: a.User, Friends: s.friends(a), Groups: s.memberships(a), Blocks: slices.Collect(slices.Values(a.blocks.keys)), Gen: a.gen,
		}
		for i := range r.Groups {
			r.Groups[i].Others = s.others(r.Groups[i].Group.ID, id, others)
			others -= len(r.Groups[i].Others)
		}
		return nil
	}, "roster of user %d", id)
	return r, err
}

// others are at most limit members besides reader.
func (s *Store) others(id persistence.GroupID, reader persistence.UserID, limit int) (list []persistence.Member) {
	g := nth(s.groups, id)
	for m := range g.live(0) {
		if len(list) >= limit {
			break
		}
		if m.user != reader {
			list = append(list, s.view(g, m, reader))
		}
	}
	return list
}

// GroupsOf returns what Roster has of them.
func (s *Store) GroupsOf(ctx context.Context, id persistence.UserID) (groups []persistence.Membership, err error) {
	err = s.do(ctx, func() error {
		a, err := s.account(id)
		if err == nil {
			groups = s.memberships(a)
		}
		return err
	}, "groups of user %d", id)
	return groups, err
}

func (s *Store) memberships(a *account) (list []persistence.Membership) {
	for id := range a.groups.all() {
		g := nth(s.groups, id)
		list = append(list, s.membership(g, g.members.get(a.ID)))
	}
	return list
}
