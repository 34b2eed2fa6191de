package actors

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// greeting serves a client that is nobody yet.
func (s *Session) greeting(ctx actor.Context, msg Frame) {
	c, ok := s.decode(ctx, msg)
	if !ok {
		return
	}
	switch req := c.req.(type) {
	case wire.Login:
		s.login(ctx, c, req)
	case wire.Reg:
		s.register(ctx, c, req)
	case wire.Hello:
		s.hello(ctx, c)
	case wire.Ping:
		s.finish(ctx, c, wire.Pong(req))
	default:
		s.reject(ctx, c, errLoginFirst)
	}
}

// errLoginFirst refuses what only a user may ask for.
var errLoginFirst = &wire.Fault{Errno: wire.LoginFirst, Text: "log in first"}

// holding keeps what comes behind a request that decides what later ones mean: who is speaking,
// which groups they are in.
func (s *Session) holding(_ actor.Context, msg Frame) { s.early = append(s.early, msg) }

// ignoring is for what comes behind an object that nobody can read: it may be anything.
func (s *Session) ignoring(ctx actor.Context, _ Frame) { s.done(ctx, call{}) }

func (s *Session) hello(ctx actor.Context, c call) {
	s.finish(ctx, c, wire.HelloAck{
		V: wire.V2, Node: s.env.Name, Time: s.env.Clock.Now(), Limits: s.limits(), Login: string(s.env.Login),
	})
}

func (s *Session) limits() wire.Limits {
	return wire.Limits{Msg: wire.MaxMsg, Frame: wire.MaxObject, Rate: s.env.Limits.Rate}
}

// register answers a classic client too.
func (s *Session) register(ctx actor.Context, c call, req wire.Reg) {
	c = s.hold(c)
	s.ask(ctx, c, s.at.accounts, func(ref uint64) any {
		return OpenAccount{ref, s.from, req.Name, req.Password}
	}, func(ctx actor.Context, value any) {
		s.reply(c, wire.RegAck{ID: int64(value.(persistence.UserID))})
		s.done(ctx, c)
	})
}

// Secret is a token on its way to a client, and what the store keeps of it.
type Secret struct {
	Text    string
	Hash    []byte
	Device  string
	Expires time.Time
}

func (s *Session) secret(text, device string) Secret {
	return Secret{text, hashOf(text), device, s.env.Clock.Now().Add(s.env.Limits.Token)}
}

// hashOf is what the store knows a token by. It needs no salt and no cost: nobody guesses a token.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// login finds out who the client is, then attaches to the user.
func (s *Session) login(ctx actor.Context, c call, req wire.Login) {
	c = s.hold(c)
	switch {
	case req.Token != "":
		s.resume(ctx, c, req)
	case req.Name != "":
		key, err := nameKey(req.Name)
		if err != nil {
			s.reject(ctx, c, errDenied)
			return
		}
		s.present(ctx, c, CheckPassword{Key: key, Password: req.Password}, req.Device)
	default:
		s.present(ctx, c, CheckPassword{User: persistence.UserID(req.ID), Password: req.Password}, req.Device)
	}
}

// present logs in by password. A v2 client is issued a token with that.
func (s *Session) present(ctx actor.Context, c call, check CheckPassword, device string) {
	check.Addr = s.from
	if c.re.In == wire.V2 {
		check.Secret = s.secret(s.env.NewSecret(), device)
	}
	s.ask(ctx, c, s.at.accounts, func(ref uint64) any { check.Ref = ref; return check }, func(ctx actor.Context, value any) {
		s.attach(ctx, c, value.(Checked), check.Secret)
	})
}

// resume logs in by a token, for which its successor is issued. Who comes with the same token over
// several connections is told the same one on all of them.
func (s *Session) resume(ctx actor.Context, c call, req wire.Login) {
	seed := s.env.NewSecret()
	next := s.secret(successor(req.Token, []byte(seed)), "")
	q := redeem{hashOf(req.Token), next.Hash, []byte(seed), s.env.Clock.Now(), next.Expires}
	s.query(ctx, c, q, func(ctx actor.Context, value any) {
		as := value.(persistence.Redeemed)
		next.Text = successor(req.Token, as.Seed)
		s.attach(ctx, c, Checked{Redeemed: as}, next)
	})
}

// successor is the token that comes after token. It takes both the token, which the store does not
// have, and the seed, which no client has, to make it. 26 characters are 130 bits.
func successor(token string, seed []byte) string {
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte(token))
	return base32.StdEncoding.EncodeToString(mac.Sum(nil))[:26]
}

func (s *Session) attach(ctx actor.Context, c call, as Checked, secret Secret) {
	s.number++
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			s.release(ctx, as.ID, false) // it may have succeeded, only too late
			s.reject(ctx, c, s.unattached(c, a.Err))
			return
		}
		s.user, s.token = as.ID, as.Token
		c.next = (*Session).member
		s.attached(ctx, c, a.Value.(Attached), secret)
		s.done(ctx, c)
	})
	ctx.Request(s.at.users, Attach{ref, as.ID, s.number, s.in, as.Token, as.Gen})
}

// unattached is why a login that was let in did not come about. A token that is gone was revoked. Where it was
// issued for a good password the client may try again: a login of the same device that it gave up, and which
// came late, may have taken its token away.
func (s *Session) unattached(c call, err error) error {
	switch revoked := s.leaving == wire.Revoked; {
	case !revoked && !isNotFound(err):
		return err
	case c.req.(wire.Login).Token == "":
		return errGone
	}
	return errDenied
}

// logout lets the user go, and serves what comes behind it. To a classic client all that is queued
// is written first: a login before that would find it in the backlog again.
func (s *Session) logout(ctx actor.Context, c call) {
	c = s.hold(c)
	c.next = (*Session).greeting
	s.number++
	s.whenEmptied(ctx, func(ctx actor.Context) {
		s.detach(ctx, true)
		s.finish(ctx, c, wire.Done{})
	})
}
