package bench

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"chatserver/net/wire"
)

// The ways to log in.
const (
	byPassword = "password"
	byToken    = "token"
)

// storm is a run of logins: each account connects, logs in, leaves, and comes again.
type storm struct {
	opts     options
	began    time.Time
	accounts []*account
	by       string
	meters   []*meter
}

func (s *storm) now() time.Duration { return time.Since(s.began) }

func (s *storm) window() span { return s.opts.window() }

func (s *storm) progress() (logins int64) {
	for _, m := range s.meters {
		logins += m.total.Load()
	}
	return logins
}

// logins measures logins by password and then, in v2, by token.
func logins(ctx context.Context, opts options, w *watch, b *book) (Report, error) {
	accounts, err := b.enroll(ctx, opts.Conns, opts.Addrs, opts.Prefix)
	if err != nil {
		return Report{}, err
	}
	ways := []string{byPassword, byToken}
	if opts.dialect() == wire.Classic {
		ways = ways[:1]
	}
	r := Report{Scenario: "login", Dialect: opts.Dialect, Conns: opts.Conns}
	for _, by := range ways {
		s := &storm{opts: opts, accounts: accounts, by: by}
		found, err := s.start(ctx, w)
		r.Logins = append(r.Logins, s.report(found))
		if err != nil {
			return r.failed(err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return r, nil
}

// start runs the storm until its time is over or ctx ends, which is no error. Logins that are under
// way then do not count.
func (s *storm) start(ctx context.Context, w *watch) (measured, error) {
	s.began = time.Now()
	logins, working := errgroup.WithContext(ctx)
	working, stop := context.WithCancel(working)
	for i, a := range s.accounts {
		m := newMeter(s.window())
		s.meters = append(s.meters, m)
		logins.Go(func() error { return s.repeat(working, a, s.opts.Addrs[i%len(s.opts.Addrs)], m) })
	}
	ended := make(chan error, 1)
	go func() {
		defer stop()
		ended <- logins.Wait()
	}()
	found, err := w.follow(working, s)
	stop()
	return found, errors.Join(err, <-ended)
}

// repeat logs one account in, again and again, until ctx ends.
func (s *storm) repeat(ctx context.Context, a *account, addr string, m *meter) error {
	if s.by == byToken && a.Token == "" { // the first one, which does not count, is by password
		if err := s.once(ctx, a, addr, newMeter(span{})); err != nil && ctx.Err() == nil {
			return err
		}
	}
	for n := uint64(0); s.opts.Messages == 0 || n < s.opts.Messages; n++ {
		if err := s.once(ctx, a, addr, m); err != nil && ctx.Err() == nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

// once is a login that counts, in the way that is measured.
func (s *storm) once(ctx context.Context, a *account, addr string, m *meter) error {
	if s.by == byPassword {
		a.Token = ""
	}
	began := s.now()
	conn, err := a.login(ctx, addr, s.opts.dialect())
	if err != nil {
		return err
	}
	m.note(began, s.now())
	return conn.Close()
}

// report says what one way to log in came to.
func (s *storm) report(found measured) Logins {
	all := newHistogram()
	l := Logins{By: s.by, Seconds: found.took.Seconds(), CPU: found.cpu(0)}
	for _, m := range s.meters {
		all.Merge(m.took)
	}
	for _, a := range s.accounts {
		l.SlowDowns += a.slowed
		a.slowed = 0
	}
	l.Count, l.Took = all.TotalCount(), latency(all)
	l.PerSecond = perSecond(l.Count, found.took)
	return l
}
