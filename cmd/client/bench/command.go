package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// scenario is one kind of run.
type scenario func(ctx context.Context, opts options, w *watch, b *book) (Report, error)

// ErrFlags says that the flags of a run are wrong.
var ErrFlags = errors.New("this is no run")

// What a run may find that makes it fail.
var (
	errBroken = errors.New("the server broke a promise: the report says which, and the node's log may say why")
	errEnded  = errors.New("the server ended connections that were to stay: the node's log says why")
)

// Command is bench, with a command for each scenario.
func Command() *cobra.Command {
	bench := &cobra.Command{
		Use:   "bench",
		Short: "Measure a server, and check that it keeps its promises",
		Long:  guide,
	}
	bench.AddCommand(chatCommand(), groupCommand(), idleCommand(), loginCommand())
	return bench
}

func chatCommand() *cobra.Command {
	o := defaults()
	c := command(o, "chat", "Pairs of connections, of which one sends to the other", "messages delivered", chat)
	conns(c, o, 100, "connections; half of them send")
	talking(c, o)
	return c
}

func groupCommand() *cobra.Command {
	o := defaults()
	c := command(o, "group", "One group, to which some of its members send", "messages delivered", groupChat)
	c.Flags().IntVar(&o.Members, "members", o.Members, "members of the group")
	c.Flags().IntVar(&o.Senders, "senders", o.Senders, "members that send; 0 for one in ten")
	talking(c, o)
	return c
}

func idleCommand() *cobra.Command {
	o := defaults()
	c := command(o, "idle", "Connections that do nothing, and what the nodes need for them", "connections lost", idle)
	conns(c, o, 1000, "connections")
	return c
}

func loginCommand() *cobra.Command {
	o := defaults()
	c := command(o, "login", "Connections that log in and leave, by password and then by token", "logins", logins)
	conns(c, o, 50, "connections at once")
	repeating(c, o, "logins of each connection")
	return c
}

func defaults() *options {
	return &options{
		Dialect: "v2", Conns: 100, Window: 1, Size: 100, Members: 100,
		Duration: 10 * time.Second, Warmup: 2 * time.Second,
	}
}

// command is a scenario with the flags that all of them have.
func command(o *options, name, short, unit string, s scenario) *cobra.Command {
	c := &cobra.Command{Use: name, Short: short, Args: cobra.NoArgs, SilenceUsage: true}
	c.RunE = func(c *cobra.Command, _ []string) error { return run(c, *o, unit, s) }
	f := c.Flags()
	f.SortFlags = false
	f.StringSliceVar(&o.Addrs, "addrs", o.Addrs, "HOST:PORT of the nodes; connections go to them in turn (default those of --addr)")
	f.StringVar(&o.Dialect, "dialect", o.Dialect, "v2 or classic")
	f.DurationVar(&o.Duration, "duration", o.Duration, "how long to measure")
	f.StringVar(&o.Accounts, "accounts", o.Accounts, "file that keeps the accounts for the next run")
	f.StringVar(&o.Prefix, "prefix", o.Prefix, "what the names of new accounts start with (default drawn at random)")
	f.IntSliceVar(&o.PIDs, "pid", o.PIDs, "process of a node on this machine, to tell what it uses; may be repeated")
	f.StringSliceVar(&o.Admins, "admin", o.Admins, "URL of a node's --admin, to tell what it uses; may be repeated")
	f.BoolVar(&o.JSON, "json", o.JSON, "report one line of JSON")
	return c
}

func conns(c *cobra.Command, o *options, number int, usage string) {
	c.Flags().IntVar(&o.Conns, "conns", number, usage)
}

func repeating(c *cobra.Command, o *options, usage string) {
	c.Flags().DurationVar(&o.Warmup, "warmup", o.Warmup, "how long to run before that")
	c.Flags().Uint64Var(&o.Messages, "messages", o.Messages, usage+", all of which are measured, then the run ends; 0 for no such end")
}

func talking(c *cobra.Command, o *options) {
	c.Flags().IntVar(&o.Window, "window", o.Window, "messages that a sender has under way")
	c.Flags().IntVar(&o.Size, "size", o.Size, "bytes of a message")
	repeating(c, o, "messages of each sender")
	c.Flags().StringVar(&o.SVG, "svg", o.SVG, "file for a picture of the latencies")
}

// run runs a scenario and reports. Its error says that nothing came of it, or nothing good.
func run(c *cobra.Command, o options, unit string, s scenario) error {
	if err := o.validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrFlags, err)
	}
	o.run = "b" + rand.Text()[:7]
	if o.Prefix == "" {
		o.Prefix = o.run
	}
	w, err := newWatch(o, unit)
	if err != nil {
		return err
	}
	b, err := openBook(o.Accounts)
	if err != nil {
		return err
	}
	w.show("registers users and logs them in")
	report, err := s(c.Context(), o, w, b)
	w.show("")
	err = errors.Join(err, b.save()) // its tokens are new
	if report.Scenario == "" {
		return err
	}
	return errors.Join(err, report.publish(c.OutOrStdout(), o))
}

// newWatch returns a watch of the nodes that were named, which must be there.
func newWatch(o options, unit string) (*watch, error) {
	w := &watch{unit: unit}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		w.terminal = os.Stderr
	}
	for _, pid := range o.PIDs {
		w.nodes = append(w.nodes, local(pid))
	}
	for _, admin := range o.Admins {
		w.nodes = append(w.nodes, remote(admin))
	}
	if self := local(os.Getpid()); works(self) {
		w.bench = append(w.bench, self)
	}
	_, _, err := w.read()
	return w, err
}

// works says whether this machine tells what processes use.
func works(p process) bool {
	_, err := p()
	return err == nil
}
