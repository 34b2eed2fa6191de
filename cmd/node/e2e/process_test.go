package e2e

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"chatserver/net/client/classictest"
)

func TestTerminatedNodeEndsOpenConnectionsAndExitsZero(t *testing.T) {
	n := startNode(t, database(t))
	user, _ := enroll(t, n, "ann")
	visitor := classictest.Dial(t, n.addr)
	half := classictest.Dial(t, n.addr)
	half.SendRaw([]byte(`{"msgid":1,"id":`))

	code := n.terminate()

	if code != 0 {
		t.Errorf("the node exits with %d", code)
	}
	user.WantEnd()
	visitor.WantEnd()
	half.WantEnd()
}

func TestClientWithMuchToReadDoesNotKeepANodeFromEndingInOrder(t *testing.T) {
	n := startNode(t, database(t), "--classic.pace", "250ms", "--limits.drain", "1s")
	anns, _ := enroll(t, n, "ann")
	_, bob := enroll(t, n, "bob")
	for range 30 { // 7.5 s of pushes
		anns.Chat(bob, "hi")
	}
	anns.Chat(999, "is all of it stored?")
	anns.WantAck(104)

	code := n.terminate()

	if said := n.stderr.String(); code != 0 || strings.Contains(said, "drain was not done in time") {
		t.Errorf("the node exits with %d and logged:\n%s", code, said)
	}
}

func TestSecondNodeOnTheSameFileIsToldPlainly(t *testing.T) {
	db := database(t)
	first := startNode(t, db)
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	cmd := nodeCommand(db)
	second := exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
	var stderr bytes.Buffer
	second.Stderr = &stderr

	err := second.Run()

	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() < 1 {
		t.Errorf("the second node ended with %v, want an exit code above 0", err)
	}
	if said := stderr.String(); !strings.Contains(said, db) || strings.Contains(said, "goroutine ") {
		t.Errorf("the second node said %q, want a sentence with the file in it", said)
	}
	enroll(t, first, "ann") // the first one lives on
}

func TestCheckReadsTheStoreOfARunningNode(t *testing.T) {
	db := database(t)
	n := startNode(t, db)
	enroll(t, n, "ann")

	said, err := exec.CommandContext(t.Context(), nodeBinary, "check", "--store", "sqlite:"+db).CombinedOutput()

	if want := db + " has schema "; err != nil || !strings.Contains(string(said), want) {
		t.Errorf("%v: %s", err, said)
	}
	enroll(t, n, "bob") // the node lives on
}

func TestNodeOnTheSameFileFindsEverythingAgain(t *testing.T) {
	db := database(t)
	n := startNode(t, db)
	anns, ann := enroll(t, n, "ann")
	bobs, bob := enroll(t, n, "bob")
	surely(anns, func() { anns.AddFriend(bob) })
	surely(bobs, func() { bobs.CreateGroup("gophers", "") })
	leave(bobs)
	anns.Chat(bob, "see you tomorrow")
	leave(anns)

	if code := n.terminate(); code != 0 {
		t.Fatalf("the node exits with %d", code)
	}
	n = startNode(t, db)

	anns, bobs = classictest.Dial(t, n.addr), classictest.Dial(t, n.addr)
	if ack := anns.Login(ann, password); len(ack.Friends) != 1 || ack.Friends[0].ID != bob {
		t.Errorf("ann finds %+v", ack)
	}
	ack := bobs.Login(bob, password)
	if len(ack.Groups) != 1 || ack.Groups[0].Name != "gophers" {
		t.Errorf("bob finds %+v", ack)
	}
	wantWaited(t, ack.Offline, "see you tomorrow")
}
