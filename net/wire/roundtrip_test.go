package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"

	"chatserver/net/wire"
)

func TestRequestsArriveAsTheyWereSent(t *testing.T) {
	requests := []wire.Request{
		wire.Login{ID: 13, Password: odd},
		wire.Logout{},
		wire.Logout{As: wire.As{ID: 13}},
		wire.Reg{Name: odd, Password: odd},
		wire.OneChat{As: wire.As{ID: 1}, To: wire.MaxID, Msg: odd},
		wire.AddFriend{Friend: 2},
		wire.CreateGroup{As: wire.As{ID: 1}, Name: odd, Desc: odd},
		wire.AddGroup{Group: wire.MaxGroupID},
		wire.GroupChat{As: wire.As{ID: 1}, Group: 7, Msg: odd},
	}
	var stream []byte
	for _, request := range requests {
		stream = wire.AppendRequest(stream, request, "")
	}
	r := wire.NewReader(iotest.HalfReader(bytes.NewReader(stream)), wire.MaxObject)

	for _, want := range requests {
		object, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if re, got, fault := wire.Decode(object, wire.Classic); got != want || re.ID != want.MsgID() || fault != nil {
			t.Errorf("%s\n got %+v, %v\nwant %+v", object, got, fault, want)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestOnlyRequestsCanBeSent(t *testing.T) {
	panics(t, func() { wire.AppendRequest(nil, direct, "") })
}

func TestWhatHasAnAppenderOfItsOwnIsNotForAppendReply(t *testing.T) {
	for _, reply := range []wire.Reply{direct, full, wire.Refused{}} {
		panics(t, func() { wire.AppendReply(nil, wire.Re{}, reply) })
	}
}

func panics(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f()
}

func TestRepliesAreUnderstood(t *testing.T) {
	login := wire.Re{ID: wire.LoginID}
	tests := []struct {
		object []byte
		re     wire.Re
		want   wire.Reply
	}{
		{loginAck(full, 0), login, full},
		{loginAck(wire.LoginAck{ID: 1, Name: "ann"}, 0), login, wire.LoginAck{ID: 1, Name: "ann"}},
		{wire.AppendPush(nil, direct, 0), wire.Re{}, direct},
		{wire.AppendPush(nil, group, 0), wire.Re{}, group},
		{wire.AppendReply(nil, wire.Re{ID: wire.RegID}, wire.RegAck{ID: 13}), wire.Re{ID: wire.RegID}, wire.RegAck{ID: 13}},
	}
	for _, test := range tests {
		re, got, err := wire.DecodeReply(test.object, wire.Classic)
		if err != nil || !reflect.DeepEqual(inZone(got), test.want) || re != test.re || got.MsgID() != test.want.MsgID() {
			t.Errorf("%s\n got %+v %+v, %v\nwant %+v %+v", test.object, re, got, err, test.re, test.want)
		}
	}
}

// inZone shows the times of a reply in the zone of the tests.
func inZone(reply wire.Reply) wire.Reply {
	switch r := reply.(type) {
	case wire.Push:
		r.At = r.At.In(zone)
		return r
	case wire.LoginAck:
		allInZone(r.Offline)
	case wire.SyncAck:
		allInZone(r.Msgs)
	case wire.HelloAck:
		r.Time = r.Time.In(zone)
		return r
	case wire.Welcome:
		r.TokenExpires = r.TokenExpires.In(zone)
		return r
	case wire.Stored:
		r.At = r.At.In(zone)
		return r
	case wire.TokenList:
		for i, token := range r.Tokens {
			r.Tokens[i].Created, r.Tokens[i].Expires = token.Created.In(zone), token.Expires.In(zone)
			if !token.Used.IsZero() {
				r.Tokens[i].Used = token.Used.In(zone)
			}
		}
	}
	return reply
}

func allInZone(pushes []wire.Push) {
	for i := range pushes {
		pushes[i].At = pushes[i].At.In(zone)
	}
}

func TestRepliesThatAreBrokenAreRefused(t *testing.T) {
	for _, object := range []string{
		``, `[]`, `{}`, `{"msgid":"2"}`, `{"msgid":6,"id":"1"}`, `{"msgid":11}`, `{"msgid":11,"errno":0,"re":6}`,
		`{"msgid":2,"errno":0,"id":1,"name":"a","friends":[{"id":2}]}`,
		`{"msgid":2,"errno":0,"id":1,"name":"a","friends":["{"]}`,
		`{"msgid":2,"errno":0,"id":1,"name":"a","friends":{}}`,
		`{"msgid":2,"errno":0,"id":1,"name":"a","groups":["{\"users\":[\"[]\"]}"]}`,
		`{"msgid":2,"errno":0,"id":1,"name":"a","offlinemsg":["x"]}`,
		`{"msgid":11,"errno":0,"re":21}`, `{"msgid":11,"errno":0,"re":21,"user":7}`,
		`{"msgid":11,"errno":0,"re":22,"friends":["\ud800"]}`,
		`{"msgid":14,"conv":"u:0","msgs":[],"head":1,"since":0}`,
		`{"msgid":14,"conv":"u:1","msgs":[{"msgid":11}],"head":1,"since":0}`,
		`{"msgid":15,"conv":"u:1","id":0}`, `{"msgid":16,"id":1,"state":"away"}`,
		`{"msgid":5,"errno":0,"id":1,"rid":{}}`, `{"msgid":5,"errno":0,"id":1,"id":1}`,
	} {
		for _, dialect := range dialects {
			_, reply, err := wire.DecodeReply([]byte(object), dialect)
			if fault, ok := errors.AsType[*wire.Fault](err); err == nil || reply != nil || ok {
				t.Errorf("%s: got %+v, %v, %v", object, reply, err, fault)
			}
		}
	}
}

func TestRepliesOfLaterServersCanBeToldApart(t *testing.T) {
	for _, dialect := range dialects {
		_, _, err := wire.DecodeReply([]byte(`{"msgid":41,"reason":"draining"}`), dialect)
		if fault, ok := errors.AsType[*wire.Fault](err); !ok || fault.Errno != wire.Unknown {
			t.Errorf("got %v", err)
		}
	}
}

func TestAPushReadsTheSameToEncodingJSON(t *testing.T) {
	msg := "\"\\/\b\f\n\r\t\x00\x1f\x7f<>&é€😀\u2028\ufffd"
	var got map[string]any
	if err := json.Unmarshal(wire.AppendPush(nil, with(msg), 0), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"msgid": 6.0, "id": 1.0, "name": "ann", "toid": 2.0, "msg": msg,
		"time": "2026-01-02 10:11:12", "cid": direct.CID, "seq": 1.0, "ts": 1767319872345.0}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}
