package command

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"chatserver/net/wire"
)

// token is an installation that the account is logged in on.
type token struct {
	ID      int64  `json:"id"`
	Device  string `json:"device"`
	Created int64  `json:"created"`
	Used    int64  `json:"used"`
	Expires int64  `json:"expires"`
	This    bool   `json:"this"` // it is this one
}

func (t token) cells() []string {
	this := ""
	if t.This {
		this = "(this one)"
	}
	return []string{strconv.FormatInt(t.ID, 10), t.Device, local(t.Created), local(t.Used), local(t.Expires), this}
}

func (a *app) tokens() *cobra.Command {
	c := &cobra.Command{
		Use:   "tokens",
		Short: "Show on which computers the account is logged in",
		Args:  none,
		RunE:  a.bounded(a.listTokens),
	}
	c.AddCommand(&cobra.Command{
		Use:   "revoke ID",
		Short: "End a login, and what runs by it",
		Args:  exactly(1),
		RunE: a.bounded(func(ctx context.Context, args []string) error {
			id, err := number("id of a token", args[0])
			if err != nil {
				return err
			}
			_, err = ask[wire.Done](ctx, a, wire.Revoke{Token: int64(id)})
			return err
		}),
	})
	return c
}

func (a *app) listTokens(ctx context.Context, _ []string) error {
	s, err := a.login(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	found, err := call[wire.TokenList](ctx, s, wire.Tokens{})
	if err != nil {
		return err
	}
	var records []record
	for _, t := range found.Tokens {
		records = append(records, token{t.ID, t.Device, millis(t.Created), millis(t.Used), millis(t.Expires), t.Device == s.device})
	}
	return a.list([]string{"ID", "DEVICE", "CREATED", "USED", "EXPIRES", ""}, records)
}
