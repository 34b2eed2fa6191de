package command

import (
	"encoding/json"
	"strings"
	"testing"

	"chatserver/net/wire"
)

func TestColumnsStandBelowEachOtherInAnyScript(t *testing.T) {
	var out strings.Builder
	a := &app{World: World{Out: &out}}

	err := a.list(peerHeadings, []record{peer{1, "ann", "online", ""}, peer{20, "小明", "offline", ""}, peer{3, "👩‍👩‍👧", "online", ""}})

	want := "ID  NAME  STATE\n1   ann   online\n20  小明  offline\n3   👩‍👩‍👧    online\n"
	if err != nil || out.String() != want {
		t.Errorf("printed %v\n%s\nwant\n%s", err, out.String(), want)
	}
}

func TestForeignTextCannotCommandATerminal(t *testing.T) {
	evil := received{wire.WithUser(2), 1, at.UnixMilli(), 2, "e\x1b[2Jve", "a\nb\u009b2J\u202ec\x7f", "c"}
	var out strings.Builder
	a := &app{World: World{Out: &out}}

	if err := a.line(evil); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.HasSuffix(got, " u:2 1 e␛[2Jve: a⏎b�2J�c␡\n") {
		t.Errorf("printed %q", got)
	}

	out.Reset()
	a.json = true
	if err := a.line(evil); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(strings.TrimSuffix(out.String(), "\n"), func(r rune) bool { return r < ' ' || r >= 0x7f }); i >= 0 {
		t.Errorf("printed %q", out.String())
	}
	var back received
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back != evil {
		t.Errorf("%q is %+v, %v", out.String(), back, err)
	}
}
