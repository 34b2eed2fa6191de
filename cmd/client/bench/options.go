package bench

import (
	"errors"
	"fmt"
	"time"

	"chatserver/net/wire"
)

// options are what a run is told.
type options struct {
	Addrs    []string // HOST:PORT of nodes; connections go to them in turn
	Dialect  string   // v2 or classic
	Conns    int      // connections, each of a user of its own
	Window   int      // messages that one sender has under way
	Size     int      // bytes of a message
	Members  int      // of the group, each with a connection
	Senders  int      // of the members; 0: one in ten
	Duration time.Duration
	Warmup   time.Duration // before Duration, not measured
	Messages uint64        // of each sender, or logins of each account; then the run ends, and has no Warmup. 0: as many as go
	Accounts string        // the file that keeps accounts for the next run; "": none are kept
	Prefix   string        // of the accounts' names; "": drawn at random
	PIDs     []int         // of the nodes, where they run on this machine
	Admins   []string      // URLs of the nodes' admin endpoints
	JSON     bool
	SVG      string // the file that a picture of the latencies goes to; "": none

	run string // names the run in what it leaves behind
}

func (o options) dialect() wire.Dialect {
	if o.Dialect == "classic" {
		return wire.Classic
	}
	return wire.V2
}

// window is what is measured of a run.
func (o options) window() span {
	if o.Messages > 0 {
		return span{0, o.Duration}
	}
	return span{o.Warmup, o.Warmup + o.Duration}
}

// The bounds of the options. A connection takes a local port, of which one address has 28,232 as
// Linux is set; beyond the window's a node reads no further anyway.
const (
	maxConns  = 28_000
	maxWindow = 1024
)

// senders is how many members of the group send.
func (o options) senders() int {
	if o.Senders > 0 {
		return o.Senders
	}
	return max(1, o.Members/10)
}

// validate reports all faults at once.
func (o options) validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(len(o.Addrs) > 0, "--addrs must name a node, as HOST:PORT")
	check(o.Dialect == "v2" || o.Dialect == "classic", "--dialect must be v2 or classic, not %q", o.Dialect)
	check(o.Conns >= 2 && o.Conns <= maxConns, "--conns must be 2 to %d", maxConns)
	check(o.Members >= 2 && o.Members <= maxConns, "--members must be 2 to %d", maxConns)
	check(o.Senders >= 0 && o.Senders <= o.Members, "--senders must be 0 to --members")
	check(o.Window >= 1 && o.Window <= maxWindow, "--window must be 1 to %d", maxWindow)
	check(o.Size >= minSize && o.Size <= wire.MaxMsg, "--size must be %d to %d bytes", minSize, wire.MaxMsg)
	check(o.Duration > 0, "--duration must be above 0")
	check(o.Warmup >= 0, "--warmup must be 0 or more")
	return errors.Join(errs...)
}
