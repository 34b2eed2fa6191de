package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"

	"github.com/spf13/pflag"

	"chatserver/persistence/sqlstore"
)

// usageError is a fault of the command line or the configuration, as opposed to one of the world.
type usageError struct{ error }

// usage is a usageError that says how to write it instead.
func usage(format string, args ...any) error {
	return usageError{fmt.Errorf(format+"; see node help", args...)}
}

// parse reads the command line, which may have the command before, after or between its flags,
// and the configuration file that it names. Without a command it returns "".
func parse(args []string) (command string, cfg Config, err error) {
	cfg = Default()
	keys := flagsOf(&cfg)
	fs, file := commandLine(keys)
	if err := fs.Parse(args); errors.Is(err, pflag.ErrHelp) {
		return "help", cfg, nil
	} else if err != nil {
		return "", cfg, usage("%w", err)
	}
	if fs.NArg() > 1 {
		return "", cfg, usage("one command at a time, not %q", fs.Args())
	}
	switch command = fs.Arg(0); command {
	case "help", "version":
		return command, cfg, nil
	case "", "check", "migrate", "restored":
		return command, cfg, configure(&cfg, keys, *file)
	}
	return "", cfg, usage("there is no command %q", command)
}

// commandLine is all flags: the keys of the configuration, and --config, which is none.
func commandLine(keys *pflag.FlagSet) (fs *pflag.FlagSet, file *string) {
	fs = pflag.NewFlagSet("node", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.Usage = func() {} // an error is one sentence; help prints the flags
	file = fs.String("config", "", "YAML file with any of the keys below; flags win over it")
	fs.AddFlagSet(keys)
	return fs, file
}

// configure adds the configuration file, if there is one, to what the command line said.
func configure(cfg *Config, keys *pflag.FlagSet, file string) error {
	if file != "" {
		if err := loadFile(file, keys); err != nil {
			return usageError{err}
		}
	}
	if err := cfg.Validate(); err != nil {
		return usageError{fmt.Errorf("the configuration is wrong:\n%w", err)}
	}
	return nil
}

func help(stdout io.Writer) error {
	fs, _ := commandLine(flagsOf(new(Default())))
	_, err := fmt.Fprintf(stdout, `node is the chat server. With no arguments it serves on 127.0.0.1:6000.

  node [flags]           serve until SIGTERM or SIGINT
  node check [flags]     say what is wrong with the configuration or its store; changes nothing
  node migrate [flags]   bring the store's schema up to this version
  node restored [flags]  after the store was put back from a backup, while no node runs on it: tell clients to read it anew
  node version           say what this is
  node help              this

Flags, each of which but --config is a key of that file too:
%s`, fs.FlagUsages())
	return err
}

func version(stdout io.Writer) error {
	module := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		module = info.Main.Version
	}
	_, err := fmt.Fprintf(stdout, "chatserver %s %s %s/%s\n", module, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// check says what a start would find and changes nothing. The configuration was found right before.
func check(ctx context.Context, cfg Config, stdout io.Writer, log *slog.Logger) error {
	found, err := sqlstore.Check(ctx, cfg.Store, cfg.options(log))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "the configuration is right; the store %v\n", found)
	return err
}

// restored voids the positions that clients hold in a store which was put back from a backup.
func restored(ctx context.Context, cfg Config, stdout io.Writer, log *slog.Logger) error {
	if err := sqlstore.Restored(ctx, cfg.Store, cfg.options(log)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "the store %s has a new epoch: clients will read its conversations anew\n", sqlstore.Redacted(cfg.Store))
	return err
}
