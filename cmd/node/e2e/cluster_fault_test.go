package e2e

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/net/client"
	"chatserver/net/client/classictest"
	"chatserver/net/wire"
)

// recovery is how long after the return of what was lost all clients are live again.
const recovery = 10 * time.Second

func TestNobodyMissesAMessageWhateverIsKilled(t *testing.T) {
	t.Parallel()
	c := startClusterOn(t, servertest.MariaDB(t), "--limits.rate", "0", "--log-level", "info")
	_, front := c.front()
	people := gather(t, 6, func(int) []string { return []string{front.addr} })
	for _, fault := range []struct {
		name string
		kill func()
	}{
		{"a node", c.nodes[1].kill},
		{"nobody, the node is back", func() { c.restart(1) }},
		{"Redis, which stays away", func() { kill(t, c.bus.Server) }},
		{"nobody, Redis is back and empty", func() { start(t, c.bus.Server) }},
		{"Redis, which is back at once", func() { kill(t, c.bus.Server); start(t, c.bus.Server) }},
		{"MariaDB", func() { kill(t, c.store.Server); start(t, c.store.Server) }},
	} {
		people.live(patience)

		fault.kill()
		returned := time.Now()

		people.live(recovery)
		t.Logf("killed was %s; all are live again after %v", fault.name, time.Since(returned))
		people.rest()
		people.talk()
	}
}

func TestUsersOfAKilledNodeAreOfflineAndLogInElsewhereAtOnce(t *testing.T) {
	t.Parallel()
	c := startCluster(t, "--limits.absence", "1s")
	ann, bob, carl := register(t, c.nodes[0], "ann"), register(t, c.nodes[0], "bob"), register(t, c.nodes[0], "carl")
	anns := logInV2(t, c.nodes[0], ann)
	ask(t, anns, wire.AddFriend{Friend: bob})
	ask(t, anns, wire.AddFriend{Friend: carl})
	classictest.Dial(t, c.nodes[1].addr).Login(bob, password)
	classictest.Dial(t, c.nodes[1].addr).Login(carl, password)
	wantStates(t, anns, true, true)

	c.nodes[1].kill()
	killed := time.Now()
	ask(t, anns, wire.OneChat{To: bob, Msg: "are you there?", CID: "1"})
	bobs := classictest.Dial(t, c.nodes[2].addr)
	waited := bobs.Login(bob, password)

	if took := time.Since(killed); took > 2*time.Second {
		t.Errorf("the login elsewhere took %v", took)
	}
	wantWaited(t, waited.Offline, "are you there?")
	ask(t, anns, wire.OneChat{To: bob, Msg: "there you are", CID: "2"})
	bobs.WantChat(ann, "there you are")
	awaitPresence(t, anns, carl, false)
	if took := time.Since(killed); took > recovery {
		t.Errorf("that carl is gone was told after %v", took)
	}
	wantStates(t, anns, true, false)
}

func TestNodeThatSleptLongerThanItsLeaseMissesNothing(t *testing.T) {
	t.Parallel()
	c := startCluster(t, "--limits.rate", "0", "--limits.absence", "1s", "--log-level", "info")
	ann, bob := register(t, c.nodes[0], "ann"), register(t, c.nodes[1], "bob")
	anns := logInV2(t, c.nodes[0], ann)
	logInV2(t, c.nodes[1], bob)
	ask(t, anns, wire.AddFriend{Friend: bob})
	people := gather(t, 6, func(i int) []string { return []string{c.nodes[i%3].addr} })
	people.live(patience)

	c.nodes[1].signal(syscall.SIGSTOP)
	awaitPresence(t, anns, bob, false) // its lease is over
	c.nodes[1].signal(syscall.SIGCONT)

	people.live(recovery)
	people.rest()
	awaitPresence(t, anns, bob, true)
}

func kill(t *testing.T, s *servers.Server) {
	t.Helper()
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, s *servers.Server) {
	t.Helper()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// wantStates asks for the states of the friends, in their order: true is online.
func wantStates(t *testing.T, conn *client.Conn, want ...bool) {
	t.Helper()
	var got []bool
	for _, friend := range ask(t, conn, wire.Friends{}).(wire.FriendList).Friends {
		got = append(got, friend.Online)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the friends are online: %v, want %v", got, want)
	}
}

// awaitPresence reads until a friend is told to be here, or to be gone.
func awaitPresence(t *testing.T, conn *client.Conn, friend int64, online bool) {
	t.Helper()
	for {
		_, reply, err := conn.Next()
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := reply.(wire.Presence); ok && p.ID == friend && p.Online == online {
			return
		}
	}
}
