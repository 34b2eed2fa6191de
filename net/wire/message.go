package wire

import "time"

// The protocol's bounds on what a client sends.
const (
	MaxObject   = 64 << 10 // bytes of one object
	MaxDepth    = 16       // nested objects and arrays, the object itself counted
	MaxMsg      = 8192     // bytes of a message
	MinPassword = 6        // bytes, for new accounts
	MaxPassword = 128      // bytes
	MaxCID      = 64       // bytes
	MaxRID      = 64       // bytes, where it is a string
	MaxDevice   = 64       // bytes
	MaxPing     = 64       // bytes of PING's t, as sent
	MaxID       = 1<<31 - 1
	MaxGroupID  = 1<<62 - 1
	MaxTokenID  = 1<<62 - 1
	MaxSeq      = 1<<63 - 1

	MaxLimit     = 500       // items of a list that come at once
	DefaultLimit = 100       // where the client does not say
	MaxSync      = 256 << 10 // bytes of the messages of a SYNC_ACK, but for a single one
)

// Dialect is how a connection speaks: classic until its client asks for V2.
type Dialect int

// The dialects. V2 is what the "v" of LOGIN, REG and HELLO says.
const (
	Classic Dialect = 0
	V2      Dialect = 2
)

// Re is what a reply has to say of its request.
type Re struct {
	ID  MsgID   // 0 where the request did not say
	RID RID     // "" where it carried none
	In  Dialect // that the request was sent in, and its reply is written in
}

// RID is what a client marks a request with, to know its reply by: a string of up to 64 bytes or
// an integer, as the JSON that was sent.
type RID string

// Request is one object that a client sent, decoded and within its bounds.
type Request interface{ MsgID() MsgID }

// As is embedded in the requests that may carry the sender's own id. Zero: it carried none.
type As struct{ ID int64 }

// Claimed is who the request says it comes from, 0 where it does not say.
func (a As) Claimed() int64 { return a.ID }

// The requests of both dialects.
type (
	// Login asks to become a user. Classic has ID and Password only; in V2 there is either ID or
	// Name with Password, or Token alone.
	Login struct {
		V        Dialect
		ID       int64
		Name     string
		Password string
		Token    string
		Device   string // 1..64 bytes, names this installation; "": it does not say
	}
	// Logout ends the login, not the connection.
	Logout struct{ As }
	// Reg asks for a new account.
	Reg struct {
		V              Dialect
		Name, Password string
	}
	// OneChat is a message to a user. CID is of V2 only: 1..64 bytes that name the message.
	OneChat struct {
		As
		To  int64
		Msg string
		CID string
	}
	// AddFriend puts a user on the sender's list.
	AddFriend struct {
		As
		Friend int64
	}
	// CreateGroup makes a group. Whether name and description will do is the server's to decide.
	CreateGroup struct {
		As
		Name, Desc string
	}
	// AddGroup joins a group.
	AddGroup struct {
		As
		Group int64
	}
	// GroupChat is a message to a group. CID is as in OneChat.
	GroupChat struct {
		As
		Group int64
		Msg   string
		CID   string
	}
)

