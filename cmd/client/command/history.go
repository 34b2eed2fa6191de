package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"chatserver/net/wire"
)

// pageSize is how many messages, members or conversations one request brings; the protocol's most.
const pageSize = 500

// received is a message as it is printed.
type received struct {
	Conv wire.Conv `json:"conv"`
	Seq  uint64    `json:"seq"`
	TS   int64     `json:"ts"`
	From int64     `json:"from"`
	Name string    `json:"name"`
	Text string    `json:"text"`
	CID  string    `json:"cid"`
}

func receivedOf(conv wire.Conv, p wire.Push) received {
	return received{conv, p.Seq, p.At.UnixMilli(), p.From, p.Name, p.Msg, p.CID}
}

func (r received) cells() []string {
	return []string{time.UnixMilli(r.TS).Format(time.DateTime), r.Conv.String(), strconv.FormatUint(r.Seq, 10), r.Name + ":", r.Text}
}

func (a *app) history() *cobra.Command {
	c := &cobra.Command{
		Use:               "history CONVERSATION",
		Short:             "Show the last messages of a conversation, the oldest first",
		Args:              exactly(1),
		ValidArgsFunction: a.offer(everyone),
	}
	before := c.Flags().Uint64("before", 0, "only those before the message with this seq")
	limit := c.Flags().Int("limit", 50, "how many at the most")
	c.RunE = a.bounded(func(ctx context.Context, args []string) error {
		of, err := conversation(args[0])
		if err != nil {
			return err
		}
		if *limit < 1 || *before > wire.MaxSeq {
			return fail(misused, "--limit is 1 or more, --before a seq as it stands in front of messages")
		}
		if *before == 0 {
			*before = wire.MaxSeq
		}
		return a.on(ctx, of, func(s *session, conv wire.Conv) error {
			pushes, err := s.last(ctx, conv, *before, *limit)
			if err != nil {
				return err
			}
			for _, p := range pushes {
				if err := a.line(receivedOf(conv, p)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return c
}

// last reads the last messages before a seq, the oldest first.
func (s *session) last(ctx context.Context, conv wire.Conv, before uint64, limit int) ([]wire.Push, error) {
	var pages [][]wire.Push
	for more := true; more && limit > 0; {
		ack, err := call[wire.SyncAck](ctx, s, wire.Sync{Conv: conv, Before: before, Limit: min(limit, pageSize)})
		if err != nil {
			return nil, err
		}
		pages = append(pages, ack.Msgs)
		limit -= len(ack.Msgs)
		if more = ack.More && len(ack.Msgs) > 0; more {
			before = ack.Msgs[0].Seq
		}
	}
	slices.Reverse(pages)
	return slices.Concat(pages...), nil
}

// read is a command: how far its user has read is for the user's other devices, and for the peer.
func (a *app) read() *cobra.Command {
	return &cobra.Command{
		Use:               "read CONVERSATION [SEQ]",
		Short:             "Mark a conversation as read, all of it or up to a message",
		Args:              between(1, 2),
		ValidArgsFunction: a.offer(everyone),
		RunE: a.bounded(func(ctx context.Context, args []string) error {
			of, err := conversation(args[0])
			if err != nil {
				return err
			}
			seq := uint64(wire.MaxSeq)
			if len(args) == 2 {
				if seq, err = number("seq", args[1]); err != nil {
					return err
				}
			}
			return a.on(ctx, of, func(s *session, conv wire.Conv) error {
				return done(ctx, s, wire.Mark{Conv: conv, Delivered: seq, Read: seq})
			})
		}),
	}
}

// place is a conversation and the user's place in it.
type place struct {
	Conv      wire.Conv `json:"conv"`
	Name      string    `json:"name"` // of a friend or a group; "": it is not known here
	Head      uint64    `json:"head"`
	Since     uint64    `json:"since"`
	Delivered uint64    `json:"delivered"`
	Read      uint64    `json:"read"`
	Unread    uint64    `json:"unread"`
}

func (p place) cells() []string {
	return []string{p.Conv.String(), p.Name, fmt.Sprint(p.Head), fmt.Sprint(p.Unread)}
}

func (a *app) convs() *cobra.Command {
	c := &cobra.Command{
		Use:   "convs",
		Short: "Show your conversations and how much of each is unread",
		Args:  none,
	}
	unread := c.Flags().Bool("unread", false, "only those with something unread")
	c.RunE = a.bounded(func(ctx context.Context, _ []string) error {
		s, err := a.login(ctx)
		if err != nil {
			return err
		}
		defer s.close()
		states, err := s.convs(ctx)
		if err != nil {
			return err
		}
		names := s.names()
		var records []record
		for _, c := range states {
			p := place{c.Conv, names[c.Conv], c.Head, c.Since, c.Delivered, c.Read, c.Head - min(c.Head, max(c.Read, c.Since))}
			if p.Unread > 0 || !*unread {
				records = append(records, p)
			}
		}
		return a.list([]string{"CONVERSATION", "NAME", "MESSAGES", "UNREAD"}, records)
	})
	return c
}

// convs are all conversations of the user.
func (s *session) convs(ctx context.Context) ([]wire.ConvState, error) {
	all := s.me.Convs
	for more := s.me.More && len(all) > 0; more; {
		page, err := call[wire.ConvList](ctx, s, wire.Convs{After: all[len(all)-1].Conv, Limit: pageSize})
		if err != nil {
			return nil, err
		}
		all = append(all, page.Convs...)
		more = page.More && len(page.Convs) > 0
	}
	return all, nil
}

// names are the names of conversations, as far as the login has told them.
func (s *session) names() map[wire.Conv]string {
	names := map[wire.Conv]string{wire.WithUser(s.me.ID): s.me.Name}
	for _, f := range s.me.Friends {
		names[wire.WithUser(f.ID)] = f.Name
	}
	for _, g := range s.me.Groups {
		names[wire.InGroup(g.ID)] = g.Name
	}
	return names
}
