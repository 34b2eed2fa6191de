package e2e

import (
	"slices"
	"strings"
	"testing"

	"chatserver/cmd/client/terminaltest"
	"chatserver/net/wire"
)

func TestMessageIsShownAsSentThenDeliveredThenRead(t *testing.T) {
	n := startNode(t, database(t))
	register(t, n, "ann")
	register(t, n, "bob")
	ann := openScreen(t, n, "ann", 80, 12)

	ann.Types("/msg bob hi bob, all well? 你好 👋\r")
	ann.Sees("ann  hi bob, all well? 你好 👋  (sent)")
	bob := openScreen(t, n, "bob", 80, 12)
	bob.Sees("1 unread (Alt-A)")
	ann.Sees("你好 👋  (delivered)")
	bob.Types("\x1ba")
	bob.Sees("ann  hi bob, all well? 你好 👋")
	ann.Sees("你好 👋  (read)")
	bob.Types("yes, and you?\r")

	ann.Sees("bob  yes, and you?")
	bob.Sees("bob  yes, and you?  (read)")
}

func TestWhatIsTypedWhileTheNodeIsAwayGoesOutOnce(t *testing.T) {
	for name, end := range map[string]func(*node){
		"killed":      (*node).kill,
		"told to end": func(n *node) { n.terminate() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time both wait to connect again
			db := database(t)
			n := startNode(t, db)
			annID, bobID := register(t, n, "ann"), register(t, n, "bob")
			ann, bob := openScreen(t, n, "ann", 80, 16), openScreen(t, n, "bob", 80, 16)
			bob.Types("/msg ann hi\r")
			ann.Sees("1 unread (Alt-A)")
			ann.Types("\x1bahi bob\r")
			ann.Sees("ann  hi bob  (read)")

			ann.Types("on its way\r")
			end(n)
			ann.Types("while it is away\rstill away\rhalf a thou")
			ann.Sees("reconnecting in ")
			ann.Sees("still away  (waiting)")
			ann.Sees("> half a thou")
			bob.Sees("reconnecting in ")
			n = startNode(t, db, "--listen", "tcp://"+n.addr)

			ann.Sees("still away  (read)")
			ann.Sees("> half a thou")
			want := []string{"hi", "hi bob", "on its way", "while it is away", "still away"}
			showsJust(t, ann, want)
			showsJust(t, bob, want)
			if got := conversation(t, n, annID, bobID); !slices.Equal(got, want) {
				t.Errorf("stored are %q, want %q", got, want)
			}
		})
	}
}

// openScreen is a person who logs in at a terminal of a size, on a computer of its own.
func openScreen(t *testing.T, n *node, name string, width, height int) *terminaltest.Terminal {
	t.Helper()
	c := terminaltest.Open(t, width, height)
	c.Start(homeless(t), clientBinary, "--addr", n.addr)
	c.Sees("not logged in")
	c.Types("/login " + name + "\r" + password + "\r")
	c.Sees("you are " + name + " [")
	return c
}

// showsJust waits until a conversation is shown with these messages, each once and in order.
func showsJust(t *testing.T, c *terminaltest.Terminal, messages []string) {
	t.Helper()
	if screen, ok := c.Until(func(screen string) bool { return slices.Equal(shown(screen), messages) }); !ok {
		t.Errorf("shown are %q, want %q, on\n%s", shown(screen), messages, screen)
	}
}

// shown are the messages on a screen, without who wrote them and how far they came.
func shown(screen string) (messages []string) {
	for line := range strings.Lines(screen) {
		_, history, _ := strings.Cut(line, "│")
		if _, message, ok := strings.Cut(history, "  "); ok {
			message, _, _ = strings.Cut(message, "  (")
			messages = append(messages, strings.TrimSpace(message))
		}
	}
	return messages
}

// conversation is what a user reads of a conversation with another one.
func conversation(t *testing.T, n *node, reader, with int64) (said []string) {
	t.Helper()
	ack := ask(t, logInV2(t, n, reader), wire.Sync{Conv: wire.WithUser(with), Limit: 100}).(wire.SyncAck)
	for _, m := range ack.Msgs {
		said = append(said, m.Msg)
	}
	return said
}
