package redisbus_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/net/cluster"
	"chatserver/net/cluster/clustertest"
	"chatserver/net/cluster/redisbus"
)

// patience is how long a test waits for what has to come.
const patience = 20 * time.Second

var clusterKey = []byte("0123456789abcdef")

func TestRedisKeepsThePromisesOfABus(t *testing.T) {
	for name, key := range map[string][]byte{"with a key": clusterKey, "without a key": nil} {
		t.Run(name, func(t *testing.T) {
			server := servertest.Redis(t)
			do := operate(t, server)
			clustertest.Run(t, func(t *testing.T) clustertest.Fixture {
				do("FLUSHALL")
				return clustertest.Fixture{
					Bus:    func() cluster.Bus { return newBus(t, server, redisbus.Options{Key: key}) },
					Lapse:  func(node cluster.NodeID) { do("DEL", "chat:lease:"+string(node)) },
					Empty:  func() { do("FLUSHALL") },
					Settle: func(deceased cluster.NodeID) { do("DEL", "chat:estate:"+string(deceased)) },
				}
			})
		})
	}
}

// newBus makes an end that is closed when the test has ended, also where its server is away then.
func newBus(t testing.TB, server *servers.Redis, opts redisbus.Options) *redisbus.Bus {
	t.Helper()
	address, err := redisbus.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	bus := redisbus.New(address, opts)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := bus.Close(ctx); err != nil {
			t.Logf("close: %v", err)
		}
	})
	return bus
}

// operate returns what runs a command on a server, as an operator would.
func operate(t testing.TB, server *servers.Redis) (do func(args ...any) any) {
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return func(args ...any) any {
		t.Helper()
		reply, err := client.Do(context.Background(), args...).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			t.Fatalf("%v: %v", args, err)
		}
		return reply
	}
}

// ear keeps what it is told. It holds more than any test sends.
type ear struct {
	t      testing.TB
	heard  chan cluster.Batch
	missed chan error
}

func newEar(t testing.TB) *ear {
	return &ear{t, make(chan cluster.Batch, 10_000), make(chan error, 100)}
}

func (e *ear) Heard(b cluster.Batch) { e.heard <- b }
func (e *ear) Missed(err error)      { e.missed <- err }

// next is the next batch that is heard, whatever was missed.
func (e *ear) next() cluster.Batch {
	e.t.Helper()
	return await(e.t, e.heard)
}

// gap is the next thing that is missed.
func (e *ear) gap() error {
	e.t.Helper()
	return await(e.t, e.missed)
}

func await[T any](t testing.TB, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("no %T comes", v)
	}
	return v
}

// open opens bus as id with an ear of its own.
func open(t testing.TB, bus cluster.Bus, id cluster.NodeID) *ear {
	t.Helper()
	e := newEar(t)
	if err := bus.Open(t.Context(), id, e); err != nil {
		t.Fatal(err)
	}
	return e
}

// send publishes an empty batch with that number, which is taken.
func send(t testing.TB, bus cluster.Bus, to cluster.NodeID, number uint64) {
	t.Helper()
	if err := bus.Publish(t.Context(), []cluster.Mail{{To: to, Batch: cluster.Batch{From: "ann/1", Number: number}}})[0]; err != nil {
		t.Fatal(err)
	}
}
