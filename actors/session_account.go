package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

func (s *Session) tokens(ctx actor.Context, c call) {
	s.query(ctx, c, tokensOf{s.user, s.env.Clock.Now()}, func(ctx actor.Context, value any) {
		list := wire.TokenList{Tokens: []wire.Token{}}
		for _, t := range value.([]persistence.Token) {
			list.Tokens = append(list.Tokens, wire.Token{ID: int64(t.ID), Device: t.Device, Created: t.Created, Used: t.Used, Expires: t.Expires})
		}
		s.finish(ctx, c, list)
	})
}

// What follows is about the user's logins, so no other request is served before it has ended.

// expel ends sessions of the user on every node, but this one.
func (s *Session) expel(ctx actor.Context, e cluster.Expel) { s.at.spread(ctx, s.env, e) }

// revoke ends a token and the sessions that were logged in with it, but this one.
func (s *Session) revoke(ctx actor.Context, c call, req wire.Revoke) {
	c, token := s.hold(c), persistence.TokenID(req.Token)
	s.query(ctx, c, revoke{s.user, token}, func(ctx actor.Context, _ any) {
		s.expel(ctx, cluster.Expel{User: s.user, Token: token, Reason: wire.Revoked})
		s.finish(ctx, c, wire.Done{})
	})
}

// passwd changes the password and ends all that was logged in with the old one, but this session.
func (s *Session) passwd(ctx actor.Context, c call, req wire.Passwd) {
	c = s.hold(c)
	s.ask(ctx, c, s.at.accounts, func(ref uint64) any {
		return ChangePassword{ref, s.from, s.user, req.Password, req.New, s.token}
	}, func(ctx actor.Context, _ any) {
		s.expel(ctx, cluster.Expel{User: s.user, Reason: wire.Revoked})
		s.finish(ctx, c, wire.Done{})
	})
}

// closeAccount ends the account and with it all its sessions. Groups that were left, were left
// though the rest failed.
func (s *Session) closeAccount(ctx actor.Context, c call, req wire.CloseAccount) {
	c = s.hold(c)
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		groups, _ := a.Value.([]persistence.Leaving)
		for _, left := range groups {
			s.announceEnd(ctx, left)
		}
		if a.Err != nil {
			s.reject(ctx, c, a.Err)
			return
		}
		s.expel(ctx, cluster.Expel{User: s.user, Reason: wire.AccountClosed})
		s.reply(c, wire.Done{})
		s.end(ctx, wire.AccountClosed)
	})
	ctx.Request(s.at.accounts, EndAccount{ref, s.from, s.user, req.Password})
}

// announceEnd tells a group that the account left it, and who is its creator instead.
func (s *Session) announceEnd(ctx actor.Context, left persistence.Leaving) {
	event := wire.Event{Kind: wire.GroupLeft, Group: int64(left.Group), ID: int64(s.user)}
	s.at.spread(ctx, s.env, cluster.Announce{Group: left.Group, Event: event})
	if left.Heir != 0 {
		event.Kind, event.ID, event.By, event.Role = wire.RoleChanged, int64(left.Heir), int64(s.user), string(persistence.Creator)
		s.at.spread(ctx, s.env, cluster.Announce{Group: left.Group, Event: event})
	}
}
