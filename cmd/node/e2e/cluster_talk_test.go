package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"chatserver/cmd/client/bench"
	"chatserver/net/client"
	"chatserver/net/wire"
)

func TestOriginalClientsWalkThroughEverythingBehindNginx(t *testing.T) {
	t.Parallel()
	c := startCluster(t, "--limits.writers", "1") // two would store two conversations in any order
	_, front := c.front()

	walkThroughEverything(t, front)
}

func TestBothSidesAndGroupsOnThreeNodesReadOneOrder(t *testing.T) {
	t.Parallel()
	c := startCluster(t, "--limits.rate", "0", "--log-level", "info")

	people := gather(t, 6, func(i int) []string { return []string{c.nodes[i%3].addr} })

	people.until(200 / fewer)
	people.rest()
}

func TestFirstMessagesOfThreeNodesAtOnceAreNumberedOneToThree(t *testing.T) {
	t.Parallel()
	const conversations = 20
	c := startCluster(t)
	ann := register(t, c.nodes[0], "ann")
	annHere, annThere := logInV2(t, c.nodes[0], ann), logInV2(t, c.nodes[1], ann)
	for i := range conversations {
		bob := register(t, c.nodes[2], "bob"+strconv.Itoa(i))
		bobs := logInV2(t, c.nodes[2], bob)

		stored := atOnce(t, []errand{
			{annHere, wire.OneChat{To: bob, Msg: "from one node", CID: fmt.Sprint("one", i)}},
			{annThere, wire.OneChat{To: bob, Msg: "from another", CID: fmt.Sprint("two", i)}},
			{bobs, wire.OneChat{To: ann, Msg: "from the third", CID: fmt.Sprint("three", i)}},
		})

		if seqs := slices.Sorted(slices.Values([]uint64{stored[0].Seq, stored[1].Seq, stored[2].Seq})); !slices.Equal(seqs, []uint64{1, 2, 3}) {
			t.Errorf("the first three messages have the numbers %v", seqs)
		}
		history := ask(t, bobs, wire.Sync{Conv: wire.WithUser(ann)}).(wire.SyncAck)
		if len(history.Msgs) != 3 || history.Head != 3 {
			t.Errorf("bob finds %+v", history)
		}
	}
}

func TestOneCIDSentToTwoNodesAtOnceIsStoredOnce(t *testing.T) {
	t.Parallel()
	const messages = 20
	c := startCluster(t)
	ann, bob := register(t, c.nodes[0], "ann"), register(t, c.nodes[2], "bob")
	here, there := logInV2(t, c.nodes[0], ann), logInV2(t, c.nodes[1], ann)
	for i := range messages {
		same := wire.OneChat{To: bob, Msg: "hi", CID: strconv.Itoa(i)}

		stored := atOnce(t, []errand{{here, same}, {there, same}})

		if stored[0].Seq != uint64(i)+1 || stored[1].Seq != stored[0].Seq || stored[0].Dup == stored[1].Dup {
			t.Errorf("message %d is stored as %+v and as %+v; want one number, and a dup", i+1, stored[0], stored[1])
		}
	}
	history := ask(t, logInV2(t, c.nodes[2], bob), wire.Sync{Conv: wire.WithUser(ann)}).(wire.SyncAck)
	if len(history.Msgs) != messages {
		t.Errorf("bob finds %d messages, not %d", len(history.Msgs), messages)
	}
}

func TestFourthNodeNeedsOneMoreLineOfNginxOnly(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	nginx, front := c.front()
	people := gather(t, 6, func(int) []string { return []string{front.addr} })
	yan, zoe := register(t, front, "yan"), register(t, front, "zoe")
	yans := logInV2(t, c.nodes[0], yan)

	c.grow()
	if err := nginx.Reload(t.Context(), c.addresses()); err != nil {
		t.Fatal(err)
	}

	fourth := dialNode(t, front, "n4", 4) // of four clients after a reload each is on another node
	ask(t, fourth, wire.Login{V: wire.V2, ID: zoe, Password: password})
	ask(t, fourth, wire.OneChat{To: yan, Msg: "hi from the fourth", CID: "1"})
	if p := nextPush(t, yans); p.Msg != "hi from the fourth" {
		t.Errorf("yan reads %+v", p)
	}
	people.live(patience)
	people.rest()
}

func TestBenchAcrossNodesFindsNoFault(t *testing.T) {
	t.Parallel()
	c := startCluster(t, "--limits.rate", "0", "--log-level", "info")
	for _, args := range [][]string{
		{"chat", "--conns", "12", "--messages", "100", "--window", "16"},
		{"group", "--members", "12", "--messages", "50", "--window", "4"},
	} {
		r := measure(t, c.nodes[0], append(args, "--addrs", c.nodes[1].addr, "--addrs", c.nodes[2].addr)...)

		if m := r.Messages; m.Faults != (bench.Faults{}) || m.Acknowledged == 0 {
			t.Errorf("%q: %+v", args, m)
		}
	}
}

// dialNode connects so many clients at once and returns the one that the node of that name serves.
func dialNode(t *testing.T, front *node, name string, clients int) *client.Conn {
	t.Helper()
	var seen []string
	for range clients {
		conn, err := client.Dial(t.Context(), front.addr, wire.V2)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		hello := ask(t, conn, wire.Hello{V: wire.V2}).(wire.HelloAck)
		if hello.Node == name {
			return conn
		}
		seen = append(seen, hello.Node)
	}
	t.Fatalf("%s serves none of the clients, who are on %q", name, seen)
	return nil
}

// errand is a request that somebody sends.
type errand struct {
	by      *client.Conn
	request wire.Request
}

// atOnce sends all of them at once and returns how each was stored.
func atOnce(t *testing.T, errands []errand) []wire.Stored {
	t.Helper()
	stored := make([]wire.Stored, len(errands))
	failed := make([]error, len(errands))
	var all sync.WaitGroup
	for i, e := range errands {
		all.Go(func() {
			var reply wire.Reply
			if reply, failed[i] = e.by.Ask(t.Context(), e.request); failed[i] == nil {
				stored[i] = reply.(wire.Stored)
			}
		})
	}
	all.Wait()
	for i, err := range failed {
		if err != nil {
			t.Fatalf("%+v: %v", errands[i].request, err)
		}
	}
	return stored
}
