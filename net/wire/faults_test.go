package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"chatserver/net/wire"
)

// What a V2 session is refused, by msgid. Each has a rid, which the answer must carry.
var faultsOfV2 = map[wire.MsgID][]struct {
	fields string // that follow msgid and rid
	errno  wire.Errno
	names  string // what the text has to name
}{
	wire.LoginID: {
		{``, wire.Invalid, "one of id, name, token"},
		{`,"v":0,"id":1,"password":"x"`, wire.Version, "version 2"},
		{`,"v":1,"id":1,"password":"x"`, wire.Version, "version 2"},
		{`,"v":3,"id":1,"password":"x"`, wire.Version, "version 2"},
		{`,"v":null,"id":1,"password":"x"`, wire.Malformed, "v must"},
		{`,"id":1,"name":"a","password":"x"`, wire.Invalid, "only one of id, name, token"},
		{`,"name":"a","token":"t"`, wire.Invalid, "only one of id, name, token"},
		{`,"id":1,"name":"a","token":"t","password":"x"`, wire.Invalid, "only one of id, name, token"},
		{`,"id":0,"password":"x"`, wire.Invalid, "id"},
		{`,"id":1`, wire.Invalid, "password is missing"},
		{`,"name":"a"`, wire.Invalid, "password is missing"},
		{`,"name":"","password":"x"`, wire.Invalid, "name"},
		{`,"name":1,"password":"x"`, wire.Malformed, "name"},
		{`,"token":""`, wire.Invalid, "token"},
		{`,"token":1`, wire.Malformed, "token"},
		{`,"token":"t","password":"x"`, wire.Invalid, "token or password"},
		{`,"token":"t","device":""`, wire.Invalid, "device"},
		{`,"token":"t","device":"` + strings.Repeat("x", 65) + `"`, wire.Invalid, "device"},
		{`,"token":"t","device":null`, wire.Malformed, "device"},
	},
	wire.LogoutID: {{`,"id":0`, wire.Invalid, "id"}},
	wire.RegID: {
		{`,"v":1,"name":"a","password":"123456"`, wire.Version, "version 2"},
		{`,"password":"123456"`, wire.Invalid, "name"},
		{`,"name":"a","password":"12345"`, wire.Invalid, "password"},
	},
	wire.OneChatID: {
		{`,"msg":"hi","cid":"c"`, wire.Invalid, "toid"},
		{`,"toid":2,"cid":"c"`, wire.Invalid, "msg"},
		{`,"toid":2,"msg":"` + strings.Repeat("x", 8193) + `","cid":"c"`, wire.TooLarge, "msg"},
		{`,"toid":2,"msg":"hi"`, wire.Invalid, "cid is missing"},
		{`,"toid":2,"msg":"hi","cid":""`, wire.Invalid, "cid"},
		{`,"toid":2,"msg":"hi","cid":"` + strings.Repeat("x", 65) + `"`, wire.Invalid, "cid"},
		{`,"toid":2,"msg":"hi","cid":7`, wire.Malformed, "cid"},
		{`,"toid":2,"msg":"hi","cid":"\ud800"`, wire.Malformed, "cid"},
	},
	wire.AddFriendID:   {{``, wire.Invalid, "friendid"}},
	wire.CreateGroupID: {{`,"groupname":"g"`, wire.Invalid, "groupdesc"}},
	wire.AddGroupID:    {{``, wire.Invalid, "groupid"}},
	wire.GroupChatID:   {{`,"groupid":7,"msg":"hi"`, wire.Invalid, "cid"}},
	wire.HelloID: {
		{`,"v":1`, wire.Version, "version 2"},
		{`,"v":0`, wire.Version, "version 2"},
		{`,"v":2.5`, wire.Invalid, "v must"},
	},
	wire.SyncID: {
		{``, wire.Invalid, "conv is missing"},
		{`,"conv":42`, wire.Malformed, "conv"},
		{`,"conv":"u:042"`, wire.Invalid, "conv"},
		{`,"conv":"u:2","after":1,"before":5`, wire.Invalid, "after or before"},
		{`,"conv":"u:2","after":-1`, wire.Invalid, "after"},
		{`,"conv":"u:2","after":9223372036854775808`, wire.Invalid, "after"},
		{`,"conv":"u:2","before":0`, wire.Invalid, "before"},
		{`,"conv":"u:2","limit":0`, wire.Invalid, "limit"},
		{`,"conv":"u:2","limit":501`, wire.Invalid, "limit"},
		{`,"conv":"u:2","limit":"5"`, wire.Malformed, "limit"},
	},
	wire.MarkID: {
		{`,"read":1`, wire.Invalid, "conv"},
		{`,"conv":"g:7"`, wire.Invalid, "delivered or read"},
		{`,"conv":"g:7","delivered":0,"read":0`, wire.Invalid, "delivered or read"},
		{`,"conv":"g:7","delivered":-1,"read":1`, wire.Invalid, "delivered"},
		{`,"conv":"g:7","read":null`, wire.Malformed, "read"},
	},
	wire.TypingID: {
		{``, wire.Invalid, "one of toid, groupid"},
		{`,"toid":2,"groupid":7`, wire.Invalid, "only one of toid, groupid"},
		{`,"toid":0`, wire.Invalid, "toid"},
		{`,"groupid":0`, wire.Invalid, "groupid"},
	},
	wire.PingID: {
		{`,"t":{}`, wire.Malformed, "t must"},
		{`,"t":[1]`, wire.Malformed, "t must"},
		{`,"t":"` + strings.Repeat("x", 63) + `"`, wire.Invalid, "t may have 64 bytes"},
	},
	wire.LookupID: {
		{``, wire.Invalid, "one of id, name"},
		{`,"id":2,"name":"bob"`, wire.Invalid, "only one of id, name"},
		{`,"id":0`, wire.Invalid, "id"},
		{`,"name":""`, wire.Invalid, "name"},
	},
	wire.FriendsID:   {{`,"rid ":1,"rid ":1`, wire.Malformed, "once"}},
	wire.DelFriendID: {{``, wire.Invalid, "friendid"}},
	wire.GroupsID:    {{`,"x":1,"x":1`, wire.Malformed, "once"}},
	wire.MembersID: {
		{``, wire.Invalid, "groupid"},
		{`,"groupid":7,"after":-1`, wire.Invalid, "after"},
		{`,"groupid":7,"after":2147483648`, wire.Invalid, "after"},
		{`,"groupid":7,"limit":501`, wire.Invalid, "limit"},
	},
	wire.LeaveGroupID: {{``, wire.Invalid, "groupid"}},
	wire.KickID:       {{`,"userid":2`, wire.Invalid, "groupid"}, {`,"groupid":7`, wire.Invalid, "userid"}},
	wire.SetRoleID: {
		{`,"userid":2,"role":"admin"`, wire.Invalid, "groupid"},
		{`,"groupid":7,"role":"admin"`, wire.Invalid, "userid"},
		{`,"groupid":7,"userid":2`, wire.Invalid, "role"},
		{`,"groupid":7,"userid":2,"role":"Admin"`, wire.Invalid, "role must be normal or admin or creator"},
		{`,"groupid":7,"userid":2,"role":1`, wire.Malformed, "role"},
	},
	wire.BlockID:   {{``, wire.Invalid, "userid"}},
	wire.UnblockID: {{``, wire.Invalid, "userid"}},
	wire.ConvsID: {
		{`,"after":""`, wire.Invalid, "after"},
		{`,"after":1`, wire.Malformed, "after"},
		{`,"limit":0`, wire.Invalid, "limit"},
	},
	wire.PasswdID: {
		{`,"newpassword":"123456"`, wire.Invalid, "password"},
		{`,"password":"x"`, wire.Invalid, "newpassword"},
		{`,"password":"x","newpassword":"12345"`, wire.Invalid, "newpassword"},
		{`,"password":"x","newpassword":"` + strings.Repeat("x", 129) + `"`, wire.Invalid, "newpassword"},
		{`,"password":"` + strings.Repeat("x", 129) + `","newpassword":"123456"`, wire.Invalid, "password"},
	},
	wire.TokensID: {{`,"x":1,"x":1`, wire.Malformed, "once"}},
	wire.RevokeID: {
		{``, wire.Invalid, "token"},
		{`,"token":0`, wire.Invalid, "token"},
		{`,"token":4611686018427387904`, wire.Invalid, "token"},
		{`,"token":"1"`, wire.Malformed, "token"},
	},
	wire.CloseAccountID: {{``, wire.Invalid, "password"}},
	wire.GroupSetID: {
		{`,"groupname":"g"`, wire.Invalid, "groupid"},
		{`,"groupid":7`, wire.Invalid, "groupname, groupdesc"},
		{`,"groupid":7,"delete":false`, wire.Invalid, "groupname, groupdesc"},
		{`,"groupid":7,"delete":1`, wire.Malformed, "delete"},
		{`,"groupid":7,"delete":true,"groupdesc":""`, wire.Invalid, "delete:true alone"},
		{`,"groupid":7,"join":"closed"`, wire.Invalid, "join must be open or invite"},
		{`,"groupid":7,"groupname":null`, wire.Malformed, "groupname"},
	},
	wire.BanID:    {{`,"groupid":7`, wire.Invalid, "userid"}},
	wire.UnbanID:  {{`,"groupid":7`, wire.Invalid, "userid"}},
	wire.InviteID: {{`,"groupid":7`, wire.Invalid, "userid"}},
	14:            {{``, wire.Unknown, "14"}},
	41:            {{``, wire.Unknown, "41"}},
}

