package main

import (
	"strings"
	"testing"
	"time"

	"chatserver/net/wire"
)

func TestReplyLooksLikeThis(t *testing.T) {
	at := time.Date(2026, 1, 2, 10, 11, 12, 0, time.UTC)
	type answer struct {
		wire.Refused
		re wire.MsgID
	}
	refused := func(re wire.MsgID, errno wire.Errno, retry time.Duration) answer {
		return answer{wire.Refused{Fault: wire.Fault{Errno: errno, Text: "no", Retry: retry}}, re}
	}
	for name, c := range map[string]struct {
		reply wire.Reply
		want  []string
	}{
		"a message": {
			wire.Push{Kind: wire.OneChatID, From: 2, Name: "bob", To: 1, Msg: "hi", At: at},
			[]string{"2026-01-02 10:11:12 bob [2]: hi"},
		},
		"a message to a group": {
			wire.Push{Kind: wire.GroupChatID, From: 2, Name: "bob", To: 7, Msg: "hi", At: at},
			[]string{"2026-01-02 10:11:12 group 7 bob [2]: hi"},
		},
		"a login that finds nothing": {
			wire.LoginAck{ID: 1, Name: "ann"},
			[]string{"you are ann [1]"},
		},
		"a login that finds all there is": {
			wire.LoginAck{
				ID: 1, Name: "ann",
				Friends: []wire.Peer{{ID: 2, Name: "bob", Online: true}, {ID: 3, Name: "cid"}},
				Groups: []wire.Group{
					{ID: 7, Name: "go", Desc: "talk", Users: []wire.Peer{
						{ID: 1, Name: "ann", Role: "creator", Online: true}, {ID: 2, Name: "bob", Role: "normal"}}},
					{ID: 8, Name: "c\x1bc"},
				},
				Offline: []wire.Push{
					{Kind: wire.OneChatID, From: 2, Name: "bob", To: 1, Msg: "one", At: at},
					{Kind: wire.GroupChatID, From: 3, Name: "cid", To: 7, Msg: "two", At: at.Add(time.Second)},
				},
			},
			[]string{
				"you are ann [1]",
				"friends:",
				"  bob [2] online",
				"  cid [3] offline",
				"groups:",
				"  go [7] talk",
				"    ann [1] creator online",
				"    bob [2] normal offline",
				"  c␛c [8]",
				"while you were away:",
				"2026-01-02 10:11:12 bob [2]: one",
				"2026-01-02 10:11:13 group 7 cid [3]: two",
			},
		},
		"a new account":              {wire.RegAck{ID: 3}, []string{"your id is 3: login:3:PASSWORD"}},
		"a wrong password":           {refused(wire.LoginID, wire.Denied, 0), []string{"login failed: no (an id is the number that register told you)"}},
		"a name that is taken":       {refused(wire.RegID, wire.Denied, 0), []string{"register failed: no (try another name: letters, digits and _ - . are fine)"}},
		"a login elsewhere":          {refused(wire.LoginID, wire.InUse, 0), []string{"login failed: no (leave where you are logged in, then try again)"}},
		"an unknown friend":          {refused(wire.AddFriendID, wire.NotFound, 0), []string{"addfriend failed: no (check the id)"}},
		"a group's name that exists": {refused(wire.CreateGroupID, wire.Exists, 0), []string{"creategroup failed: no"}},
		"a group of others":          {refused(wire.GroupChatID, wire.Forbidden, 0), []string{"groupchat failed: no (addgroup:ID lets you in)"}},
		"a user who refuses":         {refused(wire.OneChatID, wire.Forbidden, 0), []string{"chat failed: no"}},
		"a message that is too long": {refused(wire.OneChatID, wire.TooLarge, 0), []string{"chat failed: no (send it in parts)"}},
		"too fast":                   {refused(wire.OneChatID, wire.SlowDown, 1500*time.Millisecond), []string{"chat failed: no (try again in 1.5s)"}},
		"a store that is away":       {refused(wire.AddGroupID, wire.Unavailable, 0), []string{"addgroup failed: no (try again a little later)"}},
		"nobody knows which":         {refused(0, wire.Malformed, 0), []string{"the last request failed: no"}},
	} {
		t.Run(name, func(t *testing.T) {
			var re wire.MsgID
			if a, ok := c.reply.(answer); ok {
				re, c.reply = a.re, a.Refused
			}
			got := render(re, c.reply)

			if want := strings.Join(c.want, "\n"); got != want {
				t.Errorf("render:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestWhatOthersWroteCannotReachTheTerminal(t *testing.T) {
	const evil = "a\x1b[2J\u009b\r\n\u202eb"
	for name, reply := range map[string]wire.Reply{
		"a message": wire.Push{Kind: wire.OneChatID, Name: evil, Msg: evil},
		"a refusal": wire.Refused{Fault: wire.Fault{Text: evil}},
		"a login": wire.LoginAck{
			Name:    evil,
			Friends: []wire.Peer{{Name: evil}},
			Groups:  []wire.Group{{Name: evil, Desc: evil, Users: []wire.Peer{{Name: evil, Role: evil}}}},
			Offline: []wire.Push{{Kind: wire.GroupChatID, Name: evil, Msg: evil}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, line := range strings.Split(render(wire.LoginID, reply), "\n") {
				if i := strings.IndexFunc(line, obeyed); i >= 0 {
					t.Errorf("%q: at byte %d stands what a terminal obeys", line, i)
				}
			}
		})
	}
}

func TestHelpShowsEveryCommand(t *testing.T) {
	got := renderHelp()

	for _, verb := range []string{"help", "register", "login", "chat", "addfriend", "creategroup", "addgroup", "groupchat", "loginout", "quit"} {
		if !strings.Contains("\n"+got, "\n"+verb) {
			t.Errorf("help does not show %s:\n%s", verb, got)
		}
	}
}
