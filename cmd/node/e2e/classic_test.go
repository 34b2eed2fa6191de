package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatserver/net/client/classictest"
)

// enroll makes an account and returns a peer that is logged in to it.
func enroll(t *testing.T, n *node, name string) (*classictest.Peer, int64) {
	t.Helper()
	p := classictest.Dial(t, n.addr)
	id := p.Register(name, password)
	p.Login(id, password)
	return p, id
}

// surely does what can be done only once twice: when it returns, it is done.
func surely(p *classictest.Peer, act func()) {
	act()
	act()
	p.WantAck(105) // exists already
}

// logOut ends a peer's login: when it returns, messages to the user wait.
func logOut(p *classictest.Peer) {
	p.Logout()
	p.AddFriend(1)
	p.WantAck(102) // log in first
}

// leave ends a peer: when it returns, all that it sent is done.
func leave(p *classictest.Peer) {
	p.Finish()
	p.WantEnd()
}

func TestOriginalClientWalksThroughEverything(t *testing.T) {
	walkThroughEverything(t, startNode(t, database(t)))
}

// walkThroughEverything does all that the original's client can do.
func walkThroughEverything(t *testing.T, n *node) {
	t.Helper()
	walker := classictest.Dial(t, n.addr)
	ann := walker.Register("ann", password)
	bobs, bob := enroll(t, n, "bob")

	walker.Login(ann, password)
	surely(walker, func() { walker.AddFriend(bob) })
	surely(walker, func() { walker.CreateGroup("gophers", "a: b") })
	walker.Logout()
	group := wantAnnsWorld(t, walker.Login(ann, password), ann, bob)
	surely(bobs, func() { bobs.AddGroup(group) })

	sent := time.Now().Truncate(time.Second)
	walker.Chat(bob, "hi")
	wantNow(t, bobs.WantChat(ann, "hi"), "ann", sent)
	bobs.Chat(ann, "hello")
	wantNow(t, walker.WantChat(bob, "hello"), "bob", sent)
	bobs.GroupChat(group, "hello, all")
	wantNow(t, walker.WantGroupChat(group, bob, "hello, all"), "bob", sent)
	walker.GroupChat(group, "welcome")
	wantNow(t, bobs.WantGroupChat(group, ann, "welcome"), "ann", sent)

	logOut(walker)
	bobs.Chat(ann, "one")
	bobs.GroupChat(group, "two")
	bobs.Chat(ann, "three")
	leave(bobs)
	asBob := walker.Login(bob, password)
	if len(asBob.Offline) > 0 || len(asBob.Friends) > 0 || len(asBob.Groups) != 1 || asBob.Groups[0].Users[0].ID != bob {
		t.Errorf("on the same connection, bob finds %+v", asBob)
	}
	walker.Logout()
	asAnn := walker.Login(ann, password)
	wantWaited(t, asAnn.Offline, "one", "two", "three")
	leave(walker)
}

// wantAnnsWorld checks what ann finds at login and returns her group.
func wantAnnsWorld(t *testing.T, ack classictest.LoginAck, ann, bob int64) (group int64) {
	t.Helper()
	if len(ack.Groups) != 1 {
		t.Fatalf("ann finds %+v, want one group", ack)
	}
	group = ack.Groups[0].ID
	want := classictest.LoginAck{
		Reply:   classictest.Reply{MsgID: 2, ID: ann},
		Name:    "ann",
		Friends: []classictest.Person{{ID: bob, Name: "bob", State: "online"}},
		Groups: []classictest.Group{{ID: group, Name: "gophers", Desc: "a: b", Users: []classictest.Person{
			{ID: ann, Name: "ann", State: "online", Role: "creator"}}}},
	}
	if fmt.Sprintf("%+v", ack) != fmt.Sprintf("%+v", want) {
		t.Fatalf("ann finds\n%+v, want\n%+v", ack, want)
	}
	return group
}

// wantNow checks that a message bears the registered name and the server's time, not the client's.
func wantNow(t *testing.T, p classictest.Push, name string, since time.Time) {
	t.Helper()
	if _, err := time.Parse(time.DateTime, p.Time); err != nil {
		t.Errorf("time: %v", err)
	}
	at, _ := time.ParseInLocation(time.DateTime, p.Time, time.UTC)
	if p.Name != name || at.Before(since.Add(-time.Second)) || at.After(time.Now()) {
		t.Errorf("read %+v, want it from %q at about %v", p, name, since.UTC())
	}
}

