package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"chatserver/cmd/client/chat"
	"chatserver/cmd/client/home"
	"chatserver/net/client"
	"chatserver/net/wire"
)

// mostChats is how many chats of one account may run at once on this computer.
const mostChats = 9

// quit is an exit code whose reason was told already.
type quit int

func (quit) Error() string { return "" }

func (a *app) interactive(c *cobra.Command, _ []string) error {
	account, err := a.home.Find(a.account)
	if err != nil && (a.account != "" || !errors.Is(err, home.ErrNoAccount)) {
		return err
	}
	code := a.Chat(c.Context(), chat.Options{
		Addrs:   a.addrs,
		Account: account.Name,
		Plain:   a.plain,
		Open:    a.open,
	})
	if code != allWell {
		return quit(code)
	}
	return nil
}

// open keeps an account connected for a chat. A password is shown to a server first: only then it
// is known which account it is of, and so which state.
func (a *app) open(ctx context.Context, as client.Credentials) (*client.Client, error) {
	ctx, stop := context.WithTimeout(ctx, a.timeout)
	defer stop()
	device, err := a.home.Device()
	if err != nil {
		return nil, err
	}
	who := a.account
	if as != (client.Credentials{}) {
		s, err := a.connect(ctx)
		if err != nil {
			return nil, err
		}
		defer s.close()
		if err := s.byPassword(ctx, a.home, wire.Login{ID: as.ID, Name: as.Name, Password: as.Password}); err != nil {
			return nil, err
		}
		who = fmt.Sprint(s.me.ID)
	}
	account, err := a.home.Find(who)
	if err != nil {
		return nil, err
	}
	state, err := chatState(account)
	if err != nil {
		return nil, err
	}
	c, err := client.Open(a.config(device, account, state))
	if err != nil {
		return nil, errors.Join(err, state.Close())
	}
	return c, nil
}

// chatState opens the first state for chats that none uses.
func chatState(account home.Account) (state client.State, err error) {
	for n := range mostChats {
		state, err = client.OpenState(account.Path(fmt.Sprintf("chat-%d", n+1)))
		if !errors.Is(err, client.ErrInUse) {
			break
		}
	}
	return state, err
}

// config is that of a client of an account that shares its token with others.
func (a *app) config(device string, account home.Account, state client.State) client.Config {
	return client.Config{Addrs: a.addrs, Dialer: a.Dial, Device: device, State: state, Borrow: account.Borrow}
}
