package wire

import (
	"fmt"
	"math"
	"time"
)

// DecodeReply reads one object that the server sent on a connection in a dialect. Re says which
// request it answers; it is zero where none asked for it. Times are in the local zone. An error
// that is a *Fault with Unknown names a msgid that a client had better skip, since later servers
// may send it; any other means that the server is broken.
func DecodeReply(object []byte, in Dialect) (Re, Reply, error) {
	var few [16]field // enough for any reply: no allocation
	list, fault := split(object, few[:0])
	v := verdict{fault}
	f := fields{list, in, &v}
	id := f.msgid()
	re := f.answered(id)
	reply := f.reply(id, re.ID)
	switch {
	case v.fault != nil:
		return Re{}, nil, fmt.Errorf("decode reply %v: %s", id, v.fault.Text)
	case reply == nil:
		return Re{}, nil, &Fault{Errno: Unknown, Text: fmt.Sprintf("no reply has msgid %d", id)}
	}
	return re, reply, nil
}

// answered is the request that an object answers.
func (f *fields) answered(id MsgID) Re {
	re := Re{In: f.in}
	switch id {
	case LoginAckID:
		re.ID = LoginID
	case RegAckID:
		re.ID = RegID
	case AckID:
		re.ID = MsgID(f.optional("re", math.MinInt, math.MaxInt))
	case HelloID:
		re.ID = HelloID
	case SyncAckID:
		re.ID = SyncID
	case PongID:
		re.ID = PingID
	default:
		return Re{}
	}
	re.RID = f.rid()
	return re
}

// reply reads the fields of what the server sent, nil where id is not known.
func (f *fields) reply(id, re MsgID) Reply {
	switch id {
	case OneChatID, GroupChatID:
		return f.push()
	case AckID, LoginAckID, RegAckID:
		return f.outcome(id, re)
	case HelloID:
		return HelloAck{Dialect(f.integer("v", 0, math.MaxInt32)), f.text("node"), f.time("time"), f.limits(), f.text("login")}
	case SyncAckID:
		return SyncAck{f.conv("conv"), each(f, "msgs", (*fields).push), f.seq("head"), f.seq("since"), f.flag("more")}
	case PongID:
		return Pong{f.t()}
	case MarkID:
		return Marked{f.conv("conv"), f.user("id"), f.optionalSeq("delivered", 0), f.optionalSeq("read", 0)}
	case PresenceID:
		return Presence{f.user("id"), f.online()}
	case TypingID:
		return f.typed()
	case GoAwayID:
		return GoAway{Reason(f.text("reason")), f.wait("after_ms")}
	case EventID:
		return Event{EventKind(f.text("kind")), f.optional("id", 1, MaxID), f.optional("by", 1, MaxID),
			f.optional("groupid", 1, MaxGroupID), f.optionalText("role")}
	}
	return nil
}

// outcome is how a request ended that is answered with an errno.
func (f *fields) outcome(id, re MsgID) Reply {
	switch errno := Errno(f.integer("errno", 0, math.MaxInt32)); {
	case errno != OK:
		return Refused{Fault{Errno: errno, Text: f.optionalText("errmsg"), Retry: f.wait("retry_ms")}}
	case id == RegAckID:
		return RegAck{f.user("id")}
	case id == AckID:
		return f.result(re)
	case f.in == V2:
		return f.welcome()
	}
	return LoginAck{f.user("id"), f.text("name"), each(f, "friends", (*fields).peer),
		each(f, "groups", (*fields).classicGroup), each(f, "offlinemsg", (*fields).push)}
}

// result is what an ACK says of a request that was done.
func (f *fields) result(re MsgID) Reply {
	switch re {
	case OneChatID, GroupChatID:
		return Stored{f.seq("seq"), f.time("ts"), f.flag("dup")}
	case LookupID:
		return Found{inner(f, "user", (*fields).peer)}
	case AddFriendID:
		return Befriended{inner(f, "friend", (*fields).peer)}
	case CreateGroupID:
		return Founded{f.group(), f.seq("since")}
	case AddGroupID:
		return Joined{inner(f, "group", (*fields).joined)}
	case FriendsID:
		return FriendList{each(f, "friends", (*fields).peer)}
	case GroupsID:
		return GroupList{each(f, "groups", (*fields).membership)}
	case MembersID:
		return MemberList{each(f, "members", (*fields).peer), f.flag("more")}
	case ConvsID:
		return ConvList{each(f, "convs", (*fields).convState), f.flag("more")}
	case TokensID:
		return TokenList{each(f, "tokens", (*fields).token)}
	}
	return Done{}
}

func (f *fields) push() Push {
	p := Push{Kind: f.msgid(), From: f.user("id"), Name: f.text("name"), Msg: f.text("msg"),
		CID: f.text("cid"), Seq: f.seq("seq"), At: f.time("ts")}
	switch p.Kind {
	case OneChatID:
		p.To = f.user("toid")
	case GroupChatID:
		p.To = f.group()
	default:
		f.fail(Invalid, "msgid must be that of a message")
	}
	return p
}

// time reads Unix milliseconds.
func (f *fields) time(name string) time.Time {
	return time.UnixMilli(f.integer(name, math.MinInt64, math.MaxInt64))
}

// wait reads milliseconds, 0 where they are missing.
func (f *fields) wait(name string) time.Duration {
	return time.Duration(f.optional(name, 0, math.MaxInt32)) * time.Millisecond
}

func (f *fields) online() bool { return f.word("state", "online", "offline") == "online" }
