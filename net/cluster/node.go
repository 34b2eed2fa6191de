package cluster

import (
	"strings"

	"chatserver/persistence"
)

// NodeID names one run of a node: NAME/RUN.
type NodeID string

// NewNodeID names the run of the node called name. Neither has a slash; run is random.
func NewNodeID(name, run string) NodeID { return NodeID(name + "/" + run) }

// Name is the node's, the same for all its runs.
func (n NodeID) Name() string {
	name, _, _ := strings.Cut(string(n), "/")
	return name
}

// Key is what nodes claim: a user or a group.
type Key int64

// UserKey is the key of a user, GroupKey that of a group.
func UserKey(id persistence.UserID) Key   { return Key(id) }
func GroupKey(id persistence.GroupID) Key { return Key(persistence.GroupConv(id)) }

// Group returns the group that k is the key of, User the user.
func (k Key) Group() (persistence.GroupID, bool) { return persistence.Conv(k).Group() }
func (k Key) User() (persistence.UserID, bool) {
	_, group := k.Group()
	return persistence.UserID(k), !group
}
