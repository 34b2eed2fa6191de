package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"chatserver/net/wire"
)

const (
	dialTime   = 10 * time.Second // a server has to accept a connection
	firstRetry = 500 * time.Millisecond
	lastRetry  = 30 * time.Second
	steady     = 30 * time.Second // a session that lasted so long was a good one: retries begin anew
	convsLimit = 500              // conversations of one CONVS; the protocol's largest
)

var errGoAway = errors.New("the server asked to connect again")

// dialler is what outlives connections on the way to the next.
type dialler struct {
	next    int  // of Addrs
	tries   int  // in a row that brought no good session
	token   bool // log in by the token, not by the password
	dialled chan dialled
	halt    chan struct{} // closed by end
	cancel  context.CancelFunc
	live    sync.WaitGroup
	retry   <-chan time.Time
}

// dialled is what became of a dial, and of the loan of a token where there is one.
type dialled struct {
	stream net.Conn
	token  string
	give   func(successor string) error // nil: nothing was lent
	err    error
}

// abandon leaves nothing of a dial that succeeded.
func (d dialled) abandon() {
	d.stream.Close()
	if d.give != nil {
		d.give("") // what could be lost by an error was not changed
	}
}

func newDialler(cfg Config) dialler {
	return dialler{
		next:    cfg.Rand.IntN(len(cfg.Addrs)),
		token:   cfg.Login == Credentials{},
		dialled: make(chan dialled),
		halt:    make(chan struct{}),
		cancel:  func() {},
	}
}

// end stops a dial that is under way.
func (d *dialler) end() {
	close(d.halt)
	d.cancel()
	d.live.Wait()
}

// connect dials the next server.
func (l *loop) connect() {
	addr := l.Addrs[l.next]
	l.next = (l.next + 1) % len(l.Addrs)
	l.retry = nil
	l.tell(Connecting{addr})
	ctx, cancel := context.WithTimeout(context.Background(), dialTime)
	l.cancel = cancel
	l.live.Go(func() {
		d := l.dial(ctx, addr)
		select {
		case l.dialled <- d:
		case <-l.halt:
			if d.err == nil {
				d.abandon()
			}
		}
	})
}

// dial gets all that a login needs and that may have to be waited for.
func (l *loop) dial(ctx context.Context, addr string) (d dialled) {
	d.stream, d.err = l.Dialer(ctx, addr)
	if d.err != nil || l.Borrow == nil {
		return d
	}
	if d.token, d.give, d.err = l.Borrow(ctx); d.err != nil {
		d.stream.Close()
	}
	return d
}

// connected goes on where a dial ended.
func (l *loop) connected(d dialled) {
	l.cancel()
	switch {
	case d.err != nil:
		l.lost(d.err, 0)
	case l.ended != nil:
		d.abandon()
	default:
		l.session = newSession(newLink(d.stream))
		if l.give = d.give; l.give != nil {
			l.me.Token = d.token
		}
		l.login()
	}
}

func (l *loop) login() {
	r := wire.Login{V: wire.V2, Device: l.me.Device}
	switch {
	case l.token:
		r.Token = l.me.Token
	case l.Login.ID != 0:
		r.ID, r.Password = l.Login.ID, l.Login.Password
	default:
		r.Name, r.Password = l.Login.Name, l.Login.Password
	}
	l.request(r, question{done: l.greeted})
}

// greeted is LOGIN's answer. A token that is refused leaves the password, if there is one.
func (l *loop) greeted(reply wire.Reply, fault *wire.Fault) {
	welcome, ok := reply.(wire.Welcome)
	switch {
	case ok:
		l.welcomed(welcome)
	case fault == nil:
		l.lost(strange(wire.LoginID, reply), 0)
	case fault.Errno == wire.Denied && l.token && l.Login != Credentials{}:
		l.token = false
		l.login()
	case fault.Errno == wire.InUse || passing(fault):
		l.lost(fault, fault.Retry)
	default:
		l.fail(fault)
	}
}

// welcomed keeps the new token before anything is done with it: the one before stays good until then.
func (l *loop) welcomed(w wire.Welcome) {
	if l.me.ID != 0 && l.me.ID != w.ID {
		l.fail(ErrAccount)
		return
	}
	l.me.ID, l.me.Name = w.ID, w.Name
	if w.Token != "" {
		l.me.Token = w.Token
	}
	if err := l.giveBack(w.Token); err != nil {
		l.fail(fmt.Errorf("keep the login: %w", err))
		return
	}
	kept := l.me
	if l.Borrow != nil {
		kept.Token = "" // the State's would soon be an old one
	}
	change := Change{Identity: &kept}
	if l.epoch != w.Epoch {
		if l.epoch != "" {
			l.void()
		}
		l.epoch, change.Epoch = w.Epoch, w.Epoch
	}
	if err := l.State.Save(change); err != nil {
		l.fail(fmt.Errorf("keep the login: %w", err))
		return
	}
	l.token = l.me.Token != ""
	l.welcome = w
	l.page(w.Convs, w.More)
}

// giveBack ends the turn with a token that was lent, if there is one.
func (l *loop) giveBack(successor string) error {
	give := l.give
	if l.give = nil; give == nil {
		return nil
	}
	return give(successor)
}

// void forgets all positions: the server's numbers are new ones.
func (l *loop) void() {
	l.ledger.void()
	l.marks.void()
	clear(l.taken)
	l.queue = slices.DeleteFunc(l.queue, func(e Event) bool {
		switch e.(type) {
		case Received, Lifted:
			return true
		}
		return false
	})
}

// page takes a part of the conversations and asks for the next, or is done with them.
func (l *loop) page(convs []wire.ConvState, more bool) {
	l.convs = append(l.convs, convs...)
	if !more || len(convs) == 0 {
		l.opened()
		return
	}
	r := wire.Convs{After: convs[len(convs)-1].Conv, Limit: convsLimit}
	l.request(r, question{done: func(reply wire.Reply, fault *wire.Fault) {
		list, ok := reply.(wire.ConvList)
		switch {
		case ok:
			l.page(list.Convs, list.More)
		case fault != nil:
			l.lost(fault, fault.Retry)
		default:
			l.lost(strange(wire.ConvsID, reply), 0)
		}
	}})
}

// opened begins what a session is for.
func (l *loop) opened() {
	l.online, l.since = true, time.Now()
	l.tell(Online{l.welcome, l.convs})
	l.tell(l.early...)
	l.ledger.opened(l.convs)
	l.outbox.reopened()
	l.marks.opened(l.convs)
	l.mark()
	l.early, l.convs, l.welcome = nil, nil, wire.Welcome{}
}

// lost notes that there is no connection, and dials again after a random while, at least after
// the given one. Full jitter: aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter.
func (l *loop) lost(err error, least time.Duration) {
	if l.ended != nil {
		return
	}
	if l.online && time.Since(l.since) >= steady {
		l.tries = 0
	}
	l.hangUp()
	wait := max(least, l.upTo(min(lastRetry, firstRetry<<min(l.tries, 10))))
	l.tries++
	l.tell(Offline{err, wait})
	l.retry = time.After(wait)
}

// part ends a session that the server asked to go, and dials at once: the waiting is over.
func (l *loop) part() {
	l.hangUp()
	l.tell(Offline{Err: errGoAway})
	l.connect()
}

// upTo is a random time, at most the one given.
func (l *loop) upTo(most time.Duration) time.Duration {
	return time.Duration(l.Rand.Int64N(int64(most) + 1))
}
