package memstore

import (
	"context"
	"iter"

	"chatserver/persistence"
)

// group is a group and who is or was in it.
type group struct {
	persistence.Group
	key     string
	ver     uint64
	ended   bool // nobody is in it any more
	members ordered[persistence.UserID, *member]
	banned  set[persistence.UserID]
	invited set[persistence.UserID]
}

// member is a row of a group: a place in it, also one that somebody left.
type member struct {
	user        persistence.UserID
	role        persistence.Role
	joined, ver uint64 // the group's versions at which the membership began and the row last changed
	changed     int64  // when that was, in Unix milliseconds
	gone        bool
}

// group returns the one with an id, or ErrNotFound, also where it has ended.
func (s *Store) group(id persistence.GroupID) (*group, error) {
	if g := nth(s.groups, id); g != nil && !g.ended {
		return g, nil
	}
	return nil, persistence.ErrNotFound
}

// inGroup is do on a group. ErrNotFound where there is none.
func (s *Store) inGroup(ctx context.Context, id persistence.GroupID, f func(g *group) error, doing string, args ...any) error {
	return s.do(ctx, func() error {
		g, err := s.group(id)
		if err != nil {
			return err
		}
		return f(g)
	}, doing, args...)
}

// conv is the group's conversation, which may have no message yet.
func (g *group) conv() persistence.Conv { return persistence.GroupConv(g.ID) }

// live are those who are in the group and whose ids are above one, in the order of these.
func (g *group) live(above persistence.UserID) iter.Seq[*member] {
	return func(yield func(*member) bool) {
		for _, m := range g.members.above(above) {
			if !m.gone && !yield(m) {
				return
			}
		}
	}
}

func (g *group) size() (n int) {
	for range g.live(0) {
		n++
	}
	return n
}

// role is a member's, "" for who is none.
func (g *group) role(id persistence.UserID) persistence.Role {
	if m := g.members.get(id); m != nil && !m.gone {
		return m.role
	}
	return ""
}

// rank orders the roles; who is no member has 0.
func rank(role persistence.Role) int {
	switch role {
	case persistence.Creator:
		return 3
	case persistence.Admin:
		return 2
	case persistence.Normal:
		return 1
	}
	return 0
}

// least returns ErrForbidden where by's role is below another one.
func (g *group) least(by persistence.UserID, role persistence.Role) error {
	if rank(g.role(by)) < rank(role) {
		return persistence.ErrForbidden
	}
	return nil
}

// outrank returns ErrForbidden unless by is the creator or an admin, and above the user.
func (g *group) outrank(by, id persistence.UserID) error {
	if rank(g.role(by)) <= max(rank(g.role(id)), rank(persistence.Normal)) {
		return persistence.ErrForbidden
	}
	return nil
}

// enter adds a member who reads what comes after the head, in place of the row of an earlier membership.
func (s *Store) enter(g *group, a *account, role persistence.Role) *member {
	g.ver++
	m := &member{user: a.ID, role: role, joined: g.ver, ver: g.ver, changed: s.stamp()}
	g.members.put(a.ID, m)
	a.groups.put(g.ID, struct{}{})
	head := s.head(g.conv())
	a.marks.put(g.conv(), &mark{since: head, delivered: head, read: head})
	return m
}

// restamp tells of a change to members' rows: the group has a new version, and the rows its time and that.
func (s *Store) restamp(g *group, rows ...*member) {
	g.ver++
	for _, m := range rows {
		m.ver, m.changed = g.ver, s.stamp()
	}
}

// remove ends a membership at the version that restamp gives it.
func (s *Store) remove(g *group, m *member) {
	m.gone = true
	a := s.whoever(m.user)
	a.groups.drop(g.ID)
	a.marks.drop(g.conv())
}

// heir is the longest-serving admin, else member, nil where nobody is left.
func (g *group) heir() (heir *member) {
	for m := range g.live(0) {
		if heir == nil || m.before(heir) {
			heir = m
		}
	}
	return heir
}

func (m *member) before(other *member) bool {
	if admin := m.role == persistence.Admin; admin != (other.role == persistence.Admin) {
		return admin
	}
	return m.joined < other.joined
}

// end frees the name of a group that nobody is in. Its messages and rows stay.
func (s *Store) end(g *group) {
	delete(s.groupKeys, g.key)
	g.ended, g.banned, g.invited = true, set[persistence.UserID]{}, set[persistence.UserID]{}
}

// view is a row as reader sees it.
func (s *Store) view(g *group, m *member, reader persistence.UserID) persistence.Member {
	v := persistence.Member{Peer: s.peer(reader, m.user), Role: m.role, Ver: m.ver, Gone: m.gone}
	if !m.gone {
		v.Since = s.whoever(m.user).marks.get(g.conv()).since
	}
	return v
}
