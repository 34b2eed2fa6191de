package command

import (
	"context"

	"github.com/spf13/cobra"

	"chatserver/net/wire"
)

// memberCommands are those of a group's creator and admins.
func (a *app) memberCommands() []*cobra.Command {
	role := a.onMember("role", "Make a member normal, admin or creator", func(group, user int64, args []string) wire.Request {
		return wire.SetRole{Group: group, User: user, Role: args[0]}
	})
	role.Use += " normal|admin|creator"
	role.Args = exactly(3)
	return []*cobra.Command{
		a.onMember("invite", "Let somebody join a group that is not open", func(group, user int64, _ []string) wire.Request {
			return wire.Invite{Group: group, User: user}
		}),
		a.onMember("kick", "Remove somebody, who may join again where the group is open", func(group, user int64, _ []string) wire.Request {
			return wire.Kick{Group: group, User: user}
		}),
		a.onMember("ban", "Remove somebody and keep them out", func(group, user int64, _ []string) wire.Request {
			return wire.Ban{Group: group, User: user}
		}),
		a.onMember("unban", "Let somebody join again", func(group, user int64, _ []string) wire.Request {
			return wire.Unban{Group: group, User: user}
		}),
		role,
	}
}

// onMember is a command whose arguments are a group and a person, and what else request reads.
func (a *app) onMember(name, short string, request func(group, user int64, args []string) wire.Request) *cobra.Command {
	return &cobra.Command{
		Use:               name + " GROUP PERSON",
		Short:             short,
		Args:              exactly(2),
		ValidArgsFunction: a.offer(groups, people),
		RunE: a.bounded(func(ctx context.Context, args []string) error {
			which, err := group(args[0])
			if err != nil {
				return err
			}
			who, err := person(args[1])
			if err != nil {
				return err
			}
			return a.on(ctx, which, func(s *session, in wire.Conv) error {
				user, err := s.resolve(ctx, who)
				if err != nil {
					return err
				}
				return done(ctx, s, request(in.ID, user.ID, args[2:]))
			})
		}),
	}
}
