package chat

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

func TestScreenShowsListHistoryAndWhatIsTyped(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 24)

	c.hears(annsIn, client.CaughtUp{},
		said(toBob, bob, 1, "hi ann"),
		said(inGo, cid, 1, "welcome, both of you"),
		said(inGo, bob, 2, "two lines\nof which none can be taken for\n12:05 ann  another message"))
	c.Types("\x1b1")
	c.Sees("hi ann")
	c.hears(
		said(toBob, ann, 2, "hi bob, how are you?"),
		said(toBob, ann, 3, "this one he did not read yet"),
		client.Marked(wire.Marked{Conv: toBob, ID: 2, Delivered: 3, Read: 2}),
		client.Typed(wire.Typed{Conv: toBob, ID: 2}))
	c.Types("half a sent")

	c.shows("conversation")
}

func TestWideCharactersKeepTheirPlaces(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 60, 14)
	li := wire.Peer{ID: 4, Name: "李雷", Online: true}

	c.hears(annsIn, client.CaughtUp{},
		said(wire.WithUser(4), li, 1, strings.Repeat("你好，世界。", 10)),
		said(wire.WithUser(4), li, 2, "👋 👩‍👩‍👧 🇨🇭 e\u0301 שלום"))
	c.Types("\x1b3")
	c.Sees("👋")
	c.Types("你好 👩‍👩‍👧")

	c.shows("wide")
}

func TestScreenFitsWhateverSizeTheTerminalGets(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 24)
	c.hears(annsIn, client.CaughtUp{}, said(toBob, bob, 1, strings.Repeat("a word or two ", 12)))
	c.Types("\x1b1and a long line to be typed that has to be wrapped somewhere")
	c.Sees("somewhere")

	for _, size := range []struct{ width, height int }{{100, 30}, {40, 12}, {20, 5}, {1, 1}, {80, 24}} {
		c.Resize(size.width, size.height)
		if size.width > 1 {
			c.shows(fmt.Sprintf("size-%dx%d", size.width, size.height))
		}
	}
}

func TestLostConnectionIsToldAndMessagesWait(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	c.hears(annsIn, client.CaughtUp{}, said(toBob, bob, 1, "hi ann"))
	c.Types("\x1b1")
	c.Sees("hi ann")

	c.hears(client.Offline{Err: fmt.Errorf("reset"), Retry: 3 * time.Second})
	c.Types("are you\rthere?\rand a draft")
	c.Sees("a draft")
	c.shows("offline")
	c.hears(client.Connecting{Addr: "127.0.0.1:6000"})
	c.Sees("connecting to 127.0.0.1:6000…")
	c.hears(annsIn,
		client.Stored{Outgoing: client.Outgoing{Conv: toBob, CID: "c1", Text: "are you"}, Seq: 2, Ts: noon},
		client.Stored{Outgoing: client.Outgoing{Conv: toBob, CID: "c2", Text: "there?"}, Seq: 3, Ts: noon})

	c.shows("online-again")
}

func TestHistoryScrollsBackThroughWhatTheServerHas(t *testing.T) {
	f := &fakeSession{stored: map[wire.Conv][]wire.Push{}}
	for seq := range uint64(250) {
		f.stored[toBob] = append(f.stored[toBob], said(toBob, bob, seq+1, fmt.Sprintf("message %d", seq+1)).Push)
	}
	c := openTerminal(t, f, 80, 12)
	online := annsIn
	online.Convs = []wire.ConvState{{Conv: toBob, Head: 250, Read: 245}}
	c.hears(online, client.CaughtUp{})

	c.Types("\x1b1")
	c.Sees("message 250")
	c.shows("unread")
	c.Types("\x1b[5~")
	c.Sees("message 239")
	c.hears(said(toBob, bob, 251, "not seen yet"))
	c.shows("scrolled")
	for !strings.Contains(c.Screen(), "message 1\n") {
		before := c.Screen()
		c.Types("\x1b[5~")
		if now, ok := c.Until(func(screen string) bool { return screen != before }); !ok {
			t.Fatalf("PgUp goes no further than\n%s", now)
		}
	}
	c.Types(strings.Repeat("\x1b[6~", 40))
	c.Sees("not seen yet")
}

func TestWhatOthersWriteCannotDrawOnTheScreen(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	const evil = "a\x1b[2J\u009b1;1H\r\b\u202eb"
	online := annsIn
	online.Groups = []wire.Membership{{ID: 7, Name: evil, Desc: evil}}
	mallory := wire.Peer{ID: 2, Name: evil}

	c.hears(online, client.CaughtUp{}, said(toBob, mallory, 1, evil))
	c.Types("\x1b1")
	c.Sees("12:01")
	c.shows("hostile")
}

