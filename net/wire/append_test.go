package wire_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chatserver/net/wire"
)

var update = flag.Bool("update", false, "record the golden files anew")

var (
	zone   = time.FixedZone("+08", 8*60*60)
	sentAt = time.Date(2026, 1, 2, 10, 11, 12, 345e6, zone)

	direct = wire.Push{Kind: wire.OneChatID, From: 1, Name: "ann", To: 2, Msg: "hi",
		CID: "0190a5b6-7c3e-7d50-9a4e-3c1f5a2b7e10", Seq: 1, At: sentAt}
	group = wire.Push{Kind: wire.GroupChatID, From: 13, Name: "zhang san", To: wire.MaxGroupID, Msg: "你好",
		CID: "c", Seq: wire.MaxSeq, At: sentAt}
	full = wire.LoginAck{
		ID: 1, Name: "ann",
		Friends: []wire.Peer{{ID: 2, Name: "bob", Online: true}, {ID: 3, Name: `c"\`}},
		Groups: []wire.Group{
			{ID: 7, Name: "g", Desc: "a \"d\"\n", Users: []wire.Peer{
				{ID: 1, Name: "ann", Online: true, Role: "creator"}, {ID: 3, Name: `c"\`, Role: "normal"}}},
			{ID: 8, Name: "h", Users: []wire.Peer{{ID: 1, Name: "ann", Online: true, Role: "normal"}}},
		},
		Offline: []wire.Push{direct, group},
	}
)

// with is direct with another text.
func with(msg string) wire.Push {
	p := direct
	p.Msg = msg
	return p
}

func loginAck(a wire.LoginAck, max int) []byte {
	out, _ := wire.AppendLoginAck(nil, a, max)
	return out
}

func TestTheServersBytesArePinned(t *testing.T) {
	long := with(strings.Repeat("€\"", 500))
	retry := &wire.Fault{Errno: wire.SlowDown, Text: "wait", Retry: 1500 * time.Microsecond}
	tests := map[string][]byte{
		"push_direct":       wire.AppendPush(nil, direct, 0),
		"push_group":        wire.AppendPush(nil, group, 0),
		"push_escapes":      wire.AppendPush(nil, with("\"\\/\b\f\n\r\t\x00\x1f\x7f<é€😀\u2028\xff."), 0),
		"push_cut":          wire.AppendPush(nil, long, 1023),
		"login_ack_minimal": loginAck(wire.LoginAck{ID: 1, Name: "ann"}, 1023),
		"login_ack_full":    loginAck(full, 0),
		"login_ack_cut":     loginAck(full, 600),
		"login_ack_refused": wire.AppendRefusal(nil, wire.Re{ID: wire.LoginID},
			&wire.Fault{Errno: wire.Denied, Text: "id or password is invalid!"}),
		"login_ack_slow_down": wire.AppendRefusal(nil, wire.Re{ID: wire.LoginID}, retry),
		"reg_ack":             wire.AppendReply(nil, wire.Re{ID: wire.RegID}, wire.RegAck{ID: 13}),
		"reg_ack_refused":     wire.AppendRefusal(nil, wire.Re{ID: wire.RegID}, &wire.Fault{Errno: wire.Denied, Text: "taken"}),
		"ack":                 wire.AppendRefusal(nil, wire.Re{ID: wire.OneChatID}, &wire.Fault{Errno: wire.NotFound, Text: "no user 4"}),
		"ack_slow_down":       wire.AppendRefusal(nil, wire.Re{ID: wire.GroupChatID}, retry),
		"ack_of_no_msgid":     wire.AppendRefusal(nil, wire.Re{}, &wire.Fault{Errno: wire.Malformed, Text: "send UTF-8", Close: wire.BadFrame}),
	}
	for name, got := range tests {
		pinned(t, name, got)
		if !json.Valid(got) || strings.Index(string(got), "\n") != len(got)-1 {
			t.Errorf("%s is not one line of JSON: %q", name, got)
		}
	}
}

// pinned compares with a golden file.
func pinned(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s:\n got %swant %s", name, got, want)
	}
}

