package redisbus

import (
	"context"
	"reflect"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"chatserver/configs/servers/servertest"
	"chatserver/net/cluster"
)

// trips is a hook that counts round trips.
type trips struct{ atomic.Int32 }

func (n *trips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (n *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		n.Add(1)
		return next(ctx, cmd)
	}
}

func (n *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		n.Add(1)
		return next(ctx, cmds)
	}
}

// deaf hears nothing.
type deaf struct{}

func (deaf) Heard(cluster.Batch) {}
func (deaf) Missed(error)        {}

func TestBeatIsOneRoundTripUnlessNodesAreNew(t *testing.T) {
	address, err := ParseURL(servertest.Redis(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	bus := func(id cluster.NodeID) *Bus {
		b := New(address, Options{})
		if err := b.Open(t.Context(), id, deaf{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := b.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
		return b
	}
	ann := bus("ann/1")
	made := &trips{}
	ann.client.AddHook(made)
	beat := func(want int32, live ...cluster.NodeID) {
		t.Helper()
		made.Store(0)
		v, err := ann.Beat(t.Context())
		if err != nil || !reflect.DeepEqual(v, cluster.View{Live: live}) || made.Load() != want {
			t.Errorf("%d round trips, %v, %v", made.Load(), v, err)
		}
	}

	beat(2, "ann/1")
	beat(1, "ann/1")
	bus("bob/1")
	beat(2, "ann/1", "bob/1")
	beat(1, "ann/1", "bob/1")
}
