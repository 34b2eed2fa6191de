package e2e

import (
	"strconv"
	"sync"
	"testing"

	"chatserver/net/client"
	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/sqlstore"
)

const (
	pairs  = 4
	enough = 500 // messages read before the node is killed
	last   = "the last one"
)

// pair is a sender and a receiver. The sender writes 0, 1, 2 … to the receiver, and the same
// to somebody who is away.
type pair struct {
	from, to int64
	read     int // how many the receiver had read when the node died
}

func TestKilledUnderLoadTheNodeHasAllThatWasSeenAndDeliversWhatWaits(t *testing.T) {
	db := database(t)
	flags := []string{"--classic.pace", "0", "--limits.rate", "0", "--log-level", "info"}
	n := startNode(t, db, flags...)
	away, list := accounts(t, n)

	talkUntilKilled(t, n, list, away)
	n = startNode(t, db, flags...)
	sendLast(t, n, list, away)
	arrived := map[int64]int{}
	for _, p := range list {
		arrived[p.to] = max(p.read, drain(t, n, p.to, 1, p.read)[p.from])
	}
	waited := drain(t, n, away, pairs, 0)
	if code := n.terminate(); code != 0 {
		t.Errorf("the node exits with %d", code)
	}

	store, err := sqlstore.Open(t.Context(), "sqlite:"+db, sqlstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, p := range list {
		if stored := storedOf(t, store, p.from, p.to); stored != arrived[p.to] {
			t.Errorf("from %d to %d there are %d messages, %d arrived", p.from, p.to, stored, arrived[p.to])
		}
		if stored := storedOf(t, store, p.from, away); stored != waited[p.from] {
			t.Errorf("from %d to who was away there are %d messages, %d arrived", p.from, stored, waited[p.from])
		}
	}
}

// accounts registers everybody.
func accounts(t *testing.T, n *node) (away int64, list []*pair) {
	t.Helper()
	registrar, id := enroll(t, n, "away")
	registrar.Logout()
	for i := range pairs {
		list = append(list, &pair{
			from: registrar.Register("sender"+strconv.Itoa(i), password),
			to:   registrar.Register("receiver"+strconv.Itoa(i), password),
		})
	}
	leave(registrar)
	return id, list
}

// talkUntilKilled lets all pairs talk as fast as they can and kills the node in the middle. When
// it returns, each receiver has read all that reached it, and nothing out of order.
func talkUntilKilled(t *testing.T, n *node, list []*pair, away int64) {
	t.Helper()
	var talking sync.WaitGroup
	read := make(chan struct{}, enough)
	for _, p := range list {
		receiver, _ := logIn(t, n, p.to)
		sender, _ := logIn(t, n, p.from)
		talking.Go(func() { p.listen(t, receiver, read) })
		talking.Go(func() { p.talk(sender, away) })
	}
	for range enough {
		<-read
	}
	n.kill()
	talking.Wait()
}

// listen reads to the end of the connection. It says of each message that it was read, as long
// as anybody may care.
func (p *pair) listen(t *testing.T, conn *client.Conn, read chan<- struct{}) {
	defer func() {
		for range enough { // should the connection have ended too early
			tell(read)
		}
	}()
	for {
		_, reply, err := conn.Next()
		if err != nil {
			return
		}
		push, ok := reply.(wire.Push)
		if !ok || push.From != p.from || push.Msg != strconv.Itoa(p.read) {
			t.Errorf("%d read %+v, want message %d from %d", p.to, reply, p.read, p.from)
			return
		}
		p.read++
		tell(read)
	}
}

func tell(read chan<- struct{}) {
	select {
	case read <- struct{}{}:
	default:
	}
}

// talk sends until the connection breaks.
func (p *pair) talk(conn *client.Conn, away int64) {
	for i := 0; ; i++ {
		msg := strconv.Itoa(i)
		if conn.Send("", wire.OneChat{To: p.to, Msg: msg}) != nil || conn.Send("", wire.OneChat{To: away, Msg: msg}) != nil {
			return
		}
	}
}

// sendLast has each sender write a last message to whom it wrote before.
func sendLast(t *testing.T, n *node, list []*pair, away int64) {
	t.Helper()
	for _, p := range list {
		sender, _ := logIn(t, n, p.from)
		for _, to := range []int64{p.to, away} {
			if err := sender.Send("", wire.OneChat{To: to, Msg: last}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// drain logs a user in and reads up to the last message of each sender. The numbers of a sender
// must come without a hole; the first may repeat what was seen, 0 to seen-1, and may not leave
// any out. It returns by sender the number after the last one, nothing where none came.
func drain(t *testing.T, n *node, user int64, senders, seen int) map[int64]int {
	t.Helper()
	next, ended := map[int64]int{}, 0
	take := func(p wire.Push) {
		if p.Msg == last {
			ended++
			return
		}
		number, err := strconv.Atoi(p.Msg)
		due, begun := next[p.From]
		if err != nil || begun && number != due || !begun && number > seen {
			t.Fatalf("%d read %+v; due was %d, seen before were %d", user, p, due, seen)
		}
		next[p.From] = number + 1
	}
	conn, ack := logIn(t, n, user)
	for _, p := range ack.Offline {
		take(p)
	}
	for ended < senders {
		take(nextPush(t, conn))
	}
	return next
}

// storedOf is how many numbered messages are stored of a conversation in which one side wrote.
// They must be 0, 1, 2 … and then the last one, in places without a hole.
func storedOf(t *testing.T, store persistence.Messages, from, to int64) int {
	t.Helper()
	conv := persistence.Direct(persistence.UserID(from), persistence.UserID(to))
	number := 0
	for {
		part, err := store.Read(t.Context(), persistence.UserID(from), conv, persistence.Span{After: uint64(number), Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range part.Messages {
			if m.Seq != uint64(number)+1 {
				t.Fatalf("after message %d of %v stands %d", number, conv, m.Seq)
			}
			if m.Body == last {
				return number
			}
			if m.Body != strconv.Itoa(number) {
				t.Fatalf("message %d of %v is %q, want %d", m.Seq, conv, m.Body, number)
			}
			number++
		}
		if len(part.Messages) == 0 {
			t.Fatalf("the last message of %v is not stored", conv)
		}
	}
}
