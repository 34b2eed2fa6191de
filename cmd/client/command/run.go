package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"chatserver/cmd/client/bench"
	"chatserver/cmd/client/chat"
	"chatserver/cmd/client/home"
)

// World is what is outside of the program.
type World struct {
	In       io.Reader
	Out, Err io.Writer
	Unseen   func() (string, error) // reads a line without echo; nil where In is no terminal
	Dial     func(ctx context.Context, addr string) (net.Conn, error)
	Chat     func(ctx context.Context, o chat.Options) int // chat.Run with files of its own
}

// app is what the commands share: the world and the flags of all.
type app struct {
	World
	addrs   []string
	account string
	timeout time.Duration
	json    bool
	plain   bool
	home    home.Home
}

// Run does what the command line says until it is done or ctx ends. It returns the exit code.
func Run(ctx context.Context, args []string, w World) int {
	a := &app{World: w}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return allWell
	}
	var quiet quit
	if errors.As(err, &quiet) {
		return int(quiet)
	}
	a.say("%s", sentence(err))
	return exitCode(err)
}

// root is the tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "client",
		Short: "Chat, in this terminal or from a script",
		Long: `Without a command client is a chat in this terminal.

A conversation is @NAME or u:ID for a person, '#GROUP' or g:ID for a group.
Exit codes: 0 done, 1 no server or another failure, 2 wrong command line, 3 not logged in, 4 refused, 5 outcome unknown.`,
		Args:              none,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: a.prepare,
		RunE:              a.interactive,
	}
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fail(misused, "%w: %s --help shows how it is written", err, c.CommandPath())
	})
	flags := root.PersistentFlags()
	flags.StringSliceVar(&a.addrs, "addr", []string{"127.0.0.1:6000"}, "host:port of a node, or several with commas between")
	flags.StringVar(&a.account, "account", "", "name or id of the account (default the one that was logged in last)")
	flags.DurationVar(&a.timeout, "timeout", 30*time.Second, "how long the server may take, all in all; tail --follow has no such limit")
	flags.BoolVar(&a.json, "json", false, "print JSON, one object a line")
	root.Flags().BoolVar(&a.plain, "plain", false, "chat line by line, for pipes and screen readers")
	root.AddCommand(a.accountCommands()...)
	root.AddCommand(a.send(), a.tail(), a.history(), a.convs(), a.read())
	root.AddCommand(a.peopleCommands()...)
	root.AddCommand(a.groupCommands()...)
	root.AddCommand(a.tokens(), a.measure())
	a.complete(root)
	return root
}

// prepare comes before every command, and before what a shell asks for.
func (a *app) prepare(c *cobra.Command, _ []string) error {
	if err := a.configure(c.Flags()); err != nil {
		return err
	}
	if len(a.addrs) == 0 {
		return fail(misused, "--addr must name a server, as HOST:PORT")
	}
	for _, addr := range a.addrs {
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return fail(misused, "%q is no address of a server: write HOST:PORT", addr)
		}
	}
	root, err := home.Folder()
	if err != nil {
		return err
	}
	a.home = home.Of(root, a.addrs)
	return nil
}

// bounded is a command that has to be done in --timeout.
func (a *app) bounded(run func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		ctx, stop := context.WithTimeout(c.Context(), a.timeout)
		defer stop()
		return run(ctx, args)
	}
}

// none, exactly and between say what is wrong with a number of arguments.
func none(c *cobra.Command, args []string) error { return exactly(0)(c, args) }

func exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return miscounted(c, args)
	}
}

func between(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if least <= len(args) && len(args) <= most {
			return nil
		}
		return miscounted(c, args)
	}
}

// miscounted says how a command is written.
func miscounted(c *cobra.Command, args []string) error {
	if c.HasAvailableSubCommands() && len(args) > 0 {
		near := ""
		c.SuggestionsMinimumDistance = 2 // letters, cobra's own for the names of commands
		if similar := c.SuggestionsFor(args[0]); len(similar) > 0 {
			near = fmt.Sprintf("; did you mean %s?", strings.Join(similar, " or "))
		}
		return fail(misused, "there is no command %q%s: %s --help shows those there are", args[0], near, c.CommandPath())
	}
	return fail(misused, "write %s", c.UseLine())
}

// measure is bench, which goes to the nodes of --addr where --addrs names no others, and says as the
// other commands do what is wrong with its arguments.
func (a *app) measure() *cobra.Command {
	c := bench.Command()
	c.Args, c.RunE = none, incomplete
	for _, scenario := range c.Commands() {
		scenario.Args = none
		scenario.PreRunE = func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("addrs") {
				return nil
			}
			return c.Flags().Set("addrs", strings.Join(a.addrs, ","))
		}
	}
	return c
}

// subject is a command that only holds others.
func subject(name, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: name, Short: short, Args: none, RunE: incomplete}
	c.AddCommand(commands...)
	return c
}

// incomplete is what a command does that only holds others.
func incomplete(c *cobra.Command, _ []string) error {
	return fail(misused, "say what to do: %s --help shows what there is", c.CommandPath())
}
