package command

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"chatserver/net/wire"
)

// membership is a group that the account is in.
type membership struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Desc    string `json:"desc"`
	Role    string `json:"role"`
	Join    string `json:"join"`
	Members int    `json:"members"`
}

var groupHeadings = []string{"ID", "NAME", "ROLE", "JOIN", "MEMBERS", "DESCRIPTION"}

func (m membership) cells() []string {
	return []string{strconv.FormatInt(m.ID, 10), m.Name, m.Role, m.Join, strconv.Itoa(m.Members), m.Desc}
}

func membershipOf(m wire.Membership) membership {
	return membership{m.ID, m.Name, m.Desc, m.Role, m.Join, m.Members}
}

// founded is a group that was made.
type founded struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func (f founded) cells() []string { return []string{strconv.FormatInt(f.ID, 10), f.Name} }

func (a *app) groupCommands() []*cobra.Command {
	groups := &cobra.Command{
		Use:   "groups",
		Short: "Show the groups that you are in",
		Args:  none,
		RunE: a.bounded(func(ctx context.Context, _ []string) error {
			found, err := ask[wire.GroupList](ctx, a, wire.Groups{})
			if err != nil {
				return err
			}
			var records []record
			for _, g := range found.Groups {
				records = append(records, membershipOf(g))
			}
			return a.list(groupHeadings, records)
		}),
	}
	members := a.onGroup("members", "Show who is in a group", a.members)
	c := subject("group", "Make, join, leave and change groups",
		a.createGroup(),
		a.onGroup("join", "Join a group", a.join),
		a.onGroup("leave", "Leave a group; the last one to leave ends it", func(ctx context.Context, s *session, group int64) error {
			return done(ctx, s, wire.LeaveGroup{Group: group})
		}),
		a.setGroup(),
		a.onGroup("delete", "End a group; its messages can be read no more", func(ctx context.Context, s *session, group int64) error {
			return done(ctx, s, wire.GroupSet{Group: group, Delete: true})
		}),
	)
	c.AddCommand(a.memberCommands()...)
	return []*cobra.Command{groups, members, c}
}

func (a *app) members(ctx context.Context, s *session, group int64) error {
	var records []record
	for after, more := int64(0), true; more; {
		page, err := call[wire.MemberList](ctx, s, wire.Members{Group: group, After: after, Limit: pageSize})
		if err != nil {
			return err
		}
		records = append(records, peers(page.Members)...)
		if more = page.More && len(page.Members) > 0; more {
			after = page.Members[len(page.Members)-1].ID
		}
	}
	return a.list(memberHeadings, records)
}

func (a *app) join(ctx context.Context, s *session, group int64) error {
	joined, err := call[wire.Joined](ctx, s, wire.AddGroup{Group: group})
	if err != nil {
		return err
	}
	return a.list(groupHeadings, []record{membershipOf(joined.Group.Membership)})
}

func (a *app) createGroup() *cobra.Command {
	return &cobra.Command{
		Use:   "create NAME [DESCRIPTION]",
		Short: "Make a group, with you as its creator",
		Args:  between(1, 2),
		RunE: a.bounded(func(ctx context.Context, args []string) error {
			r := wire.CreateGroup{Name: args[0]}
			if len(args) == 2 {
				r.Desc = args[1]
			}
			made, err := ask[wire.Founded](ctx, a, r)
			if err != nil {
				return err
			}
			return a.list([]string{"ID", "NAME"}, []record{founded{made.Group, r.Name}})
		}),
	}
}

func (a *app) setGroup() *cobra.Command {
	c := &cobra.Command{Use: "set GROUP", Short: "Change what a group is called, says of itself, and who may join", Args: exactly(1)}
	c.ValidArgsFunction = a.offer(groups)
	flags := c.Flags()
	name := flags.String("name", "", "its new name")
	desc := flags.String("description", "", "its new description")
	join := flags.String("join", "", "open or invite")
	c.RunE = a.bounded(func(ctx context.Context, args []string) error {
		which, err := group(args[0])
		if err != nil {
			return err
		}
		given := func(flag string, value *string) *string {
			if flags.Changed(flag) {
				return value
			}
			return nil
		}
		r := wire.GroupSet{Name: given("name", name), Desc: given("description", desc), Join: given("join", join)}
		if r.Name == nil && r.Desc == nil && r.Join == nil {
			return fail(misused, "say what to change by --name, --description or --join")
		}
		return a.on(ctx, which, func(s *session, conv wire.Conv) error {
			r.Group = conv.ID
			return done(ctx, s, r)
		})
	})
	return c
}

// onGroup is a command whose argument is a group.
func (a *app) onGroup(name, short string, do func(ctx context.Context, s *session, group int64) error) *cobra.Command {
	return a.onOne(name+" GROUP", short, groups, group, do)
}
