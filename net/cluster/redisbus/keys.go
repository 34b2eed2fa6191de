package redisbus

import (
	"strconv"

	"chatserver/net/cluster"
	"chatserver/persistence"
)

// nodesKey is the set of the nodes that opened and were not buried, dead ones among them.
const nodesKey = "chat:nodes"

func leaseKey(node cluster.NodeID) string  { return "chat:lease:" + string(node) }
func claimsKey(node cluster.NodeID) string { return "chat:claims:" + string(node) }
func estateKey(node cluster.NodeID) string { return "chat:estate:" + string(node) }
func mailbox(node cluster.NodeID) string   { return "chat:mail:" + string(node) }

// The keys of one user or group have its name in braces, by which Redis Cluster keeps them together.

func holdersKey(name string) string { return "chat:{" + name + "}:at" }
func shownKey(name string) string   { return "chat:{" + name + "}:shown" }
func turnKey(name string) string    { return "chat:{" + name + "}:turn" }

// name writes a key as it stands in Redis: u42, g7.
func name(k cluster.Key) string {
	if group, ok := k.Group(); ok {
		return "g" + strconv.FormatInt(int64(group), 10)
	}
	return "u" + strconv.FormatInt(int64(k), 10)
}

// parse reads what name wrote; not ok: that names neither a user nor a group.
func parse(name string) (k cluster.Key, ok bool) {
	if len(name) > 1 {
		id, err := strconv.ParseInt(name[1:], 10, 64)
		switch {
		case err != nil:
		case name[0] == 'u' && isUser(id):
			return cluster.UserKey(persistence.UserID(id)), true
		case name[0] == 'g' && isGroup(id):
			return cluster.GroupKey(persistence.GroupID(id)), true
		}
	}
	return 0, false
}

func isUser(id int64) bool  { return id >= 1 && id <= int64(persistence.MaxUserID) }
func isGroup(id int64) bool { return id >= 1 && id <= int64(persistence.MaxGroupID) }
