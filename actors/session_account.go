package actors

import (
	"github.com/asynkron/protoactor-go/actor"

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

// What follows is about the user's logins, so no other request is served before it has ended. A session that
// lives by what was ended does so too, on whatever node, this one behind its answer.

func (s *Session) revoke(ctx actor.Context, c call, req wire.Revoke) {
	c = s.hold(c)
	s.ask(ctx, c, s.at.accounts, func(ref uint64) any {
		return EndLogin{ref, s.from, s.user, persistence.TokenID(req.Token)}
	}, func(ctx actor.Context, _ any) { s.finish(ctx, c, wire.Done{}) })
}

// passwd ends all the user's logins but this one.
func (s *Session) passwd(ctx actor.Context, c call, req wire.Passwd) {
	c = s.hold(c)
	s.ask(ctx, c, s.at.accounts, func(ref uint64) any {
		return ChangePassword{ref, s.from, s.user, req.Password, req.New, s.token}
	}, func(ctx actor.Context, _ any) { s.finish(ctx, c, wire.Done{}) })
}

func (s *Session) closeAccount(ctx actor.Context, c call, req wire.CloseAccount) {
	c = s.hold(c)
	s.ask(ctx, c, s.at.accounts, func(ref uint64) any {
		return EndAccount{ref, s.from, s.user, req.Password}
	}, func(ctx actor.Context, _ any) {
		s.reply(c, wire.Done{})
		s.end(ctx, wire.AccountClosed)
	})
}
