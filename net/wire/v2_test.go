package wire_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"chatserver/net/wire"
)

// to is what answers a V2 request.
func to(id wire.MsgID) wire.Re { return wire.Re{ID: id, RID: `"r"`, In: wire.V2} }

var (
	odd    = "\"\\\x00\n€😀\u2028 }"
	stored = wire.Stored{Seq: 8, At: sentAt}
	bob    = wire.Peer{ID: 2, Name: odd, Online: true}
	member = wire.Membership{ID: 7, Name: odd, Desc: odd, Role: "admin", Join: "invite", Members: 3}
	talk   = wire.ConvState{Conv: wire.WithUser(2), Head: 9, Since: 1, Delivered: 8, Read: 7, PeerDelivered: 6, PeerRead: 5}
	room   = wire.ConvState{Conv: wire.InGroup(wire.MaxGroupID), Head: wire.MaxSeq}
	limits = wire.Limits{Msg: 8192, Frame: 65536, Rate: 50}
)

// requestsOfV2 are all requests as a V2 session sends them, with all fields and with the least.
func requestsOfV2() []wire.Request {
	name, desc, join := odd, "", "open"
	u2, g7 := wire.WithUser(2), wire.InGroup(7)
	return []wire.Request{
		wire.Login{V: wire.V2, ID: 13, Password: odd, Device: odd},
		wire.Login{V: wire.V2, Name: odd, Password: ""},
		wire.Login{V: wire.V2, Token: odd},
		wire.Logout{As: wire.As{ID: 13}},
		wire.Logout{},
		wire.Reg{V: wire.V2, Name: odd, Password: odd},
		wire.OneChat{As: wire.As{ID: 1}, To: wire.MaxID, Msg: odd, CID: odd},
		wire.AddFriend{Friend: 2},
		wire.CreateGroup{Name: odd, Desc: odd},
		wire.AddGroup{Group: wire.MaxGroupID},
		wire.GroupChat{Group: 7, Msg: odd, CID: strings.Repeat("€", 21) + "x"},
		wire.Hello{V: wire.V2},
		wire.Hello{V: 9},
		wire.Sync{Conv: u2, Limit: 100},
		wire.Sync{Conv: g7, After: wire.MaxSeq, Limit: 1},
		wire.Sync{Conv: g7, Before: 1, Limit: 500},
		wire.Mark{Conv: u2, Delivered: 1},
		wire.Mark{Conv: g7, Read: wire.MaxSeq},
		wire.Typing{Conv: u2},
		wire.Typing{Conv: g7},
		wire.Ping{},
		wire.Ping{T: `"\ud800 "`},
		wire.Lookup{ID: 2},
		wire.Lookup{Name: odd},
		wire.Friends{},
		wire.DelFriend{Friend: 2},
		wire.Groups{},
		wire.Members{Group: 7, After: 2, Limit: 10},
		wire.LeaveGroup{Group: 7},
		wire.Kick{Group: 7, User: 2},
		wire.SetRole{Group: 7, User: 2, Role: "creator"},
		wire.Block{User: 2},
		wire.Unblock{User: 2},
		wire.Convs{Limit: 100},
		wire.Convs{After: g7, Limit: 200},
		wire.Passwd{Password: "", New: odd},
		wire.Tokens{},
		wire.Revoke{Token: wire.MaxTokenID},
		wire.CloseAccount{Password: odd},
		wire.GroupSet{Group: 7, Name: &name, Desc: &desc, Join: &join},
		wire.GroupSet{Group: 7, Desc: &desc},
		wire.GroupSet{Group: 7, Delete: true},
		wire.Ban{Group: 7, User: 2},
		wire.Unban{Group: 7, User: 2},
		wire.Invite{Group: 7, User: 2},
	}
}

// answer is a reply with what it answers.
type answer struct {
	re    wire.Re
	reply wire.Reply
}

