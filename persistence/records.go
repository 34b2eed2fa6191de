package persistence

import "time"

// User is an account as others may see it.
type User struct {
	ID   UserID
	Name string
}

// Credentials are what a login is checked against.
type Credentials struct {
	User
	Hash string // an argon2id hash with its own cost and salt
	Gen  uint64 // raised with every change of the password: a login by an earlier one is void
}

// Peer is an account as one other user sees it. Hides says that it blocks that user, to whom it
// is offline.
type Peer struct {
	User
	Hides bool
}

// TokenID names a token: 1..2⁶²−1.
type TokenID int64

// Token is a login that a device keeps. Only a hash of the secret itself is stored.
type Token struct {
	ID                     TokenID
	Device                 string
	Created, Used, Expires time.Time // to the millisecond; Used is the zero time before the first use
}

// Role is what a member may do in a group.
type Role string

// The roles of a group. Each group has exactly one creator.
const (
	Creator Role = "creator"
	Admin   Role = "admin"
	Normal  Role = "normal"
)

// Group is a group as its members see it.
type Group struct {
	ID         GroupID
	Name, Desc string
	Closed     bool // joined by those only who were invited
}

// GroupChange is what SetGroup changes; nil: that stays as it is. Key belongs to Name.
type GroupChange struct {
	Name, Desc *string
	Key        []byte
	Closed     *bool
}

// Leaving is a group that somebody left. Heir is its creator from then on, 0 where that did not change.
type Leaving struct {
	Group GroupID
	Heir  UserID
}

// Member is one user's place in a group. A row of somebody who left stays, with Gone set,
// so that whoever knew the group at a lower version can learn of it.
type Member struct {
	Peer
	Role  Role
	Since uint64 // may read what comes after this seq
	Ver   uint64 // the group's version at which this row last changed
	Gone  bool
}

// Membership is a group as one of its members finds it at login.
type Membership struct {
	Group
	Member          // the member itself
	Size   int      // how many members there are
	Others []Member // in the order of their ids; may be cut, see Users.Roster
}

// Roster is what a user sees at login, read at one moment.
type Roster struct {
	User
	Friends []Peer       // in the order they were added
	Groups  []Membership // in the order of their ids
	Blocks  []UserID     // whom the user blocks, in order
	Gen     uint64       // as in Credentials
}

// ConvState is one user's place in a conversation.
type ConvState struct {
	Conv      Conv
	Head      uint64 // the conversation's last seq
	Since     uint64 // what this user may read comes after it
	Delivered uint64 // the last seq handed to one of the user's devices
	Read      uint64 // the last seq the user has read

	// The other user's marks, in a direct conversation with somebody who does not block the user.
	PeerDelivered, PeerRead uint64
}

// Span is a part of a conversation: what comes after After, or where Before is not 0 what comes
// last before it. Both are exclusive. At most Limit messages.
type Span struct {
	After, Before uint64
	Limit         int
}

// Slice is a part of a conversation as a user may read it.
type Slice struct {
	Messages    []Message // in seq order
	Head, Since uint64
	More        bool // the conversation goes on in the direction of the Span
}

// Head says how far a conversation has come.
type Head struct {
	Conv Conv
	Seq  uint64
}

// Changes are what those have to hear of who may have missed it. Each is named once, in order.
type Changes struct {
	Heads  []Head    // of conversations in which a message was stored
	Groups []GroupID // whose memberships or roles changed
	Users  []UserID  // whose memberships, password, tokens or blocks changed, or who closed their account
}

// Draft is a message that somebody asks to store.
type Draft struct {
	Conv   Conv
	Sender UserID
	CID    string // names the message over all the sender's devices: 1..64 bytes, compared byte for byte
	Body   string
}

// Outcome is what became of a Draft.
type Outcome struct {
	Seq uint64
	At  time.Time // to the millisecond, by the store's clock
	Ver uint64    // the group's version the sender was checked against; 0 in a direct conversation
	Dup bool      // this cid was already stored; Seq and At are of the first time
	Err error     // why it was refused: ErrNotFound, ErrForbidden, ErrConflict; any other: its fate alone is unknown
}

// Message is one stored message.
type Message struct {
	Conv   Conv
	Seq    uint64
	Sender User
	CID    string
	Body   string
	At     time.Time // to the millisecond
}

// Mark moves a user's marks of one conversation forward. Zero leaves a mark as it is.
type Mark struct {
	User      UserID
	Conv      Conv
	Delivered uint64
	Read      uint64
}
