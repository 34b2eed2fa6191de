package chat

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"chatserver/cmd/client/terminaltest"
	"chatserver/net/client"
)

var update = flag.Bool("update", false, "write the screens that tests see to testdata")

// soon is how long a test waits for what must come; only one that fails waits so long.
const soon = 20 * time.Second

// terminal is a person at a terminal in which the client runs for ann's account.
type terminal struct {
	*terminaltest.Terminal
	t       *testing.T
	session *fakeSession
}

// openTerminal runs the client with a session in a terminal of a size.
func openTerminal(t *testing.T, f *fakeSession, width, height int) *terminal {
	t.Helper()
	f.events = make(chan client.Event)
	c := &terminal{terminaltest.Open(t, width, height), t, f}
	c.Run(func(ctx context.Context, tty *os.File) int {
		return runScreen(ctx, f.world(), Options{Account: "ann", In: tty, Out: tty},
			tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	})
	return c
}

// hears lets things happen to the session.
func (c *terminal) hears(events ...client.Event) {
	c.t.Helper()
	for _, e := range events {
		select {
		case c.session.events <- e:
		case <-time.After(soon):
			c.t.Fatalf("the client does not take %T; it shows\n%s", e, c.Screen())
		}
	}
}

// shows waits until the terminal shows the screen of that name in testdata.
func (c *terminal) shows(name string) {
	c.t.Helper()
	path := filepath.Join("testdata", name+".screen")
	if *update {
		c.Quiet()
		if err := os.WriteFile(path, []byte(c.Screen()), 0o644); err != nil {
			c.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	if got, ok := c.Until(func(screen string) bool { return screen == string(want) }); !ok {
		c.t.Fatalf("the terminal shows\n%s\nwant\n%s", got, want)
	}
}