// answersOfV2 are all objects that AppendReply makes.
func answersOfV2() []answer {
	return []answer{
		{to(wire.RegID), wire.RegAck{ID: 13}},
		{to(wire.HelloID), wire.HelloAck{V: wire.V2, Node: odd, Time: sentAt, Limits: limits, Login: "multi"}},
		{to(wire.LoginID), wire.Welcome{ID: 1, Name: "ann", Token: "t", TokenExpires: sentAt, Session: "s", Limits: limits,
			Friends: []wire.Peer{bob, {ID: 3}}, Epoch: "e", Groups: []wire.Membership{member},
			Convs: []wire.ConvState{talk, room}, More: true}},
		{wire.Re{ID: wire.LoginID, In: wire.V2}, wire.Welcome{ID: 1, Name: "ann", TokenExpires: sentAt}},
		{to(wire.SyncID), wire.SyncAck{Conv: wire.WithUser(2), Msgs: []wire.Push{direct, group}, Head: 9, Since: 1, More: true}},
		{to(wire.SyncID), wire.SyncAck{Conv: wire.InGroup(7)}},
		{to(wire.PingID), wire.Pong{T: `-1.5e3`}},
		{wire.Re{ID: wire.PingID, In: wire.V2}, wire.Pong{}},
		{to(wire.BlockID), wire.Done{}},
		{wire.Re{ID: wire.MarkID, RID: "-9223372036854775808", In: wire.V2}, wire.Done{}},
		{to(wire.OneChatID), stored},
		{wire.Re{ID: wire.GroupChatID, In: wire.V2}, wire.Stored{Seq: wire.MaxSeq, At: sentAt, Dup: true}},
		{to(wire.LookupID), wire.Found{User: bob}},
		{to(wire.AddFriendID), wire.Befriended{Friend: bob}},
		{to(wire.CreateGroupID), wire.Founded{Group: 7, Since: 0}},
		{to(wire.AddGroupID), wire.Joined{Group: wire.JoinedGroup{Membership: member, Since: 4, Head: 5}}},
		{to(wire.FriendsID), wire.FriendList{Friends: []wire.Peer{bob, {ID: 3, Name: "cy"}}}},
		{to(wire.FriendsID), wire.FriendList{}},
		{to(wire.GroupsID), wire.GroupList{Groups: []wire.Membership{member}}},
		{to(wire.GroupsID), wire.GroupList{}},
		{to(wire.MembersID), wire.MemberList{Members: []wire.Peer{{ID: 1, Name: "ann", Role: "creator"}}, More: true}},
		{to(wire.MembersID), wire.MemberList{}},
		{to(wire.ConvsID), wire.ConvList{Convs: []wire.ConvState{talk, room}, More: true}},
		{to(wire.ConvsID), wire.ConvList{}},
		{to(wire.TokensID), wire.TokenList{Tokens: []wire.Token{
			{ID: wire.MaxTokenID, Device: odd, Created: sentAt, Used: sentAt, Expires: sentAt},
			{ID: 1, Created: sentAt, Expires: sentAt}}}},
		{to(wire.TokensID), wire.TokenList{}},
		{wire.Re{}, wire.Marked{Conv: wire.WithUser(2), ID: 2, Delivered: 4, Read: 3}},
		{wire.Re{}, wire.Marked{Conv: wire.InGroup(7), ID: 1, Read: 3}},
		{wire.Re{}, wire.Presence{ID: 2, Online: true}},
		{wire.Re{}, wire.Presence{ID: 2}},
		{wire.Re{}, wire.Typed{Conv: wire.WithUser(2), ID: 2, To: 1}},
		{wire.Re{}, wire.Typed{Conv: wire.InGroup(7), ID: 2}},
		{wire.Re{}, wire.GoAway{Reason: wire.Draining, After: 5 * time.Second}},
		{wire.Re{}, wire.Event{Kind: wire.RoleChanged, ID: 2, By: 1, Group: 7, Role: "admin"}},
		{wire.Re{}, wire.Event{Kind: wire.Kicked}},
	}
}

func TestTheBytesOfV2ArePinned(t *testing.T) {
	var sent, answered, refused []byte
	for _, request := range requestsOfV2() {
		sent = wire.AppendRequest(sent, request, `7`)
	}
	for _, a := range answersOfV2() {
		answered = wire.AppendReply(answered, a.re, a.reply)
	}
	for _, id := range []wire.MsgID{wire.LoginID, wire.RegID, wire.SyncID, 0} {
		refused = wire.AppendRefusal(refused, to(id), &wire.Fault{Errno: wire.Unavailable, Text: "try again", Retry: time.Second})
	}
	for name, got := range map[string][]byte{"v2_requests": sent, "v2_replies": answered, "v2_refusals": refused} {
		pinned(t, name, got)
		for line := range bytes.Lines(got) {
			if !json.Valid(line) {
				t.Errorf("%s: no JSON: %s", name, line)
			}
		}
	}
}

func TestRequestsOfV2ArriveAsTheyWereSent(t *testing.T) {
	for _, want := range requestsOfV2() {
		for _, rid := range []wire.RID{"", `""`, `"` + wire.RID(strings.Repeat(`\u00e9`, 32)) + `"`, "9223372036854775807", "-0"} {
			object := wire.AppendRequest(nil, want, rid)
			re, got, fault := wire.Decode(object, wire.V2)
			if fault != nil || !reflect.DeepEqual(got, want) || re != (wire.Re{ID: want.MsgID(), RID: rid, In: wire.V2}) {
				t.Errorf("%s got %+v %+v, %v\nwant %+v", object, re, got, fault, want)
			}
		}
	}
}

