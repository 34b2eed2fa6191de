package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// Decode reads one object that a client sent, with or without white space around it.
//
// A fault whose Close is set says that the bytes are no object: bad UTF-8, bad JSON, too deep.
// Any other is about a field, and the connection lives on. The MsgID tells how to answer it
// (see AppendRefusal); it is 0 where the object does not say. Of a request that is refused,
// nothing is returned but that.
func Decode(object []byte) (MsgID, Request, *Fault) {
	object = bytes.Trim(object, " \n\t\r")
	switch {
	case !utf8.Valid(object):
		return 0, nil, broken("send UTF-8")
	case !json.Valid(object) || object[0] != '{':
		return 0, nil, broken("send JSON objects")
	}
	var few [12]field // enough for any request: no allocation
	list, fault := split(object, few[:0])
	if fault != nil && fault.Close != "" {
		return 0, nil, fault
	}
	v := verdict{fault}
	f := fields{list, &v}
	id := MsgID(f.integer("msgid", math.MinInt, math.MaxInt))
	request := f.request(id)
	if v.fault != nil {
		return id, nil, v.fault
	}
	return id, request, nil
}

// request reads the fields of the request that id names.
func (f *fields) request(id MsgID) Request {
	switch id {
	case LoginID:
		return f.login()
	case LogoutID:
		return Logout{f.as()}
	case RegID:
		return f.reg()
	case OneChatID:
		return OneChat{As: f.as(), To: f.user("toid"), Msg: f.msg()}
	case AddFriendID:
		return AddFriend{As: f.as(), Friend: f.user("friendid")}
	case CreateGroupID:
		return CreateGroup{As: f.as(), Name: f.text("groupname"), Desc: f.text("groupdesc")}
	case AddGroupID:
		return AddGroup{As: f.as(), Group: f.group()}
	case GroupChatID:
		return GroupChat{As: f.as(), Group: f.group(), Msg: f.msg()}
	}
	f.fail(Unknown, "no request has msgid "+strconv.Itoa(int(id)))
	return nil
}

// login reads no more than the version where one is asked for: what else the request holds is
// that version's to say.
func (f *fields) login() Login {
	if v := f.version(); v != 0 {
		return Login{V: v}
	}
	return Login{ID: f.user("id"), Password: f.password(0)}
}

func (f *fields) reg() Reg {
	if v := f.version(); v != 0 {
		return Reg{V: v}
	}
	return Reg{Name: f.text("name"), Password: f.password(MinPassword)}
}

// version is the protocol version asked for, 0 where the request does not say.
func (f *fields) version() int {
	if f.get("v") == nil {
		return 0
	}
	return int(f.integer("v", 0, math.MaxInt32))
}

// as is who the request says it comes from. It need not say.
func (f *fields) as() As {
	if f.get("id") == nil {
		return As{}
	}
	return As{f.user("id")}
}

func (f *fields) user(name string) int64 { return f.integer(name, 1, MaxID) }

func (f *fields) group() int64 { return f.integer("groupid", 1, MaxGroupID) }

// msg is the text of a message, 1..MaxMsg bytes.
func (f *fields) msg() string {
	msg := f.text("msg")
	switch {
	case msg == "":
		f.fail(Invalid, "msg must not be empty")
	case len(msg) > MaxMsg:
		f.fail(TooLarge, "msg may have "+strconv.Itoa(MaxMsg)+" bytes")
	}
	return msg
}

// password is of least..MaxPassword bytes.
func (f *fields) password(least int) string {
	password := f.text("password")
	if len(password) < least || len(password) > MaxPassword {
		f.fail(Invalid, "password must have "+strconv.Itoa(least)+" to "+strconv.Itoa(MaxPassword)+" bytes")
	}
	return password
}
