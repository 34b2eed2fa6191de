package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// settling is how long messages may be under way after the last one was sent. What has not come by
// then is lost.
const settling = 10 * time.Second

// talk is a run of messages, over connections that are logged in.
type talk struct {
	opts      options
	began     time.Time
	listeners []*listener
	senders   []*sender
	ended     atomic.Bool // connections end because we end them
}

func newTalk(opts options) *talk { return &talk{opts: opts} }

func (t *talk) now() time.Duration { return time.Since(t.began) }

func (t *talk) window() span { return t.opts.window() }

// listen adds a connection that sends nothing yet.
func (t *talk) listen(conn *client.Conn) *listener {
	window := t.window()
	l := &listener{
		run: t.opts.run, number: len(t.listeners), conn: conn, clock: t.now, sources: make(map[int]source),
		delivered: newMeter(window), acked: newMeter(window),
	}
	t.listeners = append(t.listeners, l)
	return l
}

// send has from send to a conversation in which the others hear it.
func (t *talk) send(from *listener, to wire.Conv, others []*listener) {
	count := t.opts.Messages
	if count == 0 {
		count = math.MaxUint64
	}
	texts := newTexts(t.opts.run, from.number, t.opts.Size)
	from.own = newFlight(texts, t.opts.Window, len(others), t.opts.dialect() == wire.V2, count)
	for _, l := range others {
		l.sources[from.number] = source{from.own, newEar(t.opts.Window)}
	}
	t.senders = append(t.senders, &sender{number: from.number, conn: from.conn, flight: from.own, to: to, clock: t.now})
}

// start runs the talk until its time is over, all its messages have arrived, a connection fails, or
// ctx ends, which is no error: what was measured until then stands. Then it closes the connections.
func (t *talk) start(ctx context.Context, w *watch) (measured, error) {
	t.began = time.Now()
	group, alive := errgroup.WithContext(context.WithoutCancel(ctx))
	sending, stopSending := context.WithCancel(alive)
	for _, l := range t.listeners {
		group.Go(func() error { return t.unlessEnded(l.number, l.listen()) })
	}
	for _, s := range t.senders {
		group.Go(func() error { return t.unlessEnded(s.number, s.send(sending)) })
	}
	group.Go(func() error { t.silent().run(sending, t.opts.dialect()); return nil })
	moving, landed := context.WithCancel(alive)
	group.Go(func() error { defer landed(); return t.land(sending) })

	until, stop := context.WithCancel(moving)
	defer context.AfterFunc(ctx, stop)()
	found, err := w.follow(until, t)
	t.settle(moving)
	found.took = t.window().passed(t.now()) // what arrives when the run was cut short is measured too
	t.ended.Store(true)
	stopSending()
	for _, l := range t.listeners {
		l.conn.Close()
	}
	return found, errors.Join(err, group.Wait())
}

// unlessEnded is why a connection failed, nil where that was our doing.
func (t *talk) unlessEnded(number int, err error) error {
	if err == nil || t.ended.Load() {
		return nil
	}
	return fmt.Errorf("connection %d: %w", number, err)
}

// land returns when no message is under way and none will be, or ctx ended.
func (t *talk) land(ctx context.Context) error {
	for _, s := range t.senders {
		select {
		case <-s.flight.landed:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// settle lets no more messages start and waits for those that are moving.
func (t *talk) settle(moving context.Context) {
	for _, s := range t.senders {
		s.flight.stop()
	}
	select {
	case <-moving.Done():
	case <-time.After(settling):
	}
}

// silent keeps the connections alive that send no messages.
func (t *talk) silent() *keeper {
	k := new(keeper)
	for _, l := range t.listeners {
		if l.own == nil {
			k.add(l.conn)
		}
	}
	return k
}

// progress is how many messages were delivered so far.
func (t *talk) progress() (delivered int64) {
	for _, l := range t.listeners {
		delivered += l.delivered.total.Load()
	}
	return delivered
}
