package wire_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"chatserver/net/wire"
)

var dialects = []wire.Dialect{wire.Classic, wire.V2}

func TestRequestsAreUnderstood(t *testing.T) {
	tests := []struct {
		in   string
		want wire.Request
	}{
		{`{"msgid":1,"id":13,"password":"123456"}`, wire.Login{ID: 13, Password: "123456"}},
		{`{"msgid":1,"id":13,"password":""}`, wire.Login{ID: 13}},
		{`{"msgid":1,"v":0,"id":13,"password":"x"}`, wire.Login{ID: 13, Password: "x"}},
		{`{"msgid":3,"id":13}`, wire.Logout{As: wire.As{ID: 13}}},
		{`{"msgid":3}`, wire.Logout{}},
		{`{"msgid":4,"name":"ann","password":"123456"}`, wire.Reg{Name: "ann", Password: "123456"}},
		{`{"msgid":4,"name":"","password":"123456"}`, wire.Reg{Password: "123456"}},
		{`{"msgid":6,"id":1,"name":"ann","toid":2,"msg":"hi","time":"2026-01-02 10:11:12"}`,
			wire.OneChat{As: wire.As{ID: 1}, To: 2, Msg: "hi"}},
		{`{"msgid":6,"v":"2","rid":[],"cid":7,"toid":2147483647,"msg":"hi"}`, wire.OneChat{To: wire.MaxID, Msg: "hi"}},
		{`{"msgid":6,"name":7,"toid":2147483647,"msg":"hi","time":{"a":[]}}`,
			wire.OneChat{To: wire.MaxID, Msg: "hi"}},
		{`{"msgid":7,"id":1,"friendid":2}`, wire.AddFriend{As: wire.As{ID: 1}, Friend: 2}},
		{`{"msgid":8,"id":1,"groupname":"g","groupdesc":""}`,
			wire.CreateGroup{As: wire.As{ID: 1}, Name: "g"}},
		{`{"msgid":9,"id":1,"groupid":4611686018427387903}`,
			wire.AddGroup{As: wire.As{ID: 1}, Group: wire.MaxGroupID}},
		{`{"msgid":10,"id":1,"groupid":7,"msg":"hi"}`,
			wire.GroupChat{As: wire.As{ID: 1}, Group: 7, Msg: "hi"}},
		{" \n{ \"toid\" : 2 ,\t\"msg\" : \"hi\" , \"msgid\" : 6 }\r\n", wire.OneChat{To: 2, Msg: "hi"}},
		{`{"msgid":6,"toid":2,"msg":"hi","Msg":1,"MSGID":2,"é":[{"msg":"}"},[ ],{ }],"":null}`,
			wire.OneChat{To: 2, Msg: "hi"}},
		{`{"msgid":6,"toid":2,"msg":"hi","x":[ -0 , 0.50e+3 ,-12E-1,10 , true,false ]}`, wire.OneChat{To: 2, Msg: "hi"}},
		{`{"msg\u0069d":6,"to\u0069d":2,"msg":"\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00\u0000\u2028."}`,
			wire.OneChat{To: 2, Msg: "\"\\/\b\f\n\r\té€😀\x00\u2028."}},
		{`{"msgid":6,"toid":2,"msg":"` + strings.Repeat(`\n`, wire.MaxMsg) + `"}`,
			wire.OneChat{To: 2, Msg: strings.Repeat("\n", wire.MaxMsg)}},
		{`{"msgid":6,"toid":2,"msg":"hi","x":` + strings.Repeat("[", 15) + strings.Repeat("]", 15) + `}`,
			wire.OneChat{To: 2, Msg: "hi"}},
		{`{"msgid":6,"toid":2,"msg":"hi","x":"\ud800"}`, wire.OneChat{To: 2, Msg: "hi"}},
	}
	for _, test := range tests {
		re, got, fault := wire.Decode([]byte(test.in), wire.Classic)
		if fault != nil || got != test.want || re != (wire.Re{ID: test.want.MsgID()}) {
			t.Errorf("%.120s\n got %+v %+v, %v\nwant %+v", test.in, re, got, fault, test.want)
		}
	}
}

