package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // --time-zone works on machines without zones

	"chatserver/persistence/sqlstore"
)

// Exit codes.
const (
	allWell = 0
	failed  = 1
	misused = 2 // the command line or the configuration is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop) // a second signal ends the process as if nobody listened
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program, which ends with ctx. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := execute(ctx, args, stdout, stderr)
	if err == nil {
		return allWell
	}
	fmt.Fprintf(stderr, "chatserver: %v\n", err)
	var misuse usageError
	if errors.As(err, &misuse) {
		return misused
	}
	return failed
}

// execute does what the command line says.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	command, cfg, err := parse(args)
	if err != nil {
		return err
	}
	log := newLog(stderr, cfg)
	switch command {
	case "help":
		return help(stdout)
	case "version":
		return version(stdout)
	case "check":
		return check(ctx, cfg, stdout, log)
	case "migrate":
		return sqlstore.Migrate(ctx, cfg.Store, cfg.options(log))
	case "restored":
		return restored(ctx, cfg, stdout, log)
	}
	return serve(ctx, cfg, stdout, log)
}
