package wire_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"chatserver/net/wire"
)

func FuzzReader(f *testing.F) {
	for _, stream := range streams {
		f.Add(stream.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		const bound = 1500 // the buffer has to grow once, and not by doubling
		source := &meter{Reader: strings.NewReader(in)}
		r := wire.NewReader(source, bound)
		var whole []string
		var end error
		for used := 0; end == nil; {
			var object []byte
			if object, end = r.Next(); end == nil {
				whole = append(whole, string(object))
				used = strings.Index(in[used:], string(object)) + used + len(object)
			}
			if held := source.given - used; held > bound && end == nil {
				t.Fatalf("holds %d bytes", held)
			}
		}
		pieces, endOfPieces := readAll(wire.NewReader(iotest.OneByteReader(strings.NewReader(in)), bound))
		if !slices.Equal(whole, pieces) || told(end) != told(endOfPieces) {
			t.Fatalf("whole: %q, %v; one by one: %q, %v", whole, end, pieces, endOfPieces)
		}
		for _, object := range whole {
			if len(object) > bound {
				t.Fatalf("an object of %d bytes", len(object))
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"msgid":1,"id":13,"password":"123456"}`,
		`{"msgid":4,"v":2,"name":"ann","password":"123456"}`,
		`{"msgid":6,"id":1,"name":"ann","toid":2,"msg":"\u20ac\ud83d\ude00\n","time":"2026-01-02 10:11:12"}`,
		`{"msg\u0069d":8,"groupname":"g","groupdesc":"d","x":[{"y":[1.5e3,null,true]}]}`,
		`{"msgid":10,"groupid":4611686018427387903,"msg":"hi","msg":"ho"}`,
		"{\"msgid\":6,\"toid\":2,\"msg\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	for _, request := range requestsOfV2() {
		f.Add(wire.AppendRequest(nil, request, `"r"`))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, dialect := range dialects {
			decode(t, in, dialect)
		}
	})
}

// decode checks that in is refused in a short line or means the same once it is sent again.
func decode(t *testing.T, in []byte, dialect wire.Dialect) {
	re, request, fault := wire.Decode(in, dialect)
	switch {
	case (request == nil) == (fault == nil):
		t.Fatalf("got %+v and %v", request, fault)
	case fault != nil:
		if isObject(in) == (fault.Close != "") {
			t.Fatalf("%v of %q", fault, in)
		}
		if line := wire.AppendRefusal(nil, re, fault); !json.Valid(line) || len(line) > 1023 {
			t.Fatalf("refused with %s", line)
		}
	case !isObject(in) || re.ID != request.MsgID():
		t.Fatalf("accepted as %+v %+v", re, request)
	default:
		line := wire.AppendRequest(nil, request, re.RID)
		if reAgain, again, fault := wire.Decode(line, dialect); fault != nil || reAgain != re || !reflect.DeepEqual(again, request) {
			t.Fatalf("%+v comes back as %+v %+v, %v", request, reAgain, again, fault)
		}
	}
}

// isObject is what encoding/json and unicode/utf8 say, but for how deep it may be.
func isObject(in []byte) bool {
	start := bytes.TrimLeft(in, " \n\t\r")
	return utf8.Valid(in) && json.Valid(in) && start[0] == '{' && depth(in) <= wire.MaxDepth
}

// depth counts the brackets of valid JSON.
func depth(in []byte) (deepest int) {
	open := 0
	tokens := json.NewDecoder(bytes.NewReader(in))
	for {
		token, err := tokens.Token()
		switch {
		case err != nil:
			return deepest
		case token == json.Delim('{') || token == json.Delim('['):
			open++
			deepest = max(deepest, open)
		case token == json.Delim('}') || token == json.Delim(']'):
			open--
		}
	}
}

func FuzzDecodeReply(f *testing.F) {
	f.Add(loginAck(full, 0))
	f.Add(wire.AppendPush(nil, direct, 0))
	f.Add(wire.AppendPush(nil, group, 0))
	for _, a := range answersOfV2() {
		f.Add(wire.AppendReply(nil, a.re, a.reply))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, dialect := range dialects {
			decodeReply(t, in, dialect)
		}
	})
}

// decodeReply checks that in is refused or means the same once it is sent again.
func decodeReply(t *testing.T, in []byte, dialect wire.Dialect) {
	re, reply, err := wire.DecodeReply(in, dialect)
	if (reply == nil) == (err == nil) {
		t.Fatalf("got %+v and %v", reply, err)
	}
	if err != nil {
		return
	}
	var line []byte
	switch r := reply.(type) {
	case wire.LoginAck:
		line, _ = wire.AppendLoginAck(nil, r, 0)
	case wire.Push:
		line = wire.AppendPush(nil, r, 0)
	case wire.Refused:
		line = wire.AppendRefusal(nil, re, &r.Fault)
	default:
		line = wire.AppendReply(nil, re, r)
	}
	reAgain, again, err := wire.DecodeReply(line, dialect)
	if err != nil || !reflect.DeepEqual(again, reply) || reAgain.ID != re.ID {
		t.Fatalf("%+v %+v comes back as %+v %+v, %v", re, reply, reAgain, again, err)
	}
}
