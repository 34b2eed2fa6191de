package wire_test

import (
	"fmt"
	"testing"

	"chatserver/net/wire"
)

func TestNumbersHaveTheirPublishedNames(t *testing.T) {
	errnos := map[wire.Errno]string{
		0: "OK", 1: "DENIED", 2: "IN_USE", 100: "MALFORMED", 101: "UNKNOWN", 102: "LOGIN_FIRST", 103: "INVALID",
		104: "NOT_FOUND", 105: "EXISTS", 106: "FORBIDDEN", 107: "CONFLICT", 108: "TOO_LARGE", 109: "SLOW_DOWN",
		110: "UNAVAILABLE", 111: "VERSION", 112: "NOT_YOU", 113: "113",
	}
	for errno, name := range errnos {
		if errno.String() != name {
			t.Errorf("errno %d is %v, not %s", errno, errno, name)
		}
	}
	msgids := map[wire.MsgID]string{
		1: "LOGIN", 2: "LOGIN_ACK", 3: "LOGINOUT", 4: "REG", 5: "REG_ACK", 6: "ONE_CHAT", 7: "ADD_FRIEND",
		8: "CREATE_GROUP", 9: "ADD_GROUP", 10: "GROUP_CHAT", 11: "ACK", 12: "HELLO", 40: "INVITE", 41: "41", 0: "0", -1: "-1",
	}
	for id, name := range msgids {
		if id.String() != name {
			t.Errorf("msgid %d is %v, not %s", id, id, name)
		}
	}
}

func TestAFaultReadsWellInALog(t *testing.T) {
	var err error = &wire.Fault{Errno: wire.NotFound, Text: "no user 4"}
	if got := fmt.Sprint(err); got != "NOT_FOUND: no user 4" {
		t.Errorf("got %q", got)
	}
}

func TestARequestTellsWhomItClaimsToComeFrom(t *testing.T) {
	_, request, _ := wire.Decode([]byte(`{"msgid":3,"id":13}`), wire.Classic)
	if from := request.(interface{ Claimed() int64 }).Claimed(); from != 13 {
		t.Errorf("got %d", from)
	}
}
