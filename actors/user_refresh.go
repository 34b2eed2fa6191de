package actors

import (
	"errors"
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// unlessAway is err, but for one of the bus: who comes while it is away is claimed later, and what was
// missed until then repaired.
func unlessAway(err error) error {
	if errors.Is(err, errAway) || errors.Is(err, errLost) {
		return nil
	}
	return err
}

// refreshElsewhere lets the user's sessions on other nodes know of what changed here.
func (u *User) refreshElsewhere(ctx actor.Context) {
	ctx.Send(u.at.router, cluster.Refresh{User: u.id})
}

// outdated tells whether a session was logged in by a password that is none any more. One with a token
// lives as long as that.
func (s *attached) outdated(gen uint64) bool { return s.token == 0 && s.gen != gen }

// refresh reads again what another node may have changed of the user: blocks, groups, logins.
func (u *User) refresh(ctx actor.Context) {
	u.seen++
	u.outdate(ctx)
}

// outdate reads again what the user knows of itself.
func (u *User) outdate(ctx actor.Context) {
	u.stale = true
	u.reread(ctx)
}

// reread reads while somebody is here and what was read is out of date.
func (u *User) reread(ctx actor.Context) {
	if !u.stale || u.refreshing || !u.awake {
		return
	}
	u.stale, u.refreshing = false, true
	there := slices.Clone(u.sessions) // who comes later may have a login that is younger than what is read
	u.ask(ctx, selfOf{u.id, u.env.Clock.Now()}, func(ctx actor.Context, a Answer) {
		u.refreshing = false
		switch {
		case isNotFound(a.Err):
			u.displace(ctx, wire.AccountClosed, func(*attached) bool { return true })
		case a.Err != nil:
			u.stale = true
			u.env.Clock.After(retry, ctx.Self(), refreshDue{})
			return
		case u.awake:
			u.refreshed(ctx, a.Value.(self), there)
		}
		u.reread(ctx)
	})
}

// refreshed takes over what was read. A group that is not in it may have been entered since: the store
// is asked for it once more.
func (u *User) refreshed(ctx actor.Context, now self, there []*attached) {
	if !u.stale { // else they may have changed since they were read, and are read again
		u.blocks = now.roster.Blocks
	}
	u.displace(ctx, wire.Revoked, func(s *attached) bool {
		revoked := s.token != 0 && !slices.ContainsFunc(now.tokens, func(t persistence.Token) bool { return t.ID == s.token })
		return slices.Contains(there, s) && (revoked || s.outdated(now.roster.Gen))
	})
	in := map[persistence.GroupID]bool{}
	for _, g := range now.roster.Groups {
		in[g.Group.ID] = true
		u.enter(ctx, Seat{g.Group.ID, g.Since, g.Ver})
	}
	for _, group := range slices.Sorted(maps.Keys(u.groups)) {
		if !in[group] {
			u.look(ctx, group)
		}
	}
}
