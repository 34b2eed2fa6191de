package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"
	"time"

	"chatserver/net/wire"
)

func TestRequestsArriveAsTheyWereSent(t *testing.T) {
	odd := "\"\\\x00\n€😀\u2028 }"
	requests := []wire.Request{
		wire.Login{ID: 13, Password: odd},
		wire.Login{V: 2},
		wire.Logout{},
		wire.Logout{As: wire.As{ID: 13}},
		wire.Reg{Name: odd, Password: odd},
		wire.Reg{V: 2},
		wire.OneChat{As: wire.As{ID: 1}, To: wire.MaxID, Msg: odd},
		wire.AddFriend{Friend: 2},
		wire.CreateGroup{As: wire.As{ID: 1}, Name: odd, Desc: odd},
		wire.AddGroup{Group: wire.MaxGroupID},
		wire.GroupChat{As: wire.As{ID: 1}, Group: 7, Msg: odd},
	}
	var stream []byte
	for _, request := range requests {
		stream = wire.AppendRequest(stream, request)
	}
	r := wire.NewReader(iotest.HalfReader(bytes.NewReader(stream)), wire.MaxObject)

	for _, want := range requests {
		object, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if id, got, fault := wire.Decode(object); got != want || id != want.MsgID() || fault != nil {
			t.Errorf("%s\n got %+v, %v\nwant %+v", object, got, fault, want)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestOnlyRequestsCanBeSent(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	wire.AppendRequest(nil, direct)
}

func TestRepliesAreUnderstood(t *testing.T) {
	retry := wire.Fault{Errno: wire.SlowDown, Text: "wait \"a bit\"", Retry: 2 * time.Second}
	tests := []struct {
		object []byte
		want   wire.Reply
	}{
		{loginAck(full, 0), full},
		{loginAck(wire.LoginAck{ID: 1, Name: "ann"}, 0), wire.LoginAck{ID: 1, Name: "ann"}},
		{wire.AppendRegAck(nil, 13), wire.RegAck{ID: 13}},
		{wire.AppendPush(nil, direct, 0), direct},
		{wire.AppendPush(nil, group, 0), group},
		{wire.AppendRefusal(nil, wire.LoginID, &retry), wire.Refused{Re: wire.LoginID, Fault: retry}},
		{wire.AppendRefusal(nil, wire.RegID, &retry), wire.Refused{Re: wire.RegID, Fault: retry}},
		{wire.AppendRefusal(nil, wire.OneChatID, &retry), wire.Refused{Re: wire.OneChatID, Fault: retry}},
		{wire.AppendRefusal(nil, 0, &retry), wire.Refused{Fault: retry}},
	}
	for _, test := range tests {
		got, err := wire.DecodeReply(test.object)
		if err != nil || !reflect.DeepEqual(inZone(got), test.want) || got.MsgID() != test.want.MsgID() {
			t.Errorf("%s\n got %+v, %v\nwant %+v", test.object, got, err, test.want)
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
		for i := range r.Offline {
			r.Offline[i].At = r.Offline[i].At.In(zone)
		}
		return r
	}
	return reply
}

func TestRepliesThatAreBrokenAreRefused(t *testing.T) {
	for _, object := range []string{
		``, `[]`, `{"msgid":"2"}`, `{"msgid":6,"id":"1"}`,
		`{"msgid":2,"errno":0,"friends":[{"id":2}]}`,
		`{"msgid":2,"errno":0,"friends":["{"]}`,
		`{"msgid":2,"errno":0,"groups":["{\"users\":[\"[]\"]}"]}`,
		`{"msgid":2,"errno":0,"offlinemsg":["x"]}`,
	} {
		if reply, err := wire.DecodeReply([]byte(object)); err == nil || reply != nil {
			t.Errorf("%s: got %+v, %v", object, reply, err)
		}
	}
}

func TestRepliesOfLaterServersCanBeToldApart(t *testing.T) {
	_, err := wire.DecodeReply([]byte(`{"msgid":20,"reason":"draining"}`))
	if fault, ok := errors.AsType[*wire.Fault](err); !ok || fault.Errno != wire.Unknown {
		t.Errorf("got %v", err)
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