func TestFaultyRequestsOfV2AreRefusedAndTheConnectionLivesOn(t *testing.T) {
	for id, tests := range faultsOfV2 {
		for _, test := range tests {
			object := fmt.Sprintf(`{"msgid":%d,"rid":"r"%s}`, int(id), test.fields)

			re, request, fault := wire.Decode([]byte(object), wire.V2)

			if fault == nil || request != nil || re != to(id) || fault.Errno != test.errno ||
				fault.Close != "" || !strings.Contains(fault.Text, test.names) {
				t.Errorf("%.120s\n got %+v %+v, %+v\nwant %v that names %q", object, re, request, fault, test.errno, test.names)
			}
		}
	}
}

func TestARequestOfEveryKindIsRefusedSomehow(t *testing.T) {
	for _, request := range requestsOfV2() {
		if len(faultsOfV2[request.MsgID()]) == 0 {
			t.Errorf("no fault of %v is tested", request.MsgID())
		}
	}
}

func TestAFaultyRIDIsRefusedAndNotEchoed(t *testing.T) {
	for _, rid := range []string{
		`null`, `true`, `{}`, `[1]`, `1.0`, `1e3`, `9223372036854775808`, `"\ud800"`,
		`"` + strings.Repeat("x", 65) + `"`, `"` + strings.Repeat(`\u00e9`, 33) + `"`,
	} {
		re, request, fault := wire.Decode([]byte(`{"msgid":22,"rid":`+rid+`}`), wire.V2)
		if fault == nil || fault.Errno != wire.Invalid || !strings.Contains(fault.Text, "rid") ||
			request != nil || re != (wire.Re{ID: wire.FriendsID, In: wire.V2}) {
			t.Errorf("%s: got %+v %+v, %v", rid, re, request, fault)
		}
	}
}
