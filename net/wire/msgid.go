package wire

import "strconv"

// MsgID selects what an object is.
type MsgID int

// The classic messages. Their numbers and fields are fixed.
const (
	LoginID       MsgID = 1
	LoginAckID    MsgID = 2
	LogoutID      MsgID = 3
	RegID         MsgID = 4
	RegAckID      MsgID = 5
	OneChatID     MsgID = 6
	AddFriendID   MsgID = 7
	CreateGroupID MsgID = 8
	AddGroupID    MsgID = 9
	GroupChatID   MsgID = 10
	AckID         MsgID = 11 // answers a request, in classic one that failed; classic clients ignore it
)

// The messages of v2.
const (
	HelloID        MsgID = 12
	SyncID         MsgID = 13
	SyncAckID      MsgID = 14
	MarkID         MsgID = 15
	PresenceID     MsgID = 16
	TypingID       MsgID = 17
	PingID         MsgID = 18
	PongID         MsgID = 19
	GoAwayID       MsgID = 20
	LookupID       MsgID = 21
	FriendsID      MsgID = 22
	DelFriendID    MsgID = 23
	GroupsID       MsgID = 24
	MembersID      MsgID = 25
	LeaveGroupID   MsgID = 26
	KickID         MsgID = 27
	SetRoleID      MsgID = 28
	BlockID        MsgID = 29
	UnblockID      MsgID = 30
	ConvsID        MsgID = 31
	PasswdID       MsgID = 32
	EventID        MsgID = 33
	TokensID       MsgID = 34
	RevokeID       MsgID = 35
	CloseAccountID MsgID = 36
	GroupSetID     MsgID = 37
	BanID          MsgID = 38
	UnbanID        MsgID = 39
	InviteID       MsgID = 40
)

// names are the published names of the messages, by their numbers.
var names = [...]string{
	LoginID:        "LOGIN",
	LoginAckID:     "LOGIN_ACK",
	LogoutID:       "LOGINOUT",
	RegID:          "REG",
	RegAckID:       "REG_ACK",
	OneChatID:      "ONE_CHAT",
	AddFriendID:    "ADD_FRIEND",
	CreateGroupID:  "CREATE_GROUP",
	AddGroupID:     "ADD_GROUP",
	GroupChatID:    "GROUP_CHAT",
	AckID:          "ACK",
	HelloID:        "HELLO",
	SyncID:         "SYNC",
	SyncAckID:      "SYNC_ACK",
	MarkID:         "MARK",
	PresenceID:     "PRESENCE",
	TypingID:       "TYPING",
	PingID:         "PING",
	PongID:         "PONG",
	GoAwayID:       "GOAWAY",
	LookupID:       "LOOKUP",
	FriendsID:      "FRIENDS",
	DelFriendID:    "DEL_FRIEND",
	GroupsID:       "GROUPS",
	MembersID:      "MEMBERS",
	LeaveGroupID:   "LEAVE_GROUP",
	KickID:         "KICK",
	SetRoleID:      "SET_ROLE",
	BlockID:        "BLOCK",
	UnblockID:      "UNBLOCK",
	ConvsID:        "CONVS",
	PasswdID:       "PASSWD",
	EventID:        "EVENT",
	TokensID:       "TOKENS",
	RevokeID:       "REVOKE",
	CloseAccountID: "CLOSE_ACCOUNT",
	GroupSetID:     "GROUP_SET",
	BanID:          "BAN",
	UnbanID:        "UNBAN",
	InviteID:       "INVITE",
}

// String is the published name of the message, as logs and metrics show it.
func (id MsgID) String() string {
	if id > 0 && int(id) < len(names) {
		return names[id]
	}
	return strconv.Itoa(int(id))
}
