package cluster_test

import (
	"sync/atomic"
	"testing"
	"time"

	"chatserver/net/cluster"
	"chatserver/net/cluster/clustertest"
)

func TestLocalKeepsThePromisesOfABus(t *testing.T) {
	clustertest.Run(t, func(*testing.T) clustertest.Fixture {
		var ms atomic.Int64
		hub := cluster.NewLocal(func() time.Time { return time.UnixMilli(ms.Load()) })
		return clustertest.Fixture{
			Bus:    hub.Bus,
			Lapse:  hub.Lapse,
			Empty:  hub.Empty,
			Settle: func(cluster.NodeID) { ms.Add(time.Minute.Milliseconds()) },
		}
	})
}
