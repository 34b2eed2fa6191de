package wire

import "time"

// Reply is one object that the server sends, decoded.
type Reply interface{ MsgID() MsgID }

type (
	// RegAck says that an account was made.
	RegAck struct{ ID int64 }
	// Refused says that a request failed, which one is for its Re to say.
	Refused struct {
		Fault Fault // Close is never set: the server does not say
	}
)

// What a V2 session is sent. All times are to the millisecond.
type (
	// HelloAck answers HELLO.
	HelloAck struct {
		V      Dialect // the highest that both sides serve
		Node   string
		Time   time.Time
		Limits Limits
		Login  string // the node's login policy: multi, reject or replace
	}
	// Limits are what a client has to keep to.
	Limits struct {
		Msg   int // bytes of a message
		Frame int // bytes of an object
		Rate  int // requests a second; 0 for no limit
	}
	// Welcome answers a V2 LOGIN that succeeded.
	Welcome struct {
		ID           int64
		Name         string
		Token        string // logs in the next time; good until its own successor was used
		TokenExpires time.Time
		Session      string
		Limits       Limits
		Friends      []Peer
		Epoch        string // another one than before: all positions that the client keeps are void
		Groups       []Membership
		Convs        []ConvState // in the order of their Conv; the first 200
		More         bool        // CONVS has the rest
	}
	// Membership is a group as one of its members finds it.
	Membership struct {
		ID      int64
		Name    string
		Desc    string
		Role    string
		Join    string // open or invite
		Members int    // how many there are
	}
	// ConvState is how far a conversation has come, and its user in it. The peer's marks are told
	// in direct conversations, as far as the peer lets them be known.
	ConvState struct {
		Conv          Conv
		Head          uint64
		Since         uint64
		Delivered     uint64
		Read          uint64
		PeerDelivered uint64
		PeerRead      uint64
	}
	// SyncAck answers SYNC: messages in the order of Seq, none above Head.
	SyncAck struct {
		Conv        Conv
		Msgs        []Push
		Head, Since uint64
		More        bool // there are more in the direction that was asked for
	}
	// Pong answers PING.
	Pong struct{ T RawJSON }
)

// What ACK says to a request that was done, by the request.
type (
	// Done is of all requests that are not named below.
	Done struct{}
	// Stored is of ONE_CHAT and GROUP_CHAT.
	Stored struct {
		Seq uint64
		At  time.Time
		Dup bool // the cid was stored before
	}
	// Found is of LOOKUP.
	Found struct {
		User Peer
	}
	// Befriended is of ADD_FRIEND.
	Befriended struct {
		Friend Peer
	}
	// Founded is of CREATE_GROUP.
	Founded struct {
		Group int64
		Since uint64
	}
	// Joined is of ADD_GROUP.
	Joined struct {
		Group JoinedGroup
	}
	// JoinedGroup is a group with what its new member may read: what comes after Since.
	JoinedGroup struct {
		Membership
		Since uint64
		Head  uint64
	}
	// FriendList is of FRIENDS.
	FriendList struct {
		Friends []Peer
	}
	// GroupList is of GROUPS.
	GroupList struct {
		Groups []Membership
	}
	// MemberList is of MEMBERS.
	MemberList struct {
		Members []Peer
		More    bool
	}
	// ConvList is of CONVS.
	ConvList struct {
		Convs []ConvState
		More  bool
	}
	// TokenList is of TOKENS.
	TokenList struct {
		Tokens []Token
	}
	// Token is a login that a device keeps. On the wire its times are Unix milliseconds.
	Token struct {
		ID                     int64
		Device                 string
		Created, Used, Expires time.Time
	}
)

// What a V2 session is told without asking. But for GoAway they are hints and may be lost.
type (
	// Marked says how far the other side of a direct conversation, or the user itself by another
	// session, has come.
	Marked struct {
		Conv            Conv
		ID              int64 // whose marks they are
		Delivered, Read uint64
	}
	// Presence says that a friend came or went.
	Presence struct {
		ID     int64
		Online bool
	}
	// Typed says that a user is writing in a conversation.
	Typed struct {
		Conv Conv  // from the receiver's side
		ID   int64 // who is writing
		To   int64 // the receiver, where Conv is direct; 0: it is not told
	}
	// GoAway asks the client to connect again after a random time of up to After.
	GoAway struct {
		Reason Reason
		After  time.Duration
	}
	// Event says that something changed. Which fields are set depends on Kind.
	Event struct {
		Kind  EventKind
		ID    int64 // the user it is about
		By    int64 // the user who did it, where that is another one
		Group int64
		Role  string // the new one
	}
)

// EventKind says what an Event is about.
type EventKind string

// The events. Those of a group go to all its members, and to the user that it is about.
const (
	FriendAdded  EventKind = "friend_added"  // By put ID on its list
	GroupJoined  EventKind = "group_joined"  // ID is in Group now
	GroupLeft    EventKind = "group_left"    // ID left; without an ID the group was ended
	GroupKicked  EventKind = "group_kicked"  // By removed ID
	GroupInvited EventKind = "group_invited" // By lets ID join Group; only ID is told
	GroupChanged EventKind = "group_changed" // Group has another name, description or way to join
	RoleChanged  EventKind = "role_changed"  // ID has Role now
	Kicked       EventKind = "kicked"        // this session is ended: a later login took its place, or its login was revoked
)

func (RegAck) MsgID() MsgID     { return RegAckID }
func (Refused) MsgID() MsgID    { return AckID } // a LOGIN's and a REG's come in their own acknowledgements
func (LoginAck) MsgID() MsgID   { return LoginAckID }
func (p Push) MsgID() MsgID     { return p.Kind }
func (HelloAck) MsgID() MsgID   { return HelloID }
func (Welcome) MsgID() MsgID    { return LoginAckID }
func (SyncAck) MsgID() MsgID    { return SyncAckID }
func (Pong) MsgID() MsgID       { return PongID }
func (Done) MsgID() MsgID       { return AckID }
func (Stored) MsgID() MsgID     { return AckID }
func (Found) MsgID() MsgID      { return AckID }
func (Befriended) MsgID() MsgID { return AckID }
func (Founded) MsgID() MsgID    { return AckID }
func (Joined) MsgID() MsgID     { return AckID }
func (FriendList) MsgID() MsgID { return AckID }
func (GroupList) MsgID() MsgID  { return AckID }
func (MemberList) MsgID() MsgID { return AckID }
func (ConvList) MsgID() MsgID   { return AckID }
func (TokenList) MsgID() MsgID  { return AckID }
func (Marked) MsgID() MsgID     { return MarkID }
func (Presence) MsgID() MsgID   { return PresenceID }
func (Typed) MsgID() MsgID      { return TypingID }
func (GoAway) MsgID() MsgID     { return GoAwayID }
func (Event) MsgID() MsgID      { return EventID }
