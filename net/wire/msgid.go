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
	AckID         MsgID = 11 // answers a request that failed; classic clients ignore it
)

// String is the published name of the message, as logs and metrics show it.
func (id MsgID) String() string {
	switch id {
	case LoginID:
		return "LOGIN"
	case LoginAckID:
		return "LOGIN_ACK"
	case LogoutID:
		return "LOGINOUT"
	case RegID:
		return "REG"
	case RegAckID:
		return "REG_ACK"
	case OneChatID:
		return "ONE_CHAT"
	case AddFriendID:
		return "ADD_FRIEND"
	case CreateGroupID:
		return "CREATE_GROUP"
	case AddGroupID:
		return "ADD_GROUP"
	case GroupChatID:
		return "GROUP_CHAT"
	case AckID:
		return "ACK"
	}
	return strconv.Itoa(int(id))
}
