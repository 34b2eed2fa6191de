package chat

import (
	"context"
	"errors"
	"os"

	"golang.org/x/term"

	"chatserver/net/client"
)

// The exit codes of Run.
const (
	allWell     = 0
	failed      = 1   // there was no server
	unknown     = 5   // not all that was sent is known to be stored
	interrupted = 130 // as shells have it for SIGINT
)

// ErrNoServer says that no server accepted a connection, so nothing was asked of one.
var ErrNoServer = errors.New("there is no server")

// Options are what Run needs.
type Options struct {
	Addrs []string // host:port of the nodes
	// Open keeps an account connected; the zero Credentials log in by the token that is kept, without
	// waiting for the network. ErrNoServer: there was none to tell whose a password is.
	Open    func(ctx context.Context, login client.Credentials) (*client.Client, error)
	Account string // who logs in by its token at the start; "": nobody
	Plain   bool   // lines instead of a screen, also on a terminal
	In, Out *os.File
}

// Run talks with a person, or with a script, until either leaves or ctx ends. It returns the exit
// code: 0; 1 without a server; 5 where it is not known whether all that was sent is stored; 130
// where ctx ended.
func Run(ctx context.Context, o Options) int {
	w := worldOf(o)
	in, out := int(o.In.Fd()), int(o.Out.Fd())
	if !o.Plain && term.IsTerminal(in) && term.IsTerminal(out) {
		return runScreen(ctx, w, o)
	}
	return runPlain(ctx, w, o)
}
