package redisbus

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"chatserver/net/cluster"
)

// Beat is described at cluster.Bus. It is one round trip, and another one where nodes are new.
func (b *Bus) Beat(ctx context.Context) (cluster.View, error) {
	self, known, err := b.me()
	if err != nil {
		return cluster.View{}, err
	}
	var renewed *redis.BoolCmd
	var members *redis.StringSliceCmd
	leases := map[cluster.NodeID]*redis.IntCmd{}
	_, err = b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		renewed = p.PExpire(ctx, leaseKey(self), cluster.LeaseTime)
		members = p.SMembers(ctx, nodesKey)
		return ask(ctx, p, known, leases)
	})
	if err != nil {
		return cluster.View{}, failed(ctx, "renew the lease", err)
	}
	if !renewed.Val() {
		return cluster.View{}, cluster.ErrLapsed
	}
	nodes := nodeIDs(members.Val())
	if err := b.askRest(ctx, nodes, leases); err != nil {
		return cluster.View{}, failed(ctx, "look for new nodes", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.self == self {
		b.nodes = nodes
	}
	return view(self, nodes, leases), nil
}

// ask looks whether nodes have a lease.
func ask(ctx context.Context, p redis.Pipeliner, nodes []cluster.NodeID, leases map[cluster.NodeID]*redis.IntCmd) error {
	for _, node := range nodes {
		leases[node] = p.Exists(ctx, leaseKey(node))
	}
	return nil
}

// askRest asks about those nodes that were not asked about.
func (b *Bus) askRest(ctx context.Context, nodes []cluster.NodeID, leases map[cluster.NodeID]*redis.IntCmd) error {
	rest := slices.DeleteFunc(slices.Clone(nodes), func(node cluster.NodeID) bool { return leases[node] != nil })
	if len(rest) == 0 {
		return nil
	}
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error { return ask(ctx, p, rest, leases) })
	return err
}

// view sorts nodes, which are in order, by whether they have a lease. The caller has just renewed its own.
func view(self cluster.NodeID, nodes []cluster.NodeID, leases map[cluster.NodeID]*redis.IntCmd) (v cluster.View) {
	if at, found := slices.BinarySearch(nodes, self); !found {
		nodes = slices.Insert(slices.Clone(nodes), at, self)
	}
	for _, node := range nodes {
		if node == self || leases[node].Val() == 1 {
			v.Live = append(v.Live, node)
		} else {
			v.Dead = append(v.Dead, node)
		}
	}
	return v
}

// nodeIDs are those of a set, in order.
func nodeIDs(members []string) []cluster.NodeID {
	if len(members) == 0 {
		return nil
	}
	nodes := make([]cluster.NodeID, len(members))
	for i, member := range members {
		nodes[i] = cluster.NodeID(member)
	}
	slices.Sort(nodes)
	return nodes
}
