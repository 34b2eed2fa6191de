package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// run does what the command line says.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := cluster{out: stdout, log: stderr}
	flags := flagsOf(&c)
	if err := flags.Parse(args); errors.Is(err, pflag.ErrHelp) {
		return help(stdout, flags)
	} else if err != nil {
		return fmt.Errorf("%w; see cluster help", err)
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("one command, not %q; see cluster help", flags.Args())
	}
	switch flags.Arg(0) {
	case "start":
		return c.start(ctx)
	case "stop":
		return c.stop()
	case "help":
		return help(stdout, flags)
	}
	return fmt.Errorf("there is no command %q; see cluster help", flags.Arg(0))
}

func flagsOf(c *cluster) *pflag.FlagSet {
	fs := pflag.NewFlagSet("cluster", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.Usage = func() {} // an error is one sentence; help prints the flags
	fs.StringVar(&c.dir, "dir", "data/cluster", "folder of the cluster")
	fs.IntVar(&c.nodes, "nodes", 3, "nodes that shall run, 1 to 50")
	fs.IntVar(&c.port, "port", 8000, "where clients connect: nginx's port on 127.0.0.1")
	fs.IntVar(&c.base, "base", 6000, "nodes listen from the port after this on, their admin endpoints 60 ports above, MariaDB 306 and Redis 380")
	fs.BoolVar(&c.full, "full-size", false, "give MariaDB the sizes of configs/mysql.cnf, with 4 GB of redo log: for measuring")
	fs.StringArrayVar(&c.flags, "node-flag", nil, "flag for each node, as --node-flag=--limits.rate=0; may be repeated")
	return fs
}

func help(out io.Writer, flags *pflag.FlagSet) error {
	_, err := fmt.Fprintf(out, `cluster runs MariaDB, Redis, nodes and nginx on this machine.

  cluster start [flags]   start what does not run yet, and say where to connect
  cluster stop [flags]    end all of it, also what was only half started
  cluster help            this

%s`, flags.FlagUsages())
	return err
}
