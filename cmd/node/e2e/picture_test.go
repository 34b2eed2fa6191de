package e2e

import (
	"flag"
	"os"
	"strings"
	"testing"

	"chatserver/cmd/client/terminaltest"
	"chatserver/net/client"
	"chatserver/net/wire"
)

// picture is where TestPictureOfARealRun leaves what it draws:
//
//	go test ./cmd/node/e2e -run Picture -picture ../../../docs/tui.svg
var picture = flag.String("picture", "", "write the picture of the screen to a file")

func TestPictureOfARealRun(t *testing.T) {
	n := startNode(t, database(t))
	people := map[string]int64{"ann": register(t, n, "ann")}
	conn := logInV2(t, n, people["ann"])
	for _, name := range []string{"bob", "cid", "mia", "李雷"} {
		people[name] = register(t, n, name)
		ask(t, conn, wire.AddFriend{Friend: people[name]})
	}
	conn.Close()
	ann, lei, bob := openScreen(t, n, "ann", 88, 16), openScreen(t, n, "李雷", 88, 16), openScreen(t, n, "bob", 88, 16)
	cid := openDevice(t, n, client.Memory(), client.Credentials{ID: people["cid"], Password: password})

	bob.Types("/group gophers\r")
	bob.Sees("group gophers [1] was made")
	ann.Types("/join 1\r")
	ann.Sees("you are in group gophers [1] now")
	ask(t, logInV2(t, n, people["cid"]), wire.AddGroup{Group: 1})
	converse(ann, lei)
	bob.Types("/msg #gophers who takes the night shift?\r")
	bob.Sees("who takes the night shift?  (sent)")
	if _, err := cid.Send(wire.InGroup(1), "me, if there is cake 🍰"); err != nil {
		t.Fatal(err)
	}
	bob.Types("/msg ann lunch?\r")
	ann.Types("go on, I am all")

	ann.Sees("😄  (read)")
	ann.Sees("3 unread (Alt-A)")
	ann.Sees("> go on, I am all")
	lei.Types("let me try") // what is said of it is soon over
	ann.Sees("李雷 is writing…")
	if *picture != "" {
		if err := os.WriteFile(*picture, []byte(ann.Draw()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// converse is what ann and 李雷 say to each other.
func converse(ann, lei *terminaltest.Terminal) {
	ann.Types("/msg 李雷\r")
	for _, says := range []struct {
		from, to   *terminaltest.Terminal
		name, text string
	}{
		{lei, ann, "ann", "早上好 👋 is the new node up?"},
		{ann, lei, "李雷", "早！Up since nine. I restarted it twice while all of you were talking."},
		{lei, ann, "ann", "什么？Nobody in #gophers noticed 😮"},
		{ann, lei, "李雷", "Your clients waited, and sent it all when it was back: 一条不多，一条不少 ✨"},
		{lei, ann, "ann", "厉害！And if I pull the plug now, with half a sentence typed and the rest of it still in my head?"},
		{ann, lei, "李雷", "Then you finish it later. Your draft stays 😄"},
	} {
		says.from.Types("/msg " + says.name + " " + says.text + "\r") // a line with a slash tells nobody of typing
		says.to.Sees(strings.Fields(says.text)[0])
	}
}