func TestPasswordIsTypedUnseen(t *testing.T) {
	f := &fakeSession{}
	c := openTerminal(t, f, 80, 10)
	c.hears(client.Ended{Err: &wire.Fault{Errno: wire.Denied, Text: "id or password is invalid!"}})
	c.Sees("login failed: id or password is invalid!")

	c.Types("/login ann\rsecret")
	c.Sees("password of ann: ******")
	c.Types("\r")

	c.hears(annsIn)
	c.Sees("you are ann [1]")
}

func TestTabCompletesCommandsNamesAndGroups(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	c.hears(annsIn, client.CaughtUp{})

	c.Types("/ms\tb\tone \x15")
	c.Types("/un\t")
	c.Sees("/unread  /unfriend  /unblock  /unban")
	c.Sees("> /unread")
	c.Types("\t")
	c.Sees("> /unfriend")
	c.Types("\x1b")
	c.Sees("> /un\n")
	c.Types("\x15/msg #\t")
	c.Sees("> /msg #go")
}

func TestDraftsStayWithTheirConversations(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	c.hears(annsIn, client.CaughtUp{})

	c.Types("\x1b1for bob")
	c.Sees("> for bob")
	c.Types("\x1b3for the group")
	c.Sees("> for the group")
	c.Types("\x10\x10") // Ctrl-P: back to bob
	c.Sees("> for bob")
	c.Types("\x0e\x0e") // Ctrl-N: on to the group

	c.Sees("> for the group")
}

func TestUpBringsBackWhatWasTypedButNoPassword(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	c.hears(annsIn, client.CaughtUp{})

	c.Types("\x1b1one\rtwo\r/login ann secret\rdraft\x1b[A")
	c.Sees("> two\n")
	c.Types("\x1b[A")
	c.Sees("> one\n")
	c.Types("\x1b[B\x1b[B")
	c.Sees("> draft\n")
}

func TestSearchScrollsToWhatWasSaid(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	c.hears(annsIn, client.CaughtUp{})
	for seq := range uint64(40) {
		c.hears(said(toBob, bob, seq+1, fmt.Sprintf("message %d", seq+1)))
	}

	c.Types("\x1b1/search MESSAGE 1\r")
	c.Sees("message 19\n")
	c.Types("/search\r")
	c.Sees("message 18\n")
	c.Types("\x1b")

	c.Sees("message 40\n")
}

func TestReadIsToldOnceTheMessagesAreLookedAt(t *testing.T) {
	f := &fakeSession{}
	c := openTerminal(t, f, 80, 10)

	c.hears(annsIn, client.CaughtUp{}, said(toBob, bob, 1, "hi"))
	c.Sees("1 unread")
	c.Types("\x1b1")
	c.Sees("12:01 bob  hi\n")
	c.Types("\x1b[Oan answer") // the terminal is not looked at
	c.Sees("> an answer")
	c.hears(said(toBob, bob, 2, "are you there?"))
	c.Sees("are you there?")
	if got := f.told(); got != "u:2 1" {
		t.Errorf("read was told as %q, want u:2 1", got)
	}
	c.Types("\x1b[I.")
	c.Sees("> an answer.")

	if got := f.told(); got != "u:2 1, u:2 2" {
		t.Errorf("read was told as %q, want u:2 1, u:2 2", got)
	}
}

func TestLeavingRestoresTheTerminal(t *testing.T) {
	for name, leave := range map[string]struct {
		by   func(c *terminal)
		code int
	}{
		"Ctrl-C twice": {func(c *terminal) { c.Types("\x03"); c.Sees("Ctrl-C once more leaves"); c.Types("\x03") }, allWell},
		"/quit":        {func(c *terminal) { c.Types("/quit\r") }, allWell},
		"a signal":     {func(c *terminal) { c.Stop() }, interrupted},
		"a panic":      {func(c *terminal) { c.Types("\x1b1x") }, failed},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeSession{typing: func() { panic("a bug") }}
			c := openTerminal(t, f, 80, 10)
			c.hears(annsIn)
			c.Sees("you are ann [1]")

			leave.by(c)

			c.Exits(leave.code)
			c.Restored()
			if !f.closed {
				t.Error("the session was not closed")
			}
		})
	}
}

func TestLeavingTellsOfMessagesThatWait(t *testing.T) {
	c := openTerminal(t, &fakeSession{}, 80, 10)
	c.hears(annsIn, client.Offline{Err: fmt.Errorf("reset"), Retry: time.Second})

	c.Types("\x1b1hi\r/quit\r")

	c.Exits(allWell)
	c.Sees("1 message waits and will be sent when you log in here again")
}
