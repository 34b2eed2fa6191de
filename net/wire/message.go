package wire

import "time"

// The protocol's bounds on what a client sends.
const (
	MaxObject   = 64 << 10 // bytes of one object
	MaxDepth    = 16       // nested objects and arrays, the object itself counted
	MaxMsg      = 8192     // bytes of a message
	MinPassword = 6        // bytes, for new accounts
	MaxPassword = 128      // bytes
	MaxID       = 1<<31 - 1
	MaxGroupID  = 1<<62 - 1
)

// Request is one object that a client sent, decoded and within its bounds:
// Login, Logout, Reg, OneChat, AddFriend, CreateGroup, AddGroup, GroupChat.
type Request interface{ MsgID() MsgID }

// As is embedded in the requests that may carry the sender's own id. Zero: it carried none.
type As struct{ ID int64 }

// Claimed is who the request says it comes from, 0 where it does not say.
func (a As) Claimed() int64 { return a.ID }

type (
	// Login asks to become a user. V is the protocol version asked for, 0 for classic; with a V,
	// nothing else is read.
	Login struct {
		V        int
		ID       int64
		Password string
	}
	// Logout ends the login, not the connection.
	Logout struct{ As }
	// Reg asks for a new account. V is as in Login.
	Reg struct {
		V              int
		Name, Password string
	}
	// OneChat is a message to a user.
	OneChat struct {
		As
		To  int64
		Msg string
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
	// GroupChat is a message to a group.
	GroupChat struct {
		As
		Group int64
		Msg   string
	}
)

func (Login) MsgID() MsgID       { return LoginID }
func (Logout) MsgID() MsgID      { return LogoutID }
func (Reg) MsgID() MsgID         { return RegID }
func (OneChat) MsgID() MsgID     { return OneChatID }
func (AddFriend) MsgID() MsgID   { return AddFriendID }
func (CreateGroup) MsgID() MsgID { return CreateGroupID }
func (AddGroup) MsgID() MsgID    { return AddGroupID }
func (GroupChat) MsgID() MsgID   { return GroupChatID }

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