func TestAppendersLeaveWhatIsThereAlone(t *testing.T) {
	before := "before"
	fault := &wire.Fault{Errno: wire.NotFound, Text: "no"}
	long := with(strings.Repeat("x", 2000))
	ack, _ := wire.AppendLoginAck([]byte(before), full, 600)
	tests := map[string][2][]byte{
		"push":    {wire.AppendPush([]byte(before), direct, 1023), wire.AppendPush(nil, direct, 1023)},
		"cut":     {wire.AppendPush([]byte(before), long, 1023), wire.AppendPush(nil, long, 1023)},
		"login":   {ack, loginAck(full, 600)},
		"reg":     {wire.AppendReply([]byte(before), to(wire.RegID), wire.RegAck{ID: 1}), wire.AppendReply(nil, to(wire.RegID), wire.RegAck{ID: 1})},
		"refusal": {wire.AppendRefusal([]byte(before), to(6), fault), wire.AppendRefusal(nil, to(6), fault)},
		"request": {wire.AppendRequest([]byte(before), wire.Logout{}, "1"), wire.AppendRequest(nil, wire.Logout{}, "1")},
	}
	for name, got := range tests {
		if string(got[0]) != before+string(got[1]) {
			t.Errorf("%s: got %s", name, got[0])
		}
	}
}

func TestAPushIsCutAtTheLastCharacterThatFits(t *testing.T) {
	msgs := []string{
		strings.Repeat("x", 300), strings.Repeat("é", 300), strings.Repeat("€", 300), strings.Repeat("😀", 300),
		strings.Repeat("\"", 300), strings.Repeat("\x01", 300), strings.Repeat("x\"é\n€\x00😀", 100),
	}
	least := len(wire.AppendPush(nil, with("…"), 0))
	for _, msg := range msgs {
		whole := wire.AppendPush(nil, with(msg), 0)
		kept := 0
		for max := least; max < len(whole); max++ {
			got := wire.AppendPush(nil, with(msg), max)
			var object struct{ Msg string }
			if err := json.Unmarshal(got, &object); err != nil || len(got) > max {
				t.Fatalf("%d of at most %d bytes: %s: %v", len(got), max, got, err)
			}
			text, cut := strings.CutSuffix(object.Msg, "…")
			if !cut || !strings.HasPrefix(msg, text) {
				t.Fatalf("msg is no start of %.20q: %q", msg, object.Msg)
			}
			if len(text) < kept || max-len(got) >= len(`\u0000`) {
				t.Fatalf("%d of %d bytes used, %d of msg after %d", len(got), max, len(text), kept)
			}
			kept = len(text)
		}
		if got := wire.AppendPush(nil, with(msg), len(whole)); string(got) != string(whole) {
			t.Errorf("cut although it fits: %s", got)
		}
	}
}

func TestAPushFitsAClassicClientWhateverTheNames(t *testing.T) {
	worst := wire.Push{Kind: wire.GroupChatID, From: wire.MaxID, To: wire.MaxGroupID, Seq: 1<<64 - 1, At: sentAt,
		Name: strings.Repeat("😀", 32), CID: strings.Repeat("\x00", 64), Msg: strings.Repeat("\x00", wire.MaxMsg)}
	if got := wire.AppendPush(nil, worst, 1023); len(got) > 1023 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestAPushThatCannotFitHasNoText(t *testing.T) {
	if got, want := wire.AppendPush(nil, with("a long story"), 10), wire.AppendPush(nil, with("…"), 0); string(got) != string(want) {
		t.Errorf("got %s", got)
	}
}

func TestWhatIsNoUTF8IsNeverSent(t *testing.T) {
	bad := "a\xff\xc3(\xed\xa0\x80€\xe2\x82"
	p := direct
	p.Msg, p.Name, p.CID = bad, bad, bad
	for max := range 400 {
		if got := wire.AppendPush(nil, p, max); !utf8.Valid(got) {
			t.Fatalf("got %q", got)
		}
	}
}
