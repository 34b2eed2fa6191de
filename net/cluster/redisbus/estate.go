package redisbus

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"chatserver/net/cluster"
)

// Estate is described at cluster.Presence.
func (b *Bus) Estate(ctx context.Context, dead cluster.NodeID) (keys []cluster.Key, ok bool, err error) {
	var known, first *redis.BoolCmd
	_, err = b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		known = p.SIsMember(ctx, nodesKey, string(dead))
		first = p.SetNX(ctx, estateKey(dead), "", estateTime)
		return nil
	})
	if err != nil {
		return nil, false, failed(ctx, "ask for an estate", err)
	}
	if !known.Val() || !first.Val() {
		return nil, false, nil
	}
	claims := b.client.SScan(ctx, claimsKey(dead), 0, "", chunk).Iterator()
	for claims.Next(ctx) {
		if key, ok := parse(claims.Val()); ok { // others are of a later release, and buried all the same
			keys = append(keys, key)
		}
	}
	if err := claims.Err(); err != nil {
		return nil, false, failed(ctx, "read an estate", err)
	}
	slices.Sort(keys)
	return slices.Compact(keys), true, nil // a scan may tell one twice
}

// Bury is described at cluster.Presence. It takes a part of the claims at a time, so that Redis serves
// others meanwhile. A node that claims more in between is not forgotten, and gets another round.
func (b *Bus) Bury(ctx context.Context, dead cluster.NodeID) error {
	for forgotten := false; !forgotten; {
		err := b.clear(ctx, dead)
		if err == nil {
			forgotten, err = b.forget(ctx, dead)
		}
		if err != nil {
			return failed(ctx, "bury a node", err)
		}
	}
	return nil
}

// clear takes back all that a node claims.
func (b *Bus) clear(ctx context.Context, node cluster.NodeID) error {
	for {
		names, err := b.client.SRandMemberN(ctx, claimsKey(node), chunk).Result()
		if err != nil || len(names) == 0 {
			return err
		}
		if err := b.release(ctx, node, names); err != nil {
			return err
		}
	}
}

// forget makes it no node, unless it claims something. Claim does the opposite in the opposite order, so
// that of a claim and a funeral at once the one or the other sees both.
func (b *Bus) forget(ctx context.Context, node cluster.NodeID) (done bool, err error) {
	var claims *redis.IntCmd
	_, err = b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.SRem(ctx, nodesKey, string(node))
		p.Del(ctx, estateKey(node))
		claims = p.Exists(ctx, claimsKey(node))
		return nil
	})
	if err == nil && claims.Val() != 0 {
		return false, b.client.SAdd(ctx, nodesKey, string(node)).Err()
	}
	return err == nil, err
}