func TestRepliesOfV2AreUnderstood(t *testing.T) {
	for _, want := range answersOfV2() {
		object := wire.AppendReply(nil, want.re, want.reply)
		re, got, err := wire.DecodeReply(object, wire.V2)
		if err != nil || !reflect.DeepEqual(inZone(got), want.reply) || re != want.re || got.MsgID() != want.reply.MsgID() {
			t.Errorf("%s got %+v %+v, %v\nwant %+v %+v", object, re, got, err, want.re, want.reply)
		}
	}
}

func TestARefusalTellsWhichRequestItAnswers(t *testing.T) {
	fault := wire.Fault{Errno: wire.Version, Text: odd, Retry: 2 * time.Second}
	for _, id := range []wire.MsgID{wire.LoginID, wire.RegID, wire.OneChatID, wire.HelloID, 0, -6, 4294967302} {
		for _, want := range []wire.Re{to(id), {ID: id, In: wire.V2}, {ID: id}} {
			re, got, err := wire.DecodeReply(wire.AppendRefusal(nil, want, &fault), want.In)
			if err != nil || re != want || got != (wire.Refused{Fault: fault}) {
				t.Errorf("got %+v %+v, %v; want %+v", re, got, err, want)
			}
		}
	}
}

func TestWhatAClientAsksForIsV2FromThenOn(t *testing.T) {
	tests := []struct {
		in      string
		dialect wire.Dialect
		re      wire.Re
		want    wire.Request // nil: refused
	}{
		{`{"msgid":12,"v":2,"rid":1}`, wire.Classic, wire.Re{ID: 12, RID: "1", In: wire.V2}, wire.Hello{V: wire.V2}},
		{`{"msgid":12,"v":3,"rid":1}`, wire.Classic, wire.Re{ID: 12, RID: "1", In: wire.V2}, wire.Hello{V: 3}},
		{`{"msgid":12,"rid":1}`, wire.V2, wire.Re{ID: 12, RID: "1", In: wire.V2}, wire.Hello{V: wire.V2}},
		{`{"msgid":12,"rid":1}`, wire.Classic, wire.Re{ID: 12}, nil},
		{`{"msgid":1,"v":2,"rid":1,"token":"t"}`, wire.Classic, wire.Re{ID: 1, RID: "1", In: wire.V2}, wire.Login{V: wire.V2, Token: "t"}},
		{`{"msgid":1,"v":2,"rid":1}`, wire.Classic, wire.Re{ID: 1, RID: "1", In: wire.V2}, nil},
		{`{"msgid":1,"v":3,"rid":1,"token":"t"}`, wire.Classic, wire.Re{ID: 1, RID: "1", In: wire.V2}, nil},
		{`{"msgid":1,"v":"2","rid":1,"token":"t"}`, wire.Classic, wire.Re{ID: 1}, nil},
		{`{"msgid":1,"rid":1,"id":1,"password":"x"}`, wire.Classic, wire.Re{ID: 1}, wire.Login{ID: 1, Password: "x"}},
		{`{"msgid":1,"rid":1,"id":1,"password":"x"}`, wire.V2, wire.Re{ID: 1, RID: "1", In: wire.V2}, wire.Login{V: wire.V2, ID: 1, Password: "x"}},
		{`{"msgid":4,"v":2,"rid":1,"name":"a","password":"123456"}`, wire.Classic, wire.Re{ID: 4, RID: "1", In: wire.V2}, wire.Reg{V: wire.V2, Name: "a", Password: "123456"}},
		{`{"msgid":6,"rid":1,"toid":2,"msg":"hi"}`, wire.Classic, wire.Re{ID: 6}, wire.OneChat{To: 2, Msg: "hi"}},
		{`{"msgid":6,"rid":1,"toid":2,"msg":"hi"}`, wire.V2, wire.Re{ID: 6, RID: "1", In: wire.V2}, nil},
		{`{"msgid":99,"rid":1}`, wire.V2, wire.Re{ID: 99, RID: "1", In: wire.V2}, nil},
		{`{"rid":1}`, wire.V2, wire.Re{RID: "1", In: wire.V2}, nil},
		{`{"msgid":22,"rid":1,"x":1,"x":1}`, wire.V2, wire.Re{ID: 22, RID: "1", In: wire.V2}, nil},
	}
	for _, test := range tests {
		re, got, fault := wire.Decode([]byte(test.in), test.dialect)
		if re != test.re || got != test.want || (fault == nil) != (test.want != nil) {
			t.Errorf("%s in %d:\n got %+v %+v, %v\nwant %+v %+v", test.in, test.dialect, re, got, fault, test.re, test.want)
		}
	}
}