func TestFaultyFieldsAreRefusedAndTheConnectionLivesOn(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	tests := []struct {
		in    string
		id    wire.MsgID
		errno wire.Errno
		names string // what the text has to name
	}{
		{`{}`, 0, wire.Invalid, "msgid"},
		{`{"msgid":"6"}`, 0, wire.Malformed, "msgid"},
		{`{"msgid":null}`, 0, wire.Malformed, "msgid"},
		{`{"msgid":6.0}`, 0, wire.Invalid, "msgid"},
		{`{"msgid":6e0}`, 0, wire.Invalid, "msgid"},
		{`{"msgid":9223372036854775808}`, 0, wire.Invalid, "msgid"},
		{`{"msgid":0}`, 0, wire.Unknown, "0"},
		{`{"msgid":-6}`, -6, wire.Unknown, "-6"},
		{`{"msgid":2}`, 2, wire.Unknown, "2"},
		{`{"msgid":11}`, 11, wire.Unknown, "11"},
		{`{"msgid":18}`, 18, wire.Unknown, "PING is of version 2"},
		{`{"msgid":40,"groupid":7,"userid":2}`, 40, wire.Unknown, "INVITE"},
		{`{"msgid":41}`, 41, wire.Unknown, "41"},
		{`{"msgid":4294967302}`, 4294967302, wire.Unknown, "4294967302"},

		{`{"msgid":6,"toid":2,"msg":"a","msg":"b"}`, 6, wire.Malformed, "once"},
		{`{"msgid":6,"toid":2,"msg":"a","x":1,"\u0078":2}`, 6, wire.Malformed, "once"},
		{`{"msgid":1,"msgid":6,"toid":2,"msg":"a"}`, 1, wire.Malformed, "once"},
		{`{"msgid":6,"toid":2,"msg":"a","\ud800":1}`, 6, wire.Malformed, "key"},

		{`{"msgid":1,"password":"x"}`, 1, wire.Invalid, "id"},
		{`{"msgid":1,"id":0,"password":"x"}`, 1, wire.Invalid, "id"},
		{`{"msgid":1,"id":"13","password":"x"}`, 1, wire.Malformed, "id"},
		{`{"msgid":1,"id":13}`, 1, wire.Invalid, "password"},
		{`{"msgid":1,"id":13,"password":123456}`, 1, wire.Malformed, "password"},
		{`{"msgid":1,"id":13,"password":"` + long(129) + `"}`, 1, wire.Invalid, "password"},
		{`{"msgid":1,"id":13,"password":"x","v":"2"}`, 1, wire.Malformed, "v"},
		{`{"msgid":1,"id":13,"password":"x","v":2.0}`, 1, wire.Invalid, "v"},
		{`{"msgid":1,"id":13,"password":"x","v":-1}`, 1, wire.Invalid, "v"},
		{`{"msgid":4,"password":"123456"}`, 4, wire.Invalid, "name"},
		{`{"msgid":4,"name":[],"password":"123456"}`, 4, wire.Malformed, "name"},
		{`{"msgid":4,"name":"ann"}`, 4, wire.Invalid, "password"},
		{`{"msgid":4,"name":"ann","password":"12345"}`, 4, wire.Invalid, "password"},
		{`{"msgid":4,"name":"ann","password":"` + long(129) + `"}`, 4, wire.Invalid, "password"},
		{`{"msgid":3,"id":0}`, 3, wire.Invalid, "id"},
		{`{"msgid":3,"id":null}`, 3, wire.Malformed, "id"},

		{`{"msgid":6,"msg":"hi"}`, 6, wire.Invalid, "toid"},
		{`{"msgid":6,"toid":2147483648,"msg":"hi"}`, 6, wire.Invalid, "toid"},
		{`{"msgid":6,"toid":-0,"msg":"hi"}`, 6, wire.Invalid, "toid"},
		{`{"msgid":6,"toid":1e400,"msg":"hi"}`, 6, wire.Invalid, "toid"},
		{`{"msgid":6,"toid":true,"msg":"hi"}`, 6, wire.Malformed, "toid"},
		{`{"msgid":6,"id":2147483648,"toid":2,"msg":"hi"}`, 6, wire.Invalid, "id"},
		{`{"msgid":6,"toid":2}`, 6, wire.Invalid, "msg"},
		{`{"msgid":6,"toid":2,"msg":""}`, 6, wire.Invalid, "msg"},
		{`{"msgid":6,"toid":2,"msg":1}`, 6, wire.Malformed, "msg"},
		{`{"msgid":6,"toid":2,"msg":"\ud83dx"}`, 6, wire.Malformed, "msg"},
		{`{"msgid":6,"toid":2,"msg":"\ude00\ud83d"}`, 6, wire.Malformed, "msg"},
		{`{"msgid":6,"toid":2,"msg":"` + long(8193) + `"}`, 6, wire.TooLarge, "msg"},
		{`{"msgid":7,"id":1}`, 7, wire.Invalid, "friendid"},
		{`{"msgid":8,"id":1,"groupdesc":"d"}`, 8, wire.Invalid, "groupname"},
		{`{"msgid":8,"id":1,"groupname":"g"}`, 8, wire.Invalid, "groupdesc"},
		{`{"msgid":9,"groupid":4611686018427387904}`, 9, wire.Invalid, "groupid"},
		{`{"msgid":9,"groupid":0}`, 9, wire.Invalid, "groupid"},
		{`{"msgid":10,"msg":"hi"}`, 10, wire.Invalid, "groupid"},
		{`{"msgid":10,"groupid":7}`, 10, wire.Invalid, "msg"},
	}
	for _, test := range tests {
		re, request, fault := wire.Decode([]byte(test.in), wire.Classic)
		if fault == nil || request != nil || re != (wire.Re{ID: test.id}) || fault.Errno != test.errno ||
			fault.Close != "" || !strings.Contains(fault.Text, test.names) {
			t.Errorf("%.120s\n got %+v %+v, %+v\nwant %d, %v that names %q",
				test.in, re, request, fault, test.id, test.errno, test.names)
		}
	}
}

