package wire

import (
	"math"
	"strconv"
)

// Decode reads one object that a client sent on a connection in a dialect, with or without white
// space around it.
//
// A fault whose Close is set says that the bytes are no object: bad UTF-8, bad JSON, too deep.
// Any other is about a field, and the connection lives on. Re tells how to answer (see
// AppendReply and AppendRefusal), also a fault; its ID is 0 where the object does not say. Of a
// request that is refused, nothing is returned but that.
func Decode(object []byte, in Dialect) (Re, Request, *Fault) {
	var few [12]field // enough for most requests: no allocation
	list, fault := split(object, few[:0])
	if fault != nil && fault.Close != "" {
		return Re{In: in}, nil, fault
	}
	v := verdict{fault}
	f := fields{list, in, &v}
	id := f.msgid()
	f.in = f.dialect(id, in)
	re := Re{ID: id, In: f.in}
	if f.in == V2 {
		re.RID = f.rid()
	}
	request := f.request(id)
	if v.fault != nil {
		return re, nil, v.fault
	}
	return re, request, nil
}

// dialect is what a request speaks: what its connection does, or V2 where it asks for that.
func (f *fields) dialect(id MsgID, in Dialect) Dialect {
	if id != LoginID && id != RegID && id != HelloID || !f.has("v") {
		return in
	}
	v := Dialect(f.integer("v", 0, math.MaxInt32))
	switch {
	case v == V2:
	case v > V2 && id == HelloID:
	case v == Classic && in == Classic && id != HelloID:
	default:
		f.fail(Version, `this server speaks version 2: send "v":2`)
	}
	if v >= V2 {
		return V2
	}
	return in
}

// request reads the fields of the request that id names.
func (f *fields) request(id MsgID) Request {
	switch id {
	case LoginID:
		return f.login()
	case LogoutID:
		return Logout{f.as()}
	case RegID:
		return Reg{V: f.in, Name: f.text("name"), Password: f.sized("password", MinPassword, MaxPassword)}
	case OneChatID:
		return OneChat{As: f.as(), To: f.user("toid"), Msg: f.msg(), CID: f.cid()}
	case AddFriendID:
		return AddFriend{As: f.as(), Friend: f.user("friendid")}
	case CreateGroupID:
		return CreateGroup{As: f.as(), Name: f.text("groupname"), Desc: f.text("groupdesc")}
	case AddGroupID:
		return AddGroup{As: f.as(), Group: f.group()}
	case GroupChatID:
		return GroupChat{As: f.as(), Group: f.group(), Msg: f.msg(), CID: f.cid()}
	case HelloID:
		return f.hello()
	}
	if f.in == V2 {
		return f.requestV2(id)
	}
	if id > HelloID && int(id) < len(names) {
		f.fail(Unknown, id.String()+` is of version 2: send HELLO or LOGIN with "v":2 first`)
	}
	return f.unknown(id)
}

// requestV2 reads the requests that only V2 has.
func (f *fields) requestV2(id MsgID) Request {
	switch id {
	case SyncID:
		return f.sync()
	case MarkID:
		return f.mark()
	case TypingID:
		return f.typing()
	case PingID:
		return Ping{f.t()}
	case LookupID:
		return f.lookup()
	case FriendsID:
		return Friends{}
	case DelFriendID:
		return DelFriend{f.user("friendid")}
	case GroupsID:
		return Groups{}
	case MembersID:
		return Members{Group: f.group(), After: f.optional("after", 0, MaxID), Limit: f.limit()}
	case LeaveGroupID:
		return LeaveGroup{f.group()}
	case KickID:
		return Kick{f.group(), f.user("userid")}
	case SetRoleID:
		return SetRole{f.group(), f.user("userid"), f.word("role", "normal", "admin", "creator")}
	case BlockID:
		return Block{f.user("userid")}
	case UnblockID:
		return Unblock{f.user("userid")}
	case ConvsID:
		return f.convs()
	case PasswdID:
		return Passwd{f.password(), f.sized("newpassword", MinPassword, MaxPassword)}
	case TokensID:
		return Tokens{}
	case RevokeID:
		return Revoke{f.integer("token", 1, MaxTokenID)}
	case CloseAccountID:
		return CloseAccount{f.password()}
	case GroupSetID:
		return f.groupSet()
	case BanID:
		return Ban{f.group(), f.user("userid")}
	case UnbanID:
		return Unban{f.group(), f.user("userid")}
	case InviteID:
		return Invite{f.group(), f.user("userid")}
	}
	return f.unknown(id)
}

func (f *fields) unknown(id MsgID) Request {
	f.fail(Unknown, "no request has msgid "+strconv.Itoa(int(id)))
	return nil
}
