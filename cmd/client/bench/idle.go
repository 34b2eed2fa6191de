package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"chatserver/net/client"
)

// vigil is a run of connections that do nothing but stay.
type vigil struct {
	opts  options
	began time.Time
	conns []*client.Conn
	lost  atomic.Int64 // connections that ended
	ended atomic.Bool  // by us
}

func (v *vigil) now() time.Duration { return time.Since(v.began) }

func (v *vigil) window() span { return span{0, v.opts.Duration} }

func (v *vigil) progress() int64 { return v.lost.Load() }

// idle logs connections in and keeps them for a while: what does a node need for each?
func idle(ctx context.Context, opts options, w *watch, b *book) (Report, error) {
	accounts, err := b.enroll(ctx, opts.Conns, opts.Addrs, opts.Prefix)
	if err != nil {
		return Report{}, err
	}
	before, err := sum(w.nodes)
	if err != nil {
		return Report{}, err
	}
	v := &vigil{opts: opts, began: time.Now()}
	at := func(i int) string { return opts.Addrs[i%len(opts.Addrs)] }
	if v.conns, err = loginAll(ctx, accounts, at, opts.dialect()); err != nil {
		return Report{}, err
	}
	logins := v.now()

	found, err := v.start(ctx, w)

	r := Report{Scenario: "idle", Dialect: opts.Dialect, Conns: opts.Conns, CPU: found.cpu(0)}
	r.Idle = &Idle{
		LoginSeconds: logins.Seconds(), LoginsPerSecond: perSecond(int64(opts.Conns), logins), Lost: v.lost.Load(),
		MemoryBefore: before.memory, MemoryAfter: found.nodes.memory,
		PerConnection: (found.nodes.memory - before.memory) / int64(opts.Conns),
	}
	if err != nil {
		return r.failed(err)
	}
	return r, nil
}

// start keeps the connections until the time is over or ctx ends, then closes them.
func (v *vigil) start(ctx context.Context, w *watch) (measured, error) {
	v.began = time.Now()
	working, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	var k keeper
	for _, conn := range v.conns {
		k.add(conn)
		all.Go(func() { v.read(conn) })
	}
	all.Go(func() { k.run(working, v.opts.dialect()) })
	found, err := w.follow(working, v)
	v.ended.Store(true)
	stop()
	closeAll(v.conns)
	all.Wait()
	return found, err
}

// read takes what comes over a connection until it ends.
func (v *vigil) read(conn *client.Conn) {
	for {
		if _, _, err := conn.Next(); err != nil {
			if !v.ended.Load() {
				v.lost.Add(1)
			}
			return
		}
	}
}
