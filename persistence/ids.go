package persistence

import "fmt"

// UserID names an account: 1..2³¹−1.
type UserID int64

// GroupID names a group: 1..2⁶²−1.
type GroupID int64

// The largest ids there are. net/wire refuses larger ones; the Conv constructors check again.
const (
	MaxUserID  UserID  = 1<<31 - 1
	MaxGroupID GroupID = 1<<62 - 1
)

// Conv names a conversation: lo<<31|hi of a direct one's two user ids (lo ≤ hi, both
// equal for notes to oneself), 1<<62|id of a group's. Zero is no conversation.
type Conv int64

const groupBit Conv = 1 << 62

// Direct is the conversation of two users; the order of the arguments does not matter.
// It panics on an id out of range: such an id never passes net/wire.
func Direct(a, b UserID) Conv {
	if min(a, b) < 1 || max(a, b) > MaxUserID {
		panic(fmt.Sprintf("persistence: no direct conversation of users %d and %d", a, b))
	}
	return Conv(min(a, b))<<31 | Conv(max(a, b))
}

// GroupConv is a group's conversation. It panics on an id out of range.
func GroupConv(id GroupID) Conv {
	if id < 1 || id > MaxGroupID {
		panic(fmt.Sprintf("persistence: no conversation of group %d", id))
	}
	return groupBit | Conv(id)
}

// Group returns the group whose conversation c is, and whether it is one.
func (c Conv) Group() (GroupID, bool) {
	return GroupID(c &^ groupBit), c&groupBit != 0
}

// Users returns the two users of a direct conversation, the lower id first.
func (c Conv) Users() (lo, hi UserID) {
	return UserID(c >> 31), UserID(c) & MaxUserID
}

// Peer returns the other user of a direct conversation, or user itself in its notes to itself.
func (c Conv) Peer(user UserID) UserID {
	lo, hi := c.Users()
	if lo == user {
		return hi
	}
	return lo
}

// String shows the conversation in logs: "7:42" or "g:7".
func (c Conv) String() string {
	if id, ok := c.Group(); ok {
		return fmt.Sprintf("g:%d", id)
	}
	lo, hi := c.Users()
	return fmt.Sprintf("%d:%d", lo, hi)
}