// The requests of V2.
type (
	// Hello asks which version both sides speak, and what this server is like. V is at least V2.
	Hello struct{ V Dialect }
	// Sync reads messages of a conversation: those after After, or where Before is not 0 the last
	// ones before it. Both are exclusive. Limit is 1..500.
	Sync struct {
		Conv          Conv
		After, Before uint64
		Limit         int
	}
	// Mark says how far its user has come in a conversation. 0: nothing is said of it.
	Mark struct {
		Conv            Conv
		Delivered, Read uint64
	}
	// Typing says that its user is writing.
	Typing struct{ Conv Conv }
	// Ping asks for a Pong with the same T, any JSON that is no array and no object of up to 64 bytes; "": none.
	Ping struct{ T RawJSON }
	// Lookup finds a user by ID or by Name; the other one is zero.
	Lookup struct {
		ID   int64
		Name string
	}
	Friends   struct{}
	DelFriend struct{ Friend int64 }
	Groups    struct{}
	// Members lists a group's members with ids above After. Limit is 1..500.
	Members struct {
		Group, After int64
		Limit        int
	}
	LeaveGroup struct{ Group int64 }
	Kick       struct{ Group, User int64 }
	// SetRole makes a member "normal", "admin" or "creator".
	SetRole struct {
		Group, User int64
		Role        string
	}
	Block   struct{ User int64 }
	Unblock struct{ User int64 }
	// Convs lists the conversations behind After, the zero Conv for all. Limit is 1..500.
	Convs struct {
		After Conv
		Limit int
	}
	Passwd       struct{ Password, New string }
	Tokens       struct{}
	Revoke       struct{ Token int64 }
	CloseAccount struct{ Password string }
	// GroupSet changes a group. nil: that stays as it is. Join is "open" or "invite". At least one is set.
	GroupSet struct {
		Group            int64
		Name, Desc, Join *string
		Delete           bool
	}
	Ban    struct{ Group, User int64 }
	Unban  struct{ Group, User int64 }
	Invite struct{ Group, User int64 }
)

// RawJSON is a JSON value as it was sent.
type RawJSON string

func (Login) MsgID() MsgID        { return LoginID }
func (Logout) MsgID() MsgID       { return LogoutID }
func (Reg) MsgID() MsgID          { return RegID }
func (OneChat) MsgID() MsgID      { return OneChatID }
func (AddFriend) MsgID() MsgID    { return AddFriendID }
func (CreateGroup) MsgID() MsgID  { return CreateGroupID }
func (AddGroup) MsgID() MsgID     { return AddGroupID }
func (GroupChat) MsgID() MsgID    { return GroupChatID }
func (Hello) MsgID() MsgID        { return HelloID }
func (Sync) MsgID() MsgID         { return SyncID }
func (Mark) MsgID() MsgID         { return MarkID }
func (Typing) MsgID() MsgID       { return TypingID }
func (Ping) MsgID() MsgID         { return PingID }
func (Lookup) MsgID() MsgID       { return LookupID }
func (Friends) MsgID() MsgID      { return FriendsID }
func (DelFriend) MsgID() MsgID    { return DelFriendID }
func (Groups) MsgID() MsgID       { return GroupsID }
func (Members) MsgID() MsgID      { return MembersID }
func (LeaveGroup) MsgID() MsgID   { return LeaveGroupID }
func (Kick) MsgID() MsgID         { return KickID }
func (SetRole) MsgID() MsgID      { return SetRoleID }
func (Block) MsgID() MsgID        { return BlockID }
func (Unblock) MsgID() MsgID      { return UnblockID }
func (Convs) MsgID() MsgID        { return ConvsID }
func (Passwd) MsgID() MsgID       { return PasswdID }
func (Tokens) MsgID() MsgID       { return TokensID }
func (Revoke) MsgID() MsgID       { return RevokeID }
func (CloseAccount) MsgID() MsgID { return CloseAccountID }
func (GroupSet) MsgID() MsgID     { return GroupSetID }
func (Ban) MsgID() MsgID          { return BanID }
func (Unban) MsgID() MsgID        { return UnbanID }
func (Invite) MsgID() MsgID       { return InviteID }

// Push is a stored message on its way to a user. Its bytes are the same for every session.
type Push struct {
	Kind MsgID // OneChatID or GroupChatID
	From int64
	Name string    // the sender's registered name
	To   int64     // a user or a group, as Kind says
	Msg  string    // valid UTF-8
	CID  string    // valid UTF-8
	Seq  uint64    // in its conversation
	At   time.Time // to the millisecond; its zone is the one that "time" is rendered in
}

// LoginAck is the answer to a LOGIN that succeeded.
type LoginAck struct {
	ID      int64
	Name    string
	Friends []Peer
	Groups  []Group
	Offline []Push // oldest first
}

// Peer is somebody as others see them. Role is set for members of a group only.
type Peer struct {
	ID     int64
	Name   string
	Online bool
	Role   string
}

// Group is a group in a LoginAck. Its users start with the one who logged in.
type Group struct {
	ID         int64
	Name, Desc string
	Users      []Peer
}
