package main

import (
	"strings"
	"testing"

	"chatserver/net/wire"
)

func TestLineBecomesItsCommand(t *testing.T) {
	longest := strings.Repeat("x", wire.MaxMsg)
	for line, want := range map[string]any{
		"help":                      help{},
		"quit":                      quit{},
		" loginout ":                wire.Logout{},
		"register:ann:secret":       wire.Reg{Name: "ann", Password: "secret"},
		"register:ann:a:b:c":        wire.Reg{Name: "ann", Password: "a:b:c"},
		"register:ann":              wire.Reg{Name: "ann"},
		"login:1:secret":            wire.Login{ID: 1, Password: "secret"},
		"login:1":                   wire.Login{ID: 1},
		"chat:2:hi":                 wire.OneChat{To: 2, Msg: "hi"},
		"chat: 2 :at 10:30: lunch?": wire.OneChat{To: 2, Msg: "at 10:30: lunch?"},
		"chat:2: hi ":               wire.OneChat{To: 2, Msg: " hi "},
		"chat:2:" + longest:         wire.OneChat{To: 2, Msg: longest},
		"addfriend:2147483647":      wire.AddFriend{Friend: wire.MaxID},
		"creategroup:go:a: b":       wire.CreateGroup{Name: "go", Desc: "a: b"},
		"creategroup:go":            wire.CreateGroup{Name: "go"},
		"addgroup:2147483648":       wire.AddGroup{Group: 2147483648},
		"groupchat:7:你好 👋":          wire.GroupChat{Group: 7, Msg: "你好 👋"},
	} {
		t.Run(line[:min(len(line), 40)], func(t *testing.T) {
			got, err := parse(line)

			if err != nil || got != want {
				t.Errorf("parse = %#v, %v; want %#v", got, err, want)
			}
		})
	}
}

func TestBadLineIsAnsweredWithTheRightForm(t *testing.T) {
	for line, want := range map[string]string{
		"hello":                    `there is no command "hello"; help shows those there are`,
		"Chat:2:hi":                `there is no command "Chat"; help shows those there are`,
		"chat":                     `"" is not an id: that is a number from 1 to 2147483647; write chat:ID:TEXT`,
		"chat:bob:hi":              `"bob" is not an id: that is a number from 1 to 2147483647; write chat:ID:TEXT`,
		"chat:2":                   `there is nothing to send; write chat:ID:TEXT`,
		"chat:2:":                  `there is nothing to send; write chat:ID:TEXT`,
		"login:0:x":                `"0" is not an id: that is a number from 1 to 2147483647; write login:ID:PASSWORD`,
		"addfriend:-1":             `"-1" is not an id: that is a number from 1 to 2147483647; write addfriend:ID`,
		"addfriend:2147483648":     `"2147483648" is not an id: that is a number from 1 to 2147483647; write addfriend:ID`,
		"addgroup:1e3":             `"1e3" is not an id: that is a number from 1 to 4611686018427387903; write addgroup:ID`,
		"groupchat:7":              `there is nothing to send; write groupchat:ID:TEXT`,
		"register::secret":         `a name is missing; write register:NAME:PASSWORD`,
		"creategroup::desc":        `the group's name is missing; write creategroup:NAME:DESCRIPTION`,
		"chat:2:caf\xe9":           `this is not UTF-8: set your terminal to it and type it again`,
		"chat:2:" + tooLong():      `the message has 8193 bytes and may have 8192; write chat:ID:TEXT`,
		"groupchat:2:" + tooLong(): `the message has 8193 bytes and may have 8192; write groupchat:ID:TEXT`,
	} {
		t.Run(line[:min(len(line), 40)], func(t *testing.T) {
			got, err := parse(line)

			if err == nil || err.Error() != want {
				t.Errorf("parse = %#v, %v; want the sentence %q", got, err, want)
			}
		})
	}
}

// tooLong is a message of one byte too many, though not of too many characters.
func tooLong() string { return strings.Repeat("é", wire.MaxMsg/2) + "x" }
