package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/google/uuid"

	"chatserver/actors"
	"chatserver/net/cluster"
	"chatserver/net/gateway"
	"chatserver/persistence/account"
	"chatserver/persistence/sqlstore"
)

// node is a node that serves.
type node struct {
	cfg       Config
	log       *slog.Logger
	store     *sqlstore.Store
	bus       cluster.Bus
	listeners []net.Listener
	admin     net.Listener // nil where there is none
	operators *http.Server
	meter     *gateway.Meter
	system    *actor.ActorSystem
	pool      *dispatcher
	crew      *crew
	root      *actor.PID
	gate      *gateway.Gateway
	serving   sync.WaitGroup // of listeners
	operating sync.WaitGroup // of operators
	draining  atomic.Bool
	fatal     chan error // why the node cannot live on
}

// serve runs a node until ctx ends or an actor dies that nothing works without.
func serve(ctx context.Context, cfg Config, stdout io.Writer, log *slog.Logger) error {
	defer paceHeap()()
	n, err := start(ctx, cfg, log)
	if err != nil {
		return err
	}
	log.Info("node started", "store", sqlstore.Redacted(cfg.Store), "admin", n.adminAddress())
	if _, err := fmt.Fprintln(stdout, n.greeting()); err != nil {
		log.Warn("nobody reads what is printed", "err", err)
	}
	return n.live(ctx)
}

// live waits for the end of ctx, then ends the node; or for a death, which it tells at once:
// nothing is left that could end in order.
func (n *node) live(ctx context.Context) error {
	select {
	case err := <-n.fatal:
		return err
	case <-ctx.Done():
		n.log.Info("node ends")
		return n.end()
	}
}

// start brings up a node or leaves nothing behind.
func start(ctx context.Context, cfg Config, log *slog.Logger) (*node, error) {
	n := &node{cfg: cfg, log: log, meter: gateway.NewMeter(), fatal: make(chan error, 1)}
	err := n.listen(ctx)
	if err == nil {
		n.bus, err = cfg.bus(log)
	}
	if err == nil {
		n.store, err = sqlstore.Open(ctx, cfg.Store, cfg.options(log))
	}
	if err != nil {
		return nil, errors.Join(err, n.closeSockets())
	}
	if err := n.begin(); err != nil {
		return nil, errors.Join(err, n.closeSockets(), n.store.Close())
	}
	return n, nil
}

// begin starts the actors, then lets clients and operators in.
func (n *node) begin() error {
	n.system = actor.NewActorSystem(withEngineLog(n.log))
	n.pool = &dispatcher{}
	env, err := n.env()
	if err != nil {
		return err
	}
	n.root = actors.Start(n.system, env)
	n.gate = gateway.New(gateway.Config{
		Root:     n.system.Root,
		Sessions: n.root,
		Pool:     n.pool,
		Limits:   n.cfg.Limits,
		Pace:     n.cfg.Pace,
		Meter:    n.meter,
		Log:      n.log,
	})
	for _, listener := range n.listeners {
		n.serving.Go(func() { n.gate.Serve(listener) })
	}
	n.operate()
	return nil
}

// env is the world of this node's actors.
func (n *node) env() (*actors.Env, error) {
	cost, err := account.ParseCost(n.cfg.Argon2)
	if err != nil {
		return nil, err
	}
	zone, err := n.cfg.zone()
	if err != nil {
		return nil, err
	}
	root := n.system.Root
	n.crew = &crew{root: root, pool: n.pool, log: n.log, meter: n.meter, each: n.cfg.Limits.Job}
	return &actors.Env{
		Store:     n.store,
		Bus:       n.bus,
		Clock:     clock{root},
		Crew:      n.crew,
		Passwords: cost,
		Meter:     n.meter,
		Log:       n.log,
		Limits:    n.cfg.Limits,
		Login:     n.cfg.LoginPolicy,
		Classic:   actors.Classic{MaxObject: n.cfg.MaxObject},
		Zone:      zone,
		Name:      n.cfg.Name,
		NewID:     func() string { return uuid.Must(uuid.NewV7()).String() },
		NewSecret: rand.Text,
		Props:     n.pool.props(),
		Fatal:     n.die,
	}, nil
}

// die ends the process by way of serve. The first reason counts.
func (n *node) die(who string, reason any) {
	select {
	case n.fatal <- fmt.Errorf("%s died, which nothing works without: %v", who, reason):
	default:
	}
}

// ready says how well clients are served here, or why none should be sent here. Without the bus they
// are served; only what comes from other nodes comes later.
func (n *node) ready(ctx context.Context) (string, error) {
	if n.draining.Load() {
		return "", errors.New("the node is ending")
	}
	if err := n.store.Ping(ctx); err != nil {
		return "", fmt.Errorf("the store cannot be written: %w", err)
	}
	if n.meter.Degraded() {
		return "ready, degraded: other nodes are not heard, what they send is read from the store", nil
	}
	return "ready", nil
}

// end stops the node: unready, nobody accepted, connections ended, actors drained, jobs ended, store
// closed. Clients have half of limits.drain to read what is queued for them; then they are cut, so that one
// that reads slowly or not at all does not take the time that all others' marks need. Where limits.drain does
// not suffice, what is still under way is left as a kill would leave it: nothing that anybody was
// handed depends on it.
func (n *node) end() error {
	reading, cancel := context.WithTimeout(context.Background(), n.cfg.Limits.Drain/2)
	defer cancel()
	n.draining.Store(true)
	err := n.closeListeners()
	n.serving.Wait()
	start := time.Now()
	drained := n.system.Root.RequestFuture(n.root, actors.Drain{}, n.cfg.Limits.Drain)
	n.gate.Shutdown(reading)
	_, late := drained.Result()
	if late != nil {
		n.log.Error("drain was not done in time", "took", time.Since(start), "err", late)
		return errors.Join(err, n.closeAdmin())
	}
	n.crew.end()
	return errors.Join(err, n.store.Close(), n.closeAdmin())
}
