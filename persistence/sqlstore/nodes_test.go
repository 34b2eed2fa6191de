package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/persistence"
)

// nodes are two nodes' stores on one database, with some users. The second one's statements have few rows.
type nodes struct {
	db     *servers.MariaDB
	stores [2]*Store
	users  []persistence.UserID
}

func newNodes(t *testing.T) *nodes {
	n := &nodes{db: servertest.MariaDB(t)}
	url := newDatabase(t, n.db, "chat")
	n.stores[0] = openOn(t, url, Options{})
	d := mySQL()
	d.rows = 3
	var err error
	if n.stores[1], err = open(t.Context(), d, strings.TrimPrefix(url, "mysql:"), Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.stores[1].Close() })
	for i := range 6 {
		n.users = append(n.users, register(t, n.stores[0], fmt.Sprint("user", i)))
	}
	return n
}

// both runs f for each of the stores at once.
func (n *nodes) both(f func(i int, s *Store)) {
	var wg sync.WaitGroup
	for i, s := range n.stores {
		wg.Go(func() { f(i, s) })
	}
	wg.Wait()
}

// contiguous are the messages of a conversation, whose numbers must be 1, 2, 3 ….
func (n *nodes) contiguous(t *testing.T, conv persistence.Conv) []persistence.Message {
	t.Helper()
	msgs, err := n.stores[0].Range(t.Context(), conv, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range msgs {
		if m.Seq != uint64(i+1) {
			t.Fatalf("message %d of %v has number %d", i+1, conv, m.Seq)
		}
	}
	if head, err := n.stores[1].Head(t.Context(), conv); err != nil || head != uint64(len(msgs)) {
		t.Fatalf("%v has head %d, %v, and %d messages", conv, head, err, len(msgs))
	}
	return msgs
}

func TestTenNodesMayStartAtOnceOnAnEmptyDatabase(t *testing.T) {
	url := newDatabase(t, servertest.MariaDB(t), "chat")
	var wg sync.WaitGroup
	epochs := make([]string, 10)
	for i := range epochs {
		wg.Go(func() {
			s, err := Open(t.Context(), url, Options{Connections: 4})
			if err != nil {
				t.Error(err)
				return
			}
			epochs[i], err = s.Epoch(t.Context())
			if err := errors.Join(err, s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, epoch := range epochs {
		if epoch == "" || epoch != epochs[0] {
			t.Errorf("epochs %q", epochs)
		}
	}
}

func TestTwoNodesMayWriteAConversationsFirstMessageAtOnce(t *testing.T) {
	n := newNodes(t)
	for i, a := range n.users {
		for _, b := range n.users[i:] {
			conv := persistence.Direct(a, b)
			n.both(func(node int, s *Store) {
				out, err := s.Append(t.Context(), []persistence.Draft{{Conv: conv, Sender: a, CID: fmt.Sprint(conv, node), Body: "hi"}})
				if err != nil || out[0].Err != nil {
					t.Error(out, err)
				}
			})
			if msgs := n.contiguous(t, conv); len(msgs) != 2 {
				t.Errorf("%v has %d messages", conv, len(msgs))
			}
		}
	}
}

func TestOneCIDOnTwoNodesAtOnceIsStoredOnce(t *testing.T) {
	n := newNodes(t)
	ann, conv := n.users[0], persistence.Direct(n.users[0], n.users[1])
	for i := range 50 {
		var outs [2]persistence.Outcome
		n.both(func(node int, s *Store) {
			draft := persistence.Draft{Conv: conv, Sender: ann, CID: fmt.Sprint(i), Body: "hi"}
			out, err := s.Append(t.Context(), []persistence.Draft{draft, note(ann, 2*i+node)})
			if err != nil {
				t.Error(err)
				return
			}
			outs[node] = out[0]
		})
		if outs[0].Dup == outs[1].Dup || outs[0].Seq != outs[1].Seq {
			t.Fatalf("%+v", outs)
		}
	}
	if msgs := n.contiguous(t, conv); len(msgs) != 50 {
		t.Errorf("%d messages", len(msgs))
	}
	if notes := n.contiguous(t, persistence.Direct(ann, ann)); len(notes) != 100 {
		t.Errorf("%d notes", len(notes))
	}
}

func TestNumbersHaveNoHoleWhateverTwoNodesAppend(t *testing.T) {
	n := newNodes(t)
	n.wantStored(t, n.chatter(t, 60, nil))
}

func TestNothingAcknowledgedIsLostOrDoubledWhenConnectionsAreKilled(t *testing.T) {
	n := newNodes(t)
	ctx, cancel := context.WithCancel(t.Context())
	killed := make(chan int)
	go func() { killed <- n.killConnections(ctx) }()

	acked := n.chatter(t, 60, nil)

	cancel()
	if kills := <-killed; kills < 5 {
		t.Errorf("only %d connections were killed", kills)
	}
	n.wantStored(t, acked)
}

// killConnections kills one of the stores' connections after another until ctx ends.
func (n *nodes) killConnections(ctx context.Context) (kills int) {
	for ctx.Err() == nil {
		ids, err := n.db.Query(ctx, "SELECT id FROM information_schema.processlist WHERE db = 'chat' ORDER BY RAND() LIMIT 3")
		if err != nil {
			return kills
		}
		for _, id := range strings.Fields(ids) {
			if _, err := n.db.Query(ctx, "KILL "+id); err == nil {
				kills++
			}
		}
	}
	return kills
}

func TestNothingAcknowledgedIsLostOrDoubledWhenTheServerIsKilled(t *testing.T) {
	n := newNodes(t)
	done := make(chan map[string]persistence.Outcome)
	go func() { done <- n.chatter(t, 80, t.Context().Done()) }()
	for range 2 {
		if err := errors.Join(n.db.Kill(), n.db.Start(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	n.wantStored(t, <-done)
}

func TestABatchOfLongMessagesIsStoredWhole(t *testing.T) {
	n := newNodes(t)
	ann := n.users[0]
	var drafts []persistence.Draft
	for i := range 300 {
		draft := note(ann, i)
		draft.Body = strings.Repeat("'\"\x00\\", 15_000)
		drafts = append(drafts, draft)
	}
	mustAppend(t, n.stores[0], drafts...)

	for i, m := range n.contiguous(t, drafts[0].Conv) {
		if m.Body != drafts[i].Body || m.CID != drafts[i].CID {
			t.Fatalf("message %d is %q with %d bytes", i, m.CID, len(m.Body))
		}
	}
}

func TestARowThatANodeHoldsDelaysOnlyItself(t *testing.T) {
	n := newNodes(t)
	ann, bob, cleo := n.users[0], n.users[1], n.users[2]
	held, free := persistence.Direct(ann, bob), persistence.Direct(ann, cleo)
	mustAppend(t, n.stores[0], persistence.Draft{Conv: held, Sender: ann, CID: "first", Body: "hi"})
	stopped, err := n.stores[0].writer.Begin() // as a node does that is stopped in the middle
	if err != nil {
		t.Fatal(err)
	}
	defer stopped.Rollback()
	if _, err := stopped.Exec("UPDATE conversation SET head = head + 1 WHERE conv = ?", held); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()

	out, err := n.stores[1].Append(t.Context(), []persistence.Draft{
		{Conv: held, Sender: ann, CID: "held", Body: "hi"}, {Conv: free, Sender: ann, CID: "free", Body: "hi"},
	})

	if err != nil || out[0].Err == nil || out[1].Err != nil || out[1].Seq != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	again := mustAppend(t, n.stores[1], persistence.Draft{Conv: held, Sender: ann, CID: "held", Body: "hi"})
	if took := time.Since(begun); again[0].Seq != 2 || took > (mysqlSilence+2)*time.Second {
		t.Errorf("number %d after %v", again[0].Seq, took)
	}
}
