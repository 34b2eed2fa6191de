package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"chatserver/net/wire"
)

// sent is a message that is stored.
type sent struct {
	Conv wire.Conv `json:"conv"`
	Seq  uint64    `json:"seq"`
	TS   int64     `json:"ts"`
	CID  string    `json:"cid"`
	Dup  bool      `json:"dup,omitempty"` // it was stored before, by this cid
}

func (s sent) cells() []string {
	cells := []string{"stored", s.Conv.String(), fmt.Sprint(s.Seq)}
	if s.Dup {
		cells = append(cells, "(before)")
	}
	return cells
}

func (a *app) send() *cobra.Command {
	c := &cobra.Command{
		Use:   "send CONVERSATION [TEXT...]",
		Short: "Send a message and wait until it is stored",
		Long: `Send a message and wait until it is stored. The text is standard input where it is left out.

It is sent again, also over new connections, until the server has answered or --timeout is over. A message is
named by its cid: the same message with the same --cid is stored once, however often it is sent.`,
		Example: `  client send @bob lunch?
  make 2>&1 | tail -5 | client send '#builds'
  tail -f app.log | client send g:7 --lines
  client send @bob --cid invoice-4711 'the invoice is out'`,
		Args:              func(c *cobra.Command, args []string) error { return between(1, max(1, len(args)))(c, args) },
		ValidArgsFunction: a.offer(everyone),
	}
	cid := c.Flags().String("cid", "", "name of the message, 1 to 64 bytes, unique over all that you send (default a new one)")
	lines := c.Flags().Bool("lines", false, "each line of standard input is a message; with --cid X they are named X-1, X-2, …")
	c.RunE = func(c *cobra.Command, args []string) error {
		to, err := conversation(args[0])
		if err != nil {
			return err
		}
		x := &sender{app: a, to: to}
		defer x.hangUp()
		if *lines {
			return x.lines(c.Context(), *cid, args[1:])
		}
		text, err := a.text(args[1:])
		if err != nil {
			return err
		}
		return x.send(c.Context(), text, *cid)
	}
	return c
}

// text is a message of one piece: the arguments, or else all of standard input.
func (a *app) text(words []string) (string, error) {
	text := strings.Join(words, " ")
	if len(words) == 0 {
		piped, err := io.ReadAll(io.LimitReader(a.In, wire.MaxMsg+2))
		if err != nil {
			return "", fmt.Errorf("read standard input: %w", err)
		}
		text = strings.TrimSuffix(strings.TrimSuffix(string(piped), "\n"), "\r")
	}
	return text, sendable(text)
}

var errTooLong = fail(misused, "a message is longer than %d bytes: send it in parts, or a line each with --lines", wire.MaxMsg)

// sendable refuses what no server takes.
func sendable(text string) error {
	switch {
	case text == "":
		return fail(misused, "there is nothing to send: write the text behind the conversation, or pipe it in")
	case len(text) > wire.MaxMsg:
		return errTooLong
	case !utf8.ValidString(text):
		return fail(misused, "the message is not UTF-8: iconv can make it so")
	}
	return nil
}

// lines sends a message for each line of standard input that has something in it.
func (x *sender) lines(ctx context.Context, cid string, words []string) error {
	if len(words) > 0 {
		return fail(misused, "with --lines the text is standard input: leave it out behind the conversation")
	}
	in := bufio.NewScanner(x.In)
	in.Buffer(nil, wire.MaxMsg+2)
	for n := 1; in.Scan(); n++ {
		if in.Text() == "" {
			continue
		}
		err := sendable(in.Text())
		if err == nil {
			err = x.send(ctx, in.Text(), numbered(cid, n))
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return errTooLong
	}
	return in.Err()
}

// numbered is the cid of a line, "" where there is none to number.
func numbered(cid string, n int) string {
	if cid == "" {
		return ""
	}
	return fmt.Sprintf("%s-%d", cid, n)
}

// named is a cid, a new one in the place of "".
func named(cid string) (string, error) {
	if cid != "" {
		return cid, nil
	}
	id, err := uuid.NewV7()
	return id.String(), err
}
