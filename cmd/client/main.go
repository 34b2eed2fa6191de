// Command client is a plain terminal client. It reads commands from standard input, a line
// each, and prints what happens; help shows the commands. It may be fed from a pipe: when its
// input ends it logs out, waits until the server has answered all that was asked, and exits 0.
//
//	parse.go     line → command          pure
//	render.go    reply → text            pure
//	sanitise.go  text → harmless text    pure
//	chat.go      the loop between keyboard, connection and screen
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// dialling is how long a server may take to accept the connection.
const dialling = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	fd := int(os.Stdin.Fd())
	var unseen func() (string, error)
	restore := func() {}
	if before, err := term.GetState(fd); err == nil { // it is a terminal
		restore = func() { term.Restore(fd, before) } // a password being typed has the echo off
		unseen = func() (string, error) {
			password, err := term.ReadPassword(fd)
			return string(password), err
		}
	}
	code := run(ctx, os.Args[1:], newKeyboard(os.Stdin, unseen), os.Stdout, os.Stderr)
	stop()
	restore()
	os.Exit(code)
}

// run is the whole program but for what is the process's own. It returns the exit code and
// closes the keyboard.
func run(ctx context.Context, args []string, k *keyboard, out, errs io.Writer) int {
	defer k.close()
	flags := pflag.NewFlagSet("client", pflag.ContinueOnError)
	flags.SetOutput(errs)
	addr := flags.String("addr", "127.0.0.1:6000", "host:port of a node")
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return allWell
	case err != nil:
		fmt.Fprintln(errs, err)
		return misused
	case flags.NArg() > 0:
		fmt.Fprintf(errs, "%q is not a flag; write client --addr HOST:PORT\n", flags.Arg(0))
		return misused
	}
	dial, stop := context.WithTimeout(ctx, dialling)
	defer stop()
	conn, err := client.Dial(dial, *addr, wire.Classic)
	if err != nil {
		fmt.Fprintf(errs, "there is no server at %s (%v); go run ./cmd/node starts one here\n", *addr, err)
		return failed
	}
	fmt.Fprintf(out, "connected to %s; help shows the commands\n", *addr)
	return (&chat{conn: conn, keyboard: k, out: out}).run(ctx)
}
