package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chatserver/cmd/client/chat"
	"chatserver/cmd/client/home"
	"chatserver/net/client"
	"chatserver/net/wire"
)

// errUngreeted: a login was not answered, so nothing else was asked.
var errUngreeted = errors.New("the server did not answer the login: try again a little later")

// session is a connection that is logged in, for one goroutine that asks one thing at a time.
type session struct {
	conn    *client.Conn
	account home.Account
	device  string
	me      wire.Welcome
}

// connect opens a session in which nobody is logged in, at the first node that accepts.
func (a *app) connect(ctx context.Context) (*session, error) {
	device, err := a.home.Device()
	if err != nil {
		return nil, err
	}
	conn, err := client.DialAny(ctx, a.Dial, a.addrs, wire.V2)
	switch {
	case err == nil:
		return &session{conn: conn, device: device}, nil
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%w at %s (%w): go run ./cmd/node starts one here, --addr HOST:PORT is for another one",
		chat.ErrNoServer, strings.Join(a.addrs, ", "), err)
}

// login opens a session of the account that --account names.
func (a *app) login(ctx context.Context) (*session, error) {
	account, err := a.home.Find(a.account)
	if err != nil {
		return nil, err
	}
	s, err := a.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.byToken(ctx, account); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// byToken logs in by the account's token and keeps its successor.
func (s *session) byToken(ctx context.Context, account home.Account) error {
	token, give, err := account.Borrow(ctx)
	if err != nil {
		return err
	}
	s.account = account
	err = s.greet(ctx, wire.Login{Token: token})
	err = errors.Join(err, give(s.me.Token))
	switch {
	case err == nil:
		return account.Remember(s.known())
	case errno(err) == wire.Denied:
		return fail(unauthorised, "the login of %s has ended: log in again with client login %[1]s", account.Name)
	}
	return err
}

// byPassword logs in to an account that need not be known here, and keeps it.
func (s *session) byPassword(ctx context.Context, home home.Home, login wire.Login) (err error) {
	if err := s.greet(ctx, login); err != nil {
		return err
	}
	if s.account, err = home.Keep(ctx, s.me.ID, s.me.Name, s.me.Token); err != nil {
		return err
	}
	return s.account.Remember(s.known())
}

// greet logs in. Where that comes to nothing, nothing of what the user wants was asked yet.
func (s *session) greet(ctx context.Context, login wire.Login) (err error) {
	login.V, login.Device = wire.V2, s.device
	s.me, err = call[wire.Welcome](ctx, s, login)
	switch {
	case errno(err) == wire.Unavailable:
		return fail(failed, "%w", err)
	case errors.Is(err, client.ErrUnknown) && !errors.Is(err, context.Canceled):
		return errUngreeted
	}
	return err
}

// known are the words for conversations that a shell may offer the next time.
func (s *session) known() []string {
	var words []string
	for _, f := range s.me.Friends {
		words = append(words, "@"+f.Name)
	}
	for _, g := range s.me.Groups {
		words = append(words, "#"+g.Name)
	}
	return words
}

func (s *session) close() { s.conn.Close() }

// ask logs in, asks for one thing and ends the session.
func ask[T wire.Reply](ctx context.Context, a *app, r wire.Request) (T, error) {
	s, err := a.login(ctx)
	if err != nil {
		var none T
		return none, err
	}
	defer s.close()
	return call[T](ctx, s, r)
}

// call sends a request and waits for its answer. A *wire.Fault: it was refused. client.ErrUnknown:
// no answer came, and the session is over.
func call[T wire.Reply](ctx context.Context, s *session, r wire.Request) (T, error) {
	reply, err := s.conn.Ask(ctx, r)
	answer, ok := reply.(T)
	if err == nil && !ok {
		err = fmt.Errorf("the server answered %v with a %T: it may be of another version", r.MsgID(), reply)
	}
	return answer, err
}

// errno is why the server refused, 0 where err is anything else.
func errno(err error) wire.Errno {
	var fault *wire.Fault
	if errors.As(err, &fault) {
		return fault.Errno
	}
	return wire.OK
}
