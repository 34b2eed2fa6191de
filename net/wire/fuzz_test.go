package wire_test

import (
	"encoding/json"
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
	f.Fuzz(func(t *testing.T, in []byte) {
		id, request, fault := wire.Decode(in)
		switch {
		case (request == nil) == (fault == nil):
			t.Fatalf("got %+v and %v", request, fault)
		case fault != nil:
			if line := wire.AppendRefusal(nil, id, fault); !json.Valid(line) || len(line) > 1023 {
				t.Fatalf("refused with %s", line)
			}
		case !json.Valid(in) || !utf8.Valid(in) || id != request.MsgID():
			t.Fatalf("accepted as %v %+v", id, request)
		default:
			line := wire.AppendRequest(nil, request)
			if _, again, fault := wire.Decode(line); fault != nil || again != request {
				t.Fatalf("%+v comes back as %+v, %v", request, again, fault)
			}
		}
	})
}
