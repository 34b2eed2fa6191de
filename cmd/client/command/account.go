package command

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"chatserver/cmd/client/home"
	"chatserver/net/wire"
)

// account is an account that is logged in here.
type account struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Last bool   `json:"last"` // --account may be left out
}

var accountHeadings = []string{"ID", "NAME", ""}

func (a account) cells() []string {
	last := ""
	if a.Last {
		last = "(last)"
	}
	return []string{strconv.FormatInt(a.ID, 10), a.Name, last}
}

func (a *app) accountCommands() []*cobra.Command {
	return []*cobra.Command{a.register(), a.loginCommand(), a.logout(), a.accounts(), a.passwd(), a.closeAccount()}
}

func (a *app) register() *cobra.Command {
	c := &cobra.Command{Use: "register NAME", Short: "Make an account and log in to it", Args: exactly(1)}
	from := current(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		secret, err := from.read(c.Context(), a, true)
		if err != nil {
			return err
		}
		return a.bounded(func(ctx context.Context, _ []string) error {
			return a.enter(ctx, func(s *session) error {
				made, err := call[wire.RegAck](ctx, s, wire.Reg{V: wire.V2, Name: args[0], Password: secret})
				if err != nil {
					return err
				}
				return s.byPassword(ctx, a.home, wire.Login{ID: made.ID, Password: secret})
			})
		})(c, args)
	}
	return c
}

func (a *app) loginCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "login NAME|ID",
		Short: "Log in to an account on this computer",
		Long: `Log in to an account on this computer, from now on, also when it is restarted: a token is kept, the password
is not. The other commands are done as the account that was logged in last, or as the one that --account names.`,
		Args: exactly(1),
	}
	from := current(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		who, err := person(args[0])
		if err != nil {
			return err
		}
		secret, err := from.read(c.Context(), a, false)
		if err != nil {
			return err
		}
		return a.bounded(func(ctx context.Context, _ []string) error {
			return a.enter(ctx, func(s *session) error {
				err := s.byPassword(ctx, a.home, wire.Login{ID: who.conv.ID, Name: who.name, Password: secret})
				if errno(err) == wire.Denied {
					err = fail(unauthorised, "%s (check the name or the id, and the password; client register NAME makes an account)", sentence(err))
				}
				return err
			})
		})(c, args)
	}
	return c
}

// enter opens a session, logs in and shows as whom.
func (a *app) enter(ctx context.Context, login func(*session) error) error {
	s, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := login(s); err != nil {
		return err
	}
	return a.list(accountHeadings, []record{account{s.me.ID, s.me.Name, true}})
}

func (a *app) logout() *cobra.Command {
	c := &cobra.Command{
		Use:   "logout",
		Short: "Log out on this computer, which ends all that runs as the account here",
		Args:  none,
	}
	local := c.Flags().Bool("local", false, "only forget the login here; the server goes on to know it, see client tokens")
	c.RunE = a.bounded(func(ctx context.Context, _ []string) error {
		account, err := a.home.Find(a.account)
		if err != nil {
			return err
		}
		if !*local {
			if err := a.revokeOwn(ctx); err != nil {
				return fmt.Errorf("%w; client logout --local only forgets the login here", err)
			}
		}
		return account.Forget()
	})
	return c
}

// revokeOwn ends the token of this installation.
func (a *app) revokeOwn(ctx context.Context) error {
	s, err := a.login(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	list, err := call[wire.TokenList](ctx, s, wire.Tokens{})
	if err != nil {
		return err
	}
	for _, t := range list.Tokens {
		if t.Device != s.device {
			continue
		}
		_, err := call[wire.Done](ctx, s, wire.Revoke{Token: t.ID})
		return err
	}
	return nil
}

func (a *app) accounts() *cobra.Command {
	return &cobra.Command{
		Use:   "accounts",
		Short: "Show the accounts that are logged in on this computer",
		Args:  none,
		RunE: func(*cobra.Command, []string) error {
			accounts, err := a.home.Accounts()
			if err != nil {
				return err
			}
			last, err := a.home.Find("")
			if err != nil && !errors.Is(err, home.ErrNoAccount) {
				return err
			}
			var records []record
			for _, kept := range accounts {
				records = append(records, account{kept.ID, kept.Name, kept.ID == last.ID})
			}
			return a.list(accountHeadings, records)
		},
	}
}

func (a *app) passwd() *cobra.Command {
	c := &cobra.Command{
		Use:   "passwd",
		Short: "Change the password, which ends the account's sessions on other computers",
		Args:  none,
	}
	from := current(c.Flags())
	next := &password{flag: "new-password-file", variable: "CHAT_NEW_PASSWORD", prompt: "new password: "}
	next.addTo(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		before, err := from.read(c.Context(), a, false)
		if err != nil {
			return err
		}
		after, err := next.read(c.Context(), a, true)
		if err != nil {
			return err
		}
		return a.bounded(func(ctx context.Context, _ []string) error {
			_, err := ask[wire.Done](ctx, a, wire.Passwd{Password: before, New: after})
			return err
		})(c, args)
	}
	return c
}

func (a *app) closeAccount() *cobra.Command {
	c := &cobra.Command{
		Use:   "close-account",
		Short: "Close the account for ever: what it wrote stays, without its name",
		Args:  none,
	}
	from := current(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		secret, err := from.read(c.Context(), a, false)
		if err != nil {
			return err
		}
		return a.bounded(func(ctx context.Context, _ []string) error {
			account, err := a.home.Find(a.account)
			if err != nil {
				return err
			}
			if _, err := ask[wire.Done](ctx, a, wire.CloseAccount{Password: secret}); err != nil {
				return err
			}
			return account.Forget()
		})(c, args)
	}
	return c
}
