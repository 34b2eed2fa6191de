package redisbus

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"chatserver/net/cluster"
)

// How soon a listener tries again that lost its connection: at first and at most, halved at random so
// that the nodes of a cluster do not come at once.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = time.Second
)

// errResumed says that the connection is new, and what came before it is lost.
var errResumed = errors.New("the bus is heard again; what came meanwhile is lost")

// listener hears what comes for one NodeID. Its goroutine is the Bus's, from listen to stop.
type listener struct {
	bus    *Bus
	self   cluster.NodeID
	ear    cluster.Ear
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// listen returns once Redis has confirmed that what comes is heard.
func (b *Bus) listen(ctx context.Context, self cluster.NodeID, ear cluster.Ear) (*listener, error) {
	l := &listener{bus: b, self: self, ear: ear}
	sub, err := l.subscribe(ctx)
	if err != nil {
		return nil, err
	}
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.cancel = cancel
	l.ended.Go(func() { l.run(life, sub) })
	return l, nil
}

// stop ends the listener. Nothing is told to its ear once it returned.
func (l *listener) stop() {
	l.cancel()
	l.ended.Wait()
}

// subscribe makes a connection that hears.
func (l *listener) subscribe(ctx context.Context) (*redis.PubSub, error) {
	sub := l.bus.client.Subscribe(ctx)
	defer context.AfterFunc(ctx, func() { sub.Close() })()
	err := sub.Subscribe(ctx, mailbox(l.self))
	if err == nil {
		_, err = sub.ReceiveTimeout(ctx, l.bus.opts.Timeout) // the confirmation comes before all else
	}
	if err != nil {
		sub.Close()
		return nil, err
	}
	return sub, nil
}

// run hears until ctx ends, on one connection after the other.
func (l *listener) run(ctx context.Context, sub *redis.PubSub) {
	for {
		err := l.hear(ctx, sub)
		if ctx.Err() != nil {
			return
		}
		l.ear.Missed(fmt.Errorf("listen on the bus: %w", err))
		if sub = l.again(ctx); sub == nil {
			return
		}
		l.ear.Missed(errResumed)
	}
}

// again makes a new connection, however long that takes; nil once ctx has ended.
func (l *listener) again(ctx context.Context) *redis.PubSub {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		sub, err := l.subscribe(ctx)
		if err == nil {
			return sub
		}
		l.bus.opts.Log.Debug("bus still away", "err", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
	}
}

// hear tells the ear what comes until the connection breaks or ctx ends, and closes it. A client that
// connects anew by itself says so by another confirmation: something was lost there.
func (l *listener) hear(ctx context.Context, sub *redis.PubSub) error {
	defer sub.Close()
	defer context.AfterFunc(ctx, func() { sub.Close() })() // a read does not end with its context
	defer l.keepAsking(sub)()
	for {
		switch msg, err := sub.ReceiveTimeout(ctx, l.bus.opts.Silence); msg := msg.(type) {
		case *redis.Message:
			l.take(msg.Payload)
		case *redis.Subscription:
			return errors.New("the connection was lost")
		default:
			if err != nil {
				return err
			}
		}
	}
}

func (l *listener) take(frame string) {
	batch, err := l.bus.seal.unpack(l.self, frame)
	if err != nil {
		l.ear.Missed(err)
		return
	}
	l.ear.Heard(batch)
}

// keepAsking has Redis say something three times in each Silence, until stop is called. Where that
// fails, nothing comes, and the one who reads finds out.
func (l *listener) keepAsking(sub *redis.PubSub) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var asking sync.WaitGroup
	asking.Go(func() {
		often := time.NewTicker(l.bus.opts.Silence / 3)
		defer often.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-often.C:
				if err := sub.Ping(ctx); err != nil {
					l.bus.opts.Log.Debug("bus does not take a ping", "err", err)
				}
			}
		}
	})
	return func() {
		cancel()
		asking.Wait()
	}
}
