package redisbus

import (
	"context"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"chatserver/net/cluster"
)

// claimScript claims one key for the node ARGV[1]. KEYS are the holders, of a user also shown, and turn
// where one is wanted: all of one slot. It is a script because that is one moment also on a Redis
// Cluster, where a MULTI of several slots is refused.
//
// A turn is the microsecond, by Redis's clock, of the first Claim within an hour, and one more with each:
// it rises also over the end of that hour and a Redis that was emptied.
const claimScript = `
local fresh, shown, turn = redis.call('SADD', KEYS[1], ARGV[1]), 0, 0
if KEYS[2] then
  shown = redis.call('EXISTS', KEYS[2])
  redis.call('SET', KEYS[2], '')
end
if KEYS[3] then
  local now = redis.call('TIME')
  redis.call('SET', KEYS[3], now[1] * 1000000 + now[2], 'NX', 'EX', 3600)
  turn = redis.call('INCR', KEYS[3])
end
return {fresh, shown, turn, redis.call('SMEMBERS', KEYS[1])}`

// Claim is described at cluster.Presence. The claims are noted as this node's before they take effect,
// and the node as one of the nodes after that: whatever it did as a dead one, others find and bury it.
func (b *Bus) Claim(ctx context.Context, self cluster.NodeID, claims []cluster.Claim) ([]cluster.Claimed, error) {
	if err := b.amI(self); err != nil {
		return nil, err
	}
	found := make([]cluster.Claimed, 0, len(claims))
	for part := range slices.Chunk(claims, chunk) {
		more, err := b.claim(ctx, self, part)
		if err != nil {
			return nil, failed(ctx, fmt.Sprintf("claim %d keys", len(claims)), err)
		}
		found = append(found, more...)
	}
	return found, nil
}

func (b *Bus) claim(ctx context.Context, self cluster.NodeID, claims []cluster.Claim) ([]cluster.Claimed, error) {
	names := make([]any, len(claims))
	for i, c := range claims {
		names[i] = name(c.Key)
	}
	replies := make([]*redis.Cmd, len(claims))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.SAdd(ctx, claimsKey(self), names...)
		for i, c := range claims {
			replies[i] = p.Eval(ctx, claimScript, claimKeys(c), string(self))
		}
		p.SAdd(ctx, nodesKey, string(self))
		return nil
	})
	if err != nil {
		return nil, err
	}
	found := make([]cluster.Claimed, len(claims))
	for i, reply := range replies {
		if found[i], err = claimed(self, reply); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func claimKeys(c cluster.Claim) []string {
	name := name(c.Key)
	keys := []string{holdersKey(name)}
	if _, user := c.Key.User(); user {
		keys = append(keys, shownKey(name))
		if c.Turn {
			keys = append(keys, turnKey(name))
		}
	}
	return keys
}

// claimed reads what the script returned.
func claimed(self cluster.NodeID, reply *redis.Cmd) (c cluster.Claimed, err error) {
	values, err := reply.Slice()
	if err != nil {
		return c, err
	}
	var fresh, shown, turn int64
	var holders []any
	if len(values) == 4 {
		fresh, _ = values[0].(int64)
		shown, _ = values[1].(int64)
		turn, _ = values[2].(int64)
		holders, _ = values[3].([]any)
	}
	for _, holder := range holders {
		if node, _ := holder.(string); node != string(self) {
			c.Others = append(c.Others, cluster.NodeID(node))
		}
	}
	if len(holders) == len(c.Others) {
		return c, fmt.Errorf("redis answers a claim with %v, which is none", values)
	}
	slices.Sort(c.Others)
	c.Fresh, c.Shown, c.Turn = fresh == 1, shown == 1, uint64(turn)
	return c, nil
}

// Release is described at cluster.Presence. What is not noted as claimed any more is not claimed.
func (b *Bus) Release(ctx context.Context, self cluster.NodeID, keys []cluster.Key) error {
	if err := b.amI(self); err != nil {
		return err
	}
	for part := range slices.Chunk(keys, chunk) {
		names := make([]string, len(part))
		for i, key := range part {
			names[i] = name(key)
		}
		if err := b.release(ctx, self, names); err != nil {
			return failed(ctx, fmt.Sprintf("release %d keys", len(keys)), err)
		}
	}
	return nil
}

// release takes back a node's claims of what has these names.
func (b *Bus) release(ctx context.Context, node cluster.NodeID, names []string) error {
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, name := range names {
			p.SRem(ctx, holdersKey(name), string(node))
		}
		p.SRem(ctx, claimsKey(node), names)
		return nil
	})
	return err
}

// Locate is described at cluster.Presence.
func (b *Bus) Locate(ctx context.Context, keys []cluster.Key) ([][]cluster.NodeID, error) {
	found := make([][]cluster.NodeID, 0, len(keys))
	for part := range slices.Chunk(keys, chunk) {
		holders := make([]*redis.StringSliceCmd, len(part))
		_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, key := range part {
				holders[i] = p.SMembers(ctx, holdersKey(name(key)))
			}
			return nil
		})
		if err != nil {
			return nil, failed(ctx, fmt.Sprintf("locate %d keys", len(keys)), err)
		}
		for _, nodes := range holders {
			found = append(found, nodeIDs(nodes.Val()))
		}
	}
	return found, nil
}

// Hide is described at cluster.Presence.
func (b *Bus) Hide(ctx context.Context, users []cluster.Key) ([][]cluster.NodeID, error) {
	found := make([][]cluster.NodeID, 0, len(users))
	for part := range slices.Chunk(users, chunk) {
		holders := make([]*redis.StringSliceCmd, len(part))
		_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, user := range part {
				p.Del(ctx, shownKey(name(user)))
				holders[i] = p.SMembers(ctx, holdersKey(name(user)))
			}
			return nil
		})
		if err != nil {
			return nil, failed(ctx, fmt.Sprintf("hide %d users", len(users)), err)
		}
		for _, nodes := range holders {
			found = append(found, nodeIDs(nodes.Val()))
		}
	}
	return found, nil
}
