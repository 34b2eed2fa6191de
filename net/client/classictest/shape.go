package classictest

import "testing"

// Reply is what a request was answered with.
type Reply struct {
	MsgID  int    `json:"msgid"`
	Errno  int    `json:"errno"`
	Errmsg string `json:"errmsg"`
	ID     int64  `json:"id"`
	Re     int    `json:"re"` // of an ACK: the msgid of what it answers
}

// LoginAck is the answer to a login, its lists unpacked.
type LoginAck struct {
	Reply
	Name    string
	Offline []Push
	Friends []Person
	Groups  []Group
}

// Person is a friend, or a member of a group who has a Role.
type Person struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"`
	Role  string `json:"role"`
}

// Group is a group that one is in.
type Group struct {
	ID    int64
	Name  string
	Desc  string
	Users []Person
}

// Push is a message from somebody.
type Push struct {
	MsgID int    `json:"msgid"`
	From  int64  `json:"id"`
	Name  string `json:"name"`
	To    int64  `json:"toid"`
	Group int64  `json:"groupid"`
	Msg   string `json:"msg"`
	Time  string `json:"time"`
}

// readPush reads a message and requires what the original needs of it.
func readPush(t testing.TB, text []byte) Push {
	t.Helper()
	fields := parse[Object](t, text)
	for _, key := range []string{"name", "msg", "time"} {
		if _, ok := fields[key].(string); !ok {
			t.Fatalf("%s: the original needs a text %q", text, key)
		}
	}
	push := parse[Push](t, text)
	addressed := push.MsgID == oneChatID && push.To > 0 || push.MsgID == groupChatID && push.Group > 0
	if !addressed || push.From < 1 {
		t.Fatalf("%s is no message with its sender and receiver", text)
	}
	return push
}

// readLoginAck reads an answer whose lists are arrays of texts that hold JSON.
func readLoginAck(t testing.TB, text []byte) LoginAck {
	t.Helper()
	fields := parse[struct {
		Reply
		Name                        string
		OfflineMsg, Friends, Groups []string
	}](t, text)
	ack := LoginAck{Reply: fields.Reply, Name: fields.Name}
	for _, s := range fields.OfflineMsg {
		ack.Offline = append(ack.Offline, readPush(t, []byte(s)))
	}
	for _, s := range fields.Friends {
		ack.Friends = append(ack.Friends, parse[Person](t, []byte(s)))
	}
	for _, s := range fields.Groups {
		ack.Groups = append(ack.Groups, readGroup(t, s))
	}
	return ack
}

func readGroup(t testing.TB, text string) Group {
	t.Helper()
	fields := parse[struct {
		ID                   int64
		GroupName, GroupDesc string
		Users                []string
	}](t, []byte(text))
	g := Group{ID: fields.ID, Name: fields.GroupName, Desc: fields.GroupDesc}
	for _, s := range fields.Users {
		g.Users = append(g.Users, parse[Person](t, []byte(s)))
	}
	return g
}
