package redisbus

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"chatserver/net/cluster"
)

// Bus is a node's end of a Redis server. Make it with New.
type Bus struct {
	client redis.UniversalClient
	seal   *sealer
	opts   Options

	opening sync.Mutex // held by Open and Close
	ear     *listener  // nil: nobody listens

	mu    sync.Mutex
	self  cluster.NodeID   // empty: not open
	nodes []cluster.NodeID // those of the last Beat
}

var _ cluster.Bus = (*Bus)(nil)

// New makes an end that is not open yet. It connects when it is asked for something, and again then
// if Redis was away.
func New(address Address, opts Options) *Bus {
	if opts.Timeout == 0 {
		opts.Timeout = 2 * time.Second
	}
	if opts.Silence == 0 {
		opts.Silence = 3 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	logging.Disable() // what it would print on stderr is in the errors that it returns
	return &Bus{client: connect(address, opts), seal: newSealer(opts.Key), opts: opts}
}

// Open is described at cluster.Bus. It listens before it takes the lease, and takes the lease before
// it is one of the nodes: who sees it sees it live and is heard.
func (b *Bus) Open(ctx context.Context, self cluster.NodeID, ear cluster.Ear) error {
	b.opening.Lock()
	defer b.opening.Unlock()
	b.quiet()
	l, err := b.listen(ctx, self, ear)
	if err == nil {
		b.ear = l
		err = b.client.Set(ctx, leaseKey(self), "", cluster.LeaseTime).Err()
	}
	if err == nil {
		err = b.client.SAdd(ctx, nodesKey, string(self)).Err()
	}
	if err != nil {
		b.quiet()
		return failed(ctx, "open the bus", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.self, b.nodes = self, nil
	return nil
}

// quiet ends what the last Open began, without a word to Redis.
func (b *Bus) quiet() {
	if b.ear != nil {
		b.ear.stop()
		b.ear = nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.self = ""
}

// me is who this node is, and which nodes there were lately.
func (b *Bus) me() (self cluster.NodeID, nodes []cluster.NodeID, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.self == "" {
		return "", nil, fmt.Errorf("%w, or it has none yet: open the bus", cluster.ErrLapsed)
	}
	return b.self, b.nodes, nil
}

// amI fails unless this node is self still.
func (b *Bus) amI(self cluster.NodeID) error {
	now, _, err := b.me()
	if err == nil && now != self {
		err = fmt.Errorf("%w: it is %s now, and not %s", cluster.ErrLapsed, now, self)
	}
	return err
}

// Close is described at cluster.Bus. It also gives up the connections, so there is no Open after it.
func (b *Bus) Close(ctx context.Context) error {
	b.opening.Lock()
	defer b.opening.Unlock()
	self, _, unopened := b.me()
	b.quiet()
	defer b.client.Close()
	if unopened != nil {
		return nil
	}
	if err := b.client.Del(ctx, leaseKey(self)).Err(); err != nil {
		return failed(ctx, "give back the lease", err)
	}
	return nil
}

// failed is err with what was tried, and with the end of ctx where that is the reason.
func failed(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w: %w", what, ctx.Err(), err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