func TestBytesThatAreNoObjectCloseTheConnection(t *testing.T) {
	tests := map[string]string{
		"nothing":               ``,
		"blank":                 " \n",
		"an array":              `[]`,
		"a number":              `6`,
		"cut off":               `{"msgid":6`,
		"two":                   `{"msgid":3}{"msgid":3}`,
		"bare word":             `{"msgid":six}`,
		"trailing comma":        `{"msgid":3,}`,
		"leading zero":          `{"msgid":03}`,
		"raw newline":           "{\"msgid\":6,\"toid\":2,\"msg\":\"a\nb\"}",
		"NUL":                   "{\"msgid\":\x003}",
		"bad escape":            `{"msgid":3,"x":"\x41"}`,
		"bad UTF-8":             "{\"msgid\":6,\"toid\":2,\"msg\":\"\xff\"}",
		"bad UTF-8, ignored":    "{\"msgid\":3,\"x\":\"\xc3\"}",
		"surrogates in UTF-8":   "{\"msgid\":3,\"x\":\"\xed\xa0\x80\"}",
		"17 deep":               `{"msgid":3,"x":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`,
		"wrong closing bracket": `{"msgid":3]`,
		"a key without quotes":  `{msgid:3}`,
		"a key without a value": `{"msgid"}`,
		"no value":              `{"msgid":}`,
		"no comma":              `{"msgid":3"x":1}`,
		"no item":               `{"msgid":3,"x":[1,]}`,
		"open array":            `{"msgid":3,"x":[1`,
		"open key":              `{"msgid`,
		"open escape":           `{"msgid":3,"x":"\`,
		"half an escape":        `{"msgid":3,"x":"\u00"}`,
		"half a word":           `{"msgid":3,"x":tru}`,
		"a plus":                `{"msgid":3,"x":+1}`,
		"only a minus":          `{"msgid":3,"x":-}`,
		"no digit before":       `{"msgid":3,"x":.5}`,
		"no digit behind":       `{"msgid":3,"x":5.}`,
		"no exponent":           `{"msgid":3,"x":5e+}`,
		"something behind":      `{"msgid":3} x`,
	}
	for name, in := range tests {
		for _, dialect := range dialects {
			re, request, fault := wire.Decode([]byte(in), dialect)
			if re != (wire.Re{In: dialect}) || request != nil ||
				fault == nil || fault.Errno != wire.Malformed || fault.Close != wire.BadFrame {
				t.Errorf("%s: got %+v %+v, %+v", name, re, request, fault)
			}
		}
	}
}

func TestTenThousandKeysAreReadInOneGo(t *testing.T) {
	var keys strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&keys, `"%d":0,`, i)
	}
	_, request, fault := wire.Decode([]byte(`{`+keys.String()+`"msgid":3}`), wire.Classic)
	if fault != nil || request != (wire.Logout{}) {
		t.Errorf("got %+v, %v", request, fault)
	}
	_, _, fault = wire.Decode([]byte(`{`+keys.String()+`"msgid":3,"77":1}`), wire.Classic)
	if fault == nil || fault.Errno != wire.Malformed {
		t.Errorf("a repeated key among ten thousand: %v", fault)
	}
}

func TestDecodeAgreesWithEncodingJSON(t *testing.T) {
	texts := []string{
		"plain", `"quoted\"`, "\x00\x1f\x7f", "<&>", "é€😀", "\u2028\u2029", "\ufffd", "{}[],:", "\\u0041", " ",
	}
	for _, key := range texts {
		for _, msg := range texts {
			want := map[string]any{"msgid": 6, "toid": 2, "msg": msg, key: []any{msg, map[string]any{key: 1.5}}}
			for _, encode := range []func(any) ([]byte, error){json.Marshal, indent} {
				object, err := encode(want)
				if err != nil {
					t.Fatal(err)
				}
				_, got, fault := wire.Decode(object, wire.Classic)
				if fault != nil || got != (wire.OneChat{To: 2, Msg: msg}) {
					t.Errorf("%s\n got %+v, %v", object, got, fault)
				}
			}
		}
	}
}

func indent(v any) ([]byte, error) { return json.MarshalIndent(v, "\t", "  ") }
