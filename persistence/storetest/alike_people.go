package storetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chatserver/persistence"
)

// calls are those that a walk draws from.
var calls = slices.Concat(peopleCalls, tokenCalls, groupCalls, messageCalls)

// weighed is a call that is drawn so often among the others.
type weighed struct {
	weight int
	draw   func(w *walk) call
}

// person is the id of somebody, now and then of nobody or of somebody before.
func (w *walk) person() persistence.UserID {
	if w.IntN(10) == 0 {
		return persistence.UserID(1 + w.IntN(int(w.newest())+1))
	}
	return w.people[w.IntN(len(w.people))]
}

// newest is the highest id that an account has.
func (w *walk) newest() persistence.UserID { return slices.Max(w.people[:]) }

// limit is how much a call may return.
func (w *walk) limit() int { return []int{0, 1, 2, 3, 40, 1000}[w.IntN(6)] }

// one more of what was not there before.
func (w *walk) another(what string) string {
	w.fresh++
	return fmt.Sprint(what, w.fresh)
}

func (w *walk) registerAs(name int) call {
	text := fmt.Sprint("person", name)
	return shown(func(ctx context.Context, s persistence.Store) (any, error) {
		id, err := s.Register(ctx, text, []byte(text), "hash of "+text)
		if err == nil {
			w.people[name] = id
		}
		return id, err
	}, "Register", text)
}

var peopleCalls = []weighed{
	{6, func(w *walk) call { return w.registerAs(w.IntN(len(w.people))) }},
	{2, func(w *walk) call {
		user := w.person()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.CloseAccount(ctx, user) }, "CloseAccount", user)
	}},
	{2, func(w *walk) call {
		user, hash := w.person(), w.another("hash")
		keep := w.tokenOf(user)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) {
			return nil, s.SetPassword(ctx, user, hash, keep)
		}, "SetPassword", user, hash, keep)
	}},
	{2, func(w *walk) call {
		reader, key := w.person(), fmt.Appendf(nil, "person%d", w.IntN(len(w.people)+1))
		return shown(func(ctx context.Context, s persistence.Store) (any, error) {
			c, err := s.CredentialsOf(ctx, key)
			if err != nil {
				return nil, err
			}
			p, err := s.FindName(ctx, reader, key)
			return []any{c, p}, err
		}, "CredentialsOf, FindName", string(key), reader)
	}},
	{2, func(w *walk) call {
		user, others := w.person(), w.limit()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Roster(ctx, user, others) }, "Roster", user, others)
	}},
	{8, func(w *walk) call {
		user, friend := w.person(), w.person()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Befriend(ctx, user, friend) }, "Befriend", user, friend)
	}},
	{4, func(w *walk) call {
		user, friend := w.person(), w.person()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return nil, s.Unfriend(ctx, user, friend) }, "Unfriend", user, friend)
	}},
	{2, func(w *walk) call {
		user, limit := w.person(), w.limit()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Watchers(ctx, user, limit) }, "Watchers", user, limit)
	}},
	{4, func(w *walk) call {
		user, by := w.person(), w.person()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return nil, s.Block(ctx, user, by) }, "Block", user, by)
	}},
	{6, func(w *walk) call {
		user, by := w.person(), w.person()
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return nil, s.Unblock(ctx, user, by) }, "Unblock", user, by)
	}},
	{1, func(*walk) call {
		return shown(func(ctx context.Context, s persistence.Store) (any, error) {
			_, err := s.Epoch(ctx) // is another one in each store
			if err == nil {
				err = s.Ping(ctx)
			}
			return nil, err
		}, "Epoch, Ping")
	}},
}

// tokenOf is the id of one of a user's tokens, if it has one, and of anybody's or none now and then.
func (w *walk) tokenOf(user persistence.UserID) persistence.TokenID {
	tokens, err := w.stores[0].Tokens(w.Context(), user, w.now)
	if err != nil {
		w.Fatal(err)
	}
	if len(tokens) == 0 || w.IntN(4) == 0 {
		return persistence.TokenID(w.IntN(len(w.issued) + 2))
	}
	return tokens[w.IntN(len(tokens))].ID
}

// soon is a time around now.
func (w *walk) soon(ms int) time.Time { return w.now.Add(w.millis(ms) - 5*time.Millisecond) }

var tokenCalls = []weighed{
	{6, func(w *walk) call {
		user, device, expires := w.person(), []string{"", "phone", "laptop"}[w.IntN(3)], w.soon(500)
		hash := w.another("token")
		if len(w.issued) > 0 && w.IntN(10) == 0 {
			hash = w.issued[w.IntN(len(w.issued))]
		}
		w.issued, w.chain = append(w.issued, hash), append(w.chain, hash)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) {
			return s.Issue(ctx, user, device, []byte(hash), expires)
		}, "Issue", user, device, hash, expires.UnixMilli()-startMS)
	}},
	{10, func(w *walk) call {
		hash, next := "nobody's", w.another("successor")
		if len(w.chain) > 0 {
			latest := w.chain[max(0, len(w.chain)-12):]
			hash = latest[w.IntN(len(latest))]
		}
		now, expires := w.soon(20), w.soon(500)
		w.chain = append(w.chain, next)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) {
			return s.Redeem(ctx, []byte(hash), []byte(next), []byte("seed of "+next), now, expires)
		}, "Redeem", hash, next, now.UnixMilli()-startMS, expires.UnixMilli()-startMS)
	}},
	{2, func(w *walk) call {
		user := w.person()
		id := w.tokenOf(user)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return nil, s.Revoke(ctx, user, id) }, "Revoke", user, id)
	}},
	{2, func(w *walk) call {
		user, now := w.person(), w.soon(50)
		return shown(func(ctx context.Context, s persistence.Store) (any, error) { return s.Tokens(ctx, user, now) }, "Tokens", user, now.UnixMilli()-startMS)
	}},
}