// wantWaited checks the texts of messages that waited, in their order.
func wantWaited(t *testing.T, waited []classictest.Push, texts ...string) {
	t.Helper()
	var got []string
	for _, p := range waited {
		got = append(got, p.Msg)
	}
	if strings.Join(got, "\n") != strings.Join(texts, "\n") {
		t.Errorf("there waited %q, want %q", got, texts)
	}
}

func TestOfflineMessagesThatDoNotFitFollowInOrderAndAtThePace(t *testing.T) {
	const messages = 12
	n := startNode(t, database(t))
	anns, ann := enroll(t, n, "ann")
	bobs, bob := enroll(t, n, "bob")
	leave(bobs)
	for i := range messages {
		anns.Chat(bob, waiting(i))
	}
	leave(anns)

	bobs = classictest.Dial(t, n.addr)
	start := time.Now()
	ack := bobs.Login(bob, password)

	if len(ack.Offline) == 0 || len(ack.Offline) == messages {
		t.Errorf("%d of %d messages came with the login, want some and not all", len(ack.Offline), messages)
	}
	for i, p := range ack.Offline {
		if p.Msg != waiting(i) || p.From != ann {
			t.Errorf("message %d of the login is %+v", i, p)
		}
	}
	for i := len(ack.Offline); i < messages; i++ {
		bobs.WantChat(ann, waiting(i))
	}
	if took, least := time.Since(start), time.Duration(messages-len(ack.Offline))*pace; took < least {
		t.Errorf("all came within %v, want a pause of %v before each push", took, pace)
	}
}

// waiting is the i-th message that waits.
func waiting(i int) string { return fmt.Sprintf("message %02d, of the length that people write", i) }

func TestLongFriendListIsCutToFitAndOfflineMessagesStillCome(t *testing.T) {
	const friends = 20
	n := startNode(t, database(t))
	anns, ann := enroll(t, n, "ann")
	registrar := classictest.Dial(t, n.addr)
	var ids []int64
	for i := range friends {
		id := registrar.Register(fmt.Sprintf("somebody-with-a-name-%02d", i), password)
		surely(anns, func() { anns.AddFriend(id) })
		ids = append(ids, id)
	}
	leave(anns)
	registrar.Login(ids[0], password)
	registrar.Chat(ann, "are you there?")
	leave(registrar)

	anns = classictest.Dial(t, n.addr)
	ack := anns.Login(ann, password)

	if len(ack.Friends) == 0 || len(ack.Friends) == friends {
		t.Errorf("%d of %d friends came, want some and not all", len(ack.Friends), friends)
	}
	for i, f := range ack.Friends {
		if f.ID != ids[i] {
			t.Errorf("friend %d is %+v, want %d: in the order they were added", i, f, ids[i])
		}
	}
	if len(ack.Offline) == 0 {
		anns.WantChat(ids[0], "are you there?")
	}
}

func TestMessageArrivesAsItWasWrittenOrIsCutAtACharacter(t *testing.T) {
	n := startNode(t, database(t))
	anns, ann := enroll(t, n, "ann")
	bobs, bob := enroll(t, n, "bob")
	for name, msg := range map[string]string{
		"quotes and backslashes":  `she said "a\b", didn't she?`,
		"lines and tabs":          "one\ntwo\r\n\tthree",
		"controls":                "\x00\x01\x1b[2J\x7f\u0085\u2028",
		"Chinese":                 "你好，世界",
		"emoji":                   "👩‍👩‍👧 👋🏽 🇫🇷",
		"right to left":           "שלום مرحبا",
		"looks like the protocol": `{"msgid":6,"id":1}` + "\n" + `{"msgid":3}`,
	} {
		t.Run(name, func(t *testing.T) {
			anns.Chat(bob, msg)

			bobs.WantChat(ann, msg)
		})
	}
	for name, character := range map[string]string{"letters": "x", "Chinese": "好", "emoji": "👋", "quotes": `"`} {
		t.Run("5000 bytes of "+name, func(t *testing.T) {
			long := strings.Repeat(character, 5000/len(character))

			anns.Chat(bob, long)

			got := bobs.NextPush()
			kept, cut := strings.CutSuffix(got.Msg, "…")
			if !cut || kept == "" || strings.Trim(kept, character) != "" || len(kept)%len(character) != 0 {
				t.Errorf("read %q, want a beginning of the message and …", got.Msg)
			}
		})
	}
}
