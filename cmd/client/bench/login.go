package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// device is what the bench's logins call themselves.
const device = "bench"

// login connects to a node and logs in: by the account's token where it has one that is still
// good, else by its password. In v2 it keeps the new token. It tries again while the server asks
// for that.
func (a *account) login(ctx context.Context, addr string, in wire.Dialect) (*client.Conn, error) {
	conn, err := client.Dial(ctx, addr, in)
	if err != nil {
		return nil, fmt.Errorf("no node answers at %s: %w", addr, err)
	}
	if err := cmp.Or(a.enter(ctx, conn, in), ctx.Err()); err != nil {
		conn.Close()
		return nil, fmt.Errorf("log in as %s: %w", a.Name, err)
	}
	return conn, nil
}

// enter logs in over a connection.
func (a *account) enter(ctx context.Context, conn *client.Conn, in wire.Dialect) error {
	for {
		reply, err := conn.Ask(ctx, a.request(in))
		if err == nil {
			if welcome, ok := reply.(wire.Welcome); ok {
				a.Token = welcome.Token
			}
			return nil
		}
		if a.Token != "" && denied(err) {
			a.Token = ""
			continue
		}
		if err := wait(ctx, err); err != nil {
			return err
		}
		a.slowed++
	}
}

func (a *account) request(in wire.Dialect) wire.Login {
	switch {
	case in == wire.Classic:
		return wire.Login{ID: a.ID, Password: a.Password}
	case a.Token != "":
		return wire.Login{V: in, Token: a.Token, Device: device}
	}
	return wire.Login{V: in, ID: a.ID, Password: a.Password, Device: device}
}

func denied(err error) bool {
	var fault *wire.Fault
	return errors.As(err, &fault) && fault.Errno == wire.Denied
}

// loginAll logs all accounts in, the one at i to the node that at(i) says, and keeps those alive
// that wait for the others. On an error none stays.
func loginAll(ctx context.Context, accounts []*account, at func(i int) string, in wire.Dialect) ([]*client.Conn, error) {
	var waiting keeper
	var pings sync.WaitGroup
	logins, working := errgroup.WithContext(ctx)
	pings.Go(func() { waiting.run(working, in) }) // until logins.Wait
	logins.SetLimit(atOnce)
	conns := make([]*client.Conn, len(accounts))
	for i, a := range accounts {
		logins.Go(func() error {
			conn, err := a.login(working, at(i), in)
			if err != nil {
				return err
			}
			conns[i] = conn
			waiting.add(conn)
			return nil
		})
	}
	err := logins.Wait()
	pings.Wait()
	if err != nil {
		closeAll(conns)
		return nil, err
	}
	return conns, nil
}

// closeAll closes those connections that there are.
func closeAll(conns []*client.Conn) {
	for _, conn := range conns {
		if conn != nil {
			conn.Close()
		}
	}
}
