package wire_test

import (
	"encoding/json"
	"testing"

	"chatserver/net/wire"
)

func TestAConversationHasOneName(t *testing.T) {
	tests := map[string]wire.Conv{
		"u:1": wire.WithUser(1), "u:2147483647": wire.WithUser(wire.MaxID),
		"g:7": wire.InGroup(7), "g:4611686018427387903": wire.InGroup(wire.MaxGroupID),
	}
	for name, want := range tests {
		if got, ok := wire.ParseConv(name); got != want || !ok || want.String() != name {
			t.Errorf("%s: got %+v, %v; %+v is %s", name, got, ok, want, want)
		}
	}
}

func TestWhatNamesNoConversationIsRefused(t *testing.T) {
	for _, name := range []string{
		"", "u", "u:", "u:0", "u:01", "u:+1", "u:-1", "u: 1", "u:1 ", "u:1x", "u:1_0", "U:1", "x:1", "u1", "1",
		"u:2147483648", "g:0", "g:4611686018427387904", "g:99999999999999999999", "u:١",
	} {
		if got, ok := wire.ParseConv(name); ok || got != (wire.Conv{}) {
			t.Errorf("%q: got %+v, %v", name, got, ok)
		}
		if err := new(wire.Conv).UnmarshalText([]byte(name)); err == nil {
			t.Errorf("%q is a conversation to encoding/json", name)
		}
	}
}

func TestAConversationIsAStringInJSON(t *testing.T) {
	want := map[wire.Conv]wire.Conv{wire.WithUser(42): wire.InGroup(7)}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"u:42":"g:7"}` {
		t.Errorf("%s, %v", text, err)
	}
	var got map[wire.Conv]wire.Conv
	if err := json.Unmarshal(text, &got); err != nil || got[wire.WithUser(42)] != wire.InGroup(7) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNoConversationHasNoName(t *testing.T) {
	if name := (wire.Conv{}).String(); name != "" {
		t.Errorf("got %q", name)
	}
}
