package command

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"chatserver/net/wire"
)

// peer is somebody else.
type peer struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"`
	Role  string `json:"role,omitempty"` // of members only
}

var (
	peerHeadings   = []string{"ID", "NAME", "STATE"}
	memberHeadings = []string{"ID", "NAME", "STATE", "ROLE"}
)

func (p peer) cells() []string {
	cells := []string{strconv.FormatInt(p.ID, 10), p.Name, p.State}
	if p.Role != "" {
		cells = append(cells, p.Role)
	}
	return cells
}

func peerOf(p wire.Peer) peer {
	state := "offline"
	if p.Online {
		state = "online"
	}
	return peer{p.ID, p.Name, state, p.Role}
}

func peers(list []wire.Peer) (records []record) {
	for _, p := range list {
		records = append(records, peerOf(p))
	}
	return records
}

func (a *app) peopleCommands() []*cobra.Command {
	friends := &cobra.Command{
		Use:   "friends",
		Short: "Show who is on your friend list",
		Args:  none,
		RunE: a.bounded(func(ctx context.Context, _ []string) error {
			found, err := ask[wire.FriendList](ctx, a, wire.Friends{})
			if err != nil {
				return err
			}
			return a.list(peerHeadings, peers(found.Friends))
		}),
	}
	lookup := a.onPerson("lookup", "Find a person", func(ctx context.Context, s *session, user int64) error {
		found, err := call[wire.Found](ctx, s, wire.Lookup{ID: user})
		if err != nil {
			return err
		}
		return a.list(peerHeadings, peers([]wire.Peer{found.User}))
	})
	block := a.onPerson("block", "Take no more direct messages from somebody", func(ctx context.Context, s *session, user int64) error {
		return done(ctx, s, wire.Block{User: user})
	})
	unblock := a.onPerson("unblock", "Take direct messages from somebody again", func(ctx context.Context, s *session, user int64) error {
		return done(ctx, s, wire.Unblock{User: user})
	})
	return []*cobra.Command{friends, a.friend(), lookup, block, unblock}
}

func (a *app) friend() *cobra.Command {
	return subject("friend", "Change your friend list",
		a.onPerson("add", "Put somebody on your friend list", func(ctx context.Context, s *session, user int64) error {
			added, err := call[wire.Befriended](ctx, s, wire.AddFriend{Friend: user})
			if err != nil {
				return err
			}
			return a.list(peerHeadings, peers([]wire.Peer{added.Friend}))
		}),
		a.onPerson("remove", "Take somebody off your friend list", func(ctx context.Context, s *session, user int64) error {
			return done(ctx, s, wire.DelFriend{Friend: user})
		}),
	)
}

// onPerson is a command whose argument is a person.
func (a *app) onPerson(name, short string, do func(ctx context.Context, s *session, user int64) error) *cobra.Command {
	return a.onOne(name+" PERSON", short, people, person, do)
}

// onOne is a command with one argument, which read takes for what it means.
func (a *app) onOne(use, short string, offered audience, read func(string) (word, error), do func(ctx context.Context, s *session, id int64) error) *cobra.Command {
	return &cobra.Command{
		Use:               use,
		Short:             short,
		Args:              exactly(1),
		ValidArgsFunction: a.offer(offered),
		RunE: a.bounded(func(ctx context.Context, args []string) error {
			what, err := read(args[0])
			if err != nil {
				return err
			}
			return a.on(ctx, what, func(s *session, conv wire.Conv) error { return do(ctx, s, conv.ID) })
		}),
	}
}

// on logs in, finds out what a word means and does something with it.
func (a *app) on(ctx context.Context, w word, do func(s *session, conv wire.Conv) error) error {
	s, err := a.login(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	conv, err := s.resolve(ctx, w)
	if err != nil {
		return err
	}
	return do(s, conv)
}

// done asks for what has no more to say than that it was done.
func done(ctx context.Context, s *session, r wire.Request) error {
	_, err := call[wire.Done](ctx, s, r)
	return err
}
