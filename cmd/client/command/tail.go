package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"chatserver/net/client"
	"chatserver/net/wire"
)

func (a *app) tail() *cobra.Command {
	c := &cobra.Command{
		Use:   "tail [CONVERSATION...]",
		Short: "Print messages that were not printed before, and with --follow those that come",
		Long: `Print messages of some conversations, or of all, that were not printed before, each once and in the order of its
conversation, and with --follow those that come until it is interrupted.

It goes on where it ended the last time; the first time it begins with what no device of yours has had. How far
it came is kept for each set of conversations, or for the --reader that is named.`,
		Example: `  client tail --follow
  client tail '#builds' --follow --json | jq -r .text
  client tail @bob --since 0`,
		ValidArgsFunction: a.offer(everyone, everyone, everyone, everyone),
	}
	t := &tail{app: a}
	c.Flags().BoolVarP(&t.follow, "follow", "f", false, "go on with what comes, also over new connections")
	c.Flags().Uint64Var(&t.since, "since", 0, "begin behind the message with this seq of each conversation that is named; 0 is the first there is")
	c.Flags().StringVar(&t.reader, "reader", "", "name under which is kept how far it came (default one for each set of conversations)")
	c.RunE = func(c *cobra.Command, args []string) error {
		if t.again = c.Flags().Changed("since"); t.again && (len(args) == 0 || t.since > wire.MaxSeq) {
			return fail(misused, "--since is a seq of conversations that are named: write client tail CONVERSATION --since SEQ")
		}
		if strings.Trim(t.reader, letters) != "" {
			return fail(misused, "--reader is a name of letters, digits, - and _")
		}
		return t.run(c.Context(), args)
	}
	return c
}

// letters are those of a reader's name, which is part of a file's.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// tail is a reader that prints.
type tail struct {
	*app
	follow bool
	again  bool // begin behind since
	since  uint64
	reader string
	convs  []wire.Conv // to print; empty for all
}

func (t *tail) run(ctx context.Context, args []string) error {
	config, err := t.begin(ctx, args)
	if err != nil {
		return err
	}
	reader, err := client.Open(config)
	if err != nil {
		return errors.Join(err, config.State.Close())
	}
	err = t.print(ctx, reader.Events())
	if t.follow && errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, reader.Close())
}

// begin finds out what is to be printed and opens the reader's state.
func (t *tail) begin(ctx context.Context, args []string) (config client.Config, err error) {
	ctx, stop := context.WithTimeout(ctx, t.timeout)
	defer stop()
	s, err := t.login(ctx)
	if err != nil {
		return config, err
	}
	defer s.close()
	for _, arg := range args {
		w, err := conversation(arg)
		if err != nil {
			return config, err
		}
		conv, err := s.resolve(ctx, w)
		if err != nil {
			return config, err
		}
		t.convs = append(t.convs, conv)
	}
	state, err := t.state(s)
	if err != nil {
		return config, err
	}
	return t.config(s.device, s.account, state), nil
}

// state opens the reader's positions, and moves them where --since says so.
func (t *tail) state(s *session) (client.State, error) {
	state, err := client.OpenState(s.account.Path(t.file()))
	if errors.Is(err, client.ErrInUse) {
		return nil, fmt.Errorf("another tail reads the same at the moment: end it, or give this one a --reader NAME of its own")
	}
	if err != nil || !t.again {
		return state, err
	}
	kept, err := state.Load()
	if err != nil {
		return nil, errors.Join(err, state.Close())
	}
	change := client.Change{Positions: map[wire.Conv]uint64{}}
	if kept.Epoch != s.me.Epoch {
		change.Epoch = s.me.Epoch
	}
	for _, conv := range t.convs {
		change.Positions[conv] = t.since
	}
	if err := state.Save(change); err != nil {
		return nil, errors.Join(err, state.Close())
	}
	return state, nil
}

// file is what the reader's state is called.
func (t *tail) file() string {
	if t.reader != "" {
		return "tail-" + t.reader
	}
	var ids []string
	for _, conv := range t.convs {
		ids = append(ids, "-"+strings.Replace(conv.String(), ":", "", 1))
	}
	slices.Sort(ids)
	return "tail" + strings.Join(slices.Compact(ids), "")
}

// print prints what comes, to the end of ctx, or without --follow until all that there was has come.
func (t *tail) print(ctx context.Context, events <-chan client.Event) error {
	late := (<-chan time.Time)(nil)
	if !t.follow {
		late = time.After(t.timeout)
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-late:
			return fmt.Errorf("not all messages came in %v: go on with the same command, or with a longer --timeout", t.timeout)
		case event := <-events:
			if over, err := t.heard(event); over || err != nil {
				return err
			}
		}
	}
}

// heard prints what an event has to say. over: there is no more to print.
func (t *tail) heard(event client.Event) (over bool, err error) {
	switch e := event.(type) {
	case client.Received:
		if len(t.convs) == 0 || slices.Contains(t.convs, e.Conv) {
			return false, t.line(receivedOf(e.Conv, e.Push))
		}
	case client.CaughtUp:
		return !t.follow, nil
	case client.Offline:
		t.say("%s: trying again in %v", gone(e.Err), e.Retry.Round(time.Second/10))
	case client.Ended:
		if errno(e.Err) != wire.OK { // of the login: nothing else ends a client so
			return true, fail(unauthorised, "%w", e.Err)
		}
		return true, e.Err
	}
	return false, nil
}

// gone says why there is no connection.
func gone(err error) string {
	if errors.Is(err, io.EOF) {
		return "the server ended the connection"
	}
	return "there is no connection (" + sentence(err) + ")"
}
