package e2e

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

const (
	writers   = 20
	groups    = 280 // that all writers share out and ann is in; with the writers' own, 300 conversations
	missed    = 10_000 / fewer
	meanwhile = 2_000 / fewer
)

func TestEachDeviceEndsWithEveryMessageOnceInOrder(t *testing.T) {
	n := startNode(t, database(t), "--limits.rate", "0", "--log-level", "info")
	ann := register(t, n, "ann")
	convs := conversations(t, n, ann)
	desk := openDevice(t, n, client.Memory(), client.Credentials{ID: ann, Password: password})
	phoneState := filepath.Join(t.TempDir(), "phone")
	phone := openDevice(t, n, stateFile(t, phoneState), client.Credentials{ID: ann, Password: password})
	phone.close()

	writeAll(t, convs, missed)
	desk.until(missed / 2) // in the middle of it
	desk.dialer.cut()
	phone = openDevice(t, n, stateFile(t, phoneState), client.Credentials{})
	var live sync.WaitGroup
	live.Go(func() { writeAll(t, convs, meanwhile) })
	phone.until(missed + meanwhile/2)
	phone.dialer.cut()

	phone.until(missed + meanwhile)
	desk.until(missed + meanwhile)
	live.Wait()
	for _, c := range convs {
		if at, want := phone.history.At(c.annSide()), desk.history.At(c.annSide()); at != want {
			t.Errorf("%v: the phone is at %d, the desk at %d", c.annSide(), at, want)
		}
	}
}

func TestMessagesOutliveKillsOfTheNodeOnceAndInOrder(t *testing.T) {
	const messages, kills = 300, 3
	db := database(t)
	n := startNode(t, db)
	ann, bob := register(t, n, "ann"), register(t, n, "bob")
	flags := []string{"--listen", "tcp://" + n.addr}
	reader := openDevice(t, n, client.Memory(), client.Credentials{ID: bob, Password: password})
	writer := openDevice(t, n, client.Memory(), client.Credentials{ID: ann, Password: password})

	for i := range messages {
		if i%(messages/kills) == 0 {
			n.kill()
			n = startNode(t, db, flags...)
		}
		if _, err := writer.Send(wire.WithUser(bob), strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}

	writer.until(messages)
	reader.until(messages)
	for i, p := range reader.read {
		if p.Msg != strconv.Itoa(i) {
			t.Fatalf("message %d is %q", i, p.Msg)
		}
	}
}

// register makes an account.
func register(t *testing.T, n *node, name string) int64 {
	t.Helper()
	id, err := client.Register(t.Context(), []string{n.addr}, name, password)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func stateFile(t *testing.T, path string) client.State {
	t.Helper()
	state, err := client.OpenState(path)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// device is a client that keeps what it read, and is checked by its own history.
type device struct {
	*client.Client
	t       *testing.T
	dialer  *dialer
	history client.History
	read    []wire.Push
}

func openDevice(t *testing.T, n *node, state client.State, login client.Credentials) *device {
	t.Helper()
	d := &device{t: t, dialer: &dialer{}}
	c, err := client.Open(client.Config{Addrs: []string{n.addr}, Login: login, State: state, Dialer: d.dialer.dial})
	if err != nil {
		t.Fatal(err)
	}
	d.Client = c
	t.Cleanup(func() { c.Close() })
	d.wait("online", func(e client.Event) bool { _, ok := e.(client.Online); return ok })
	return d
}

func (d *device) close() {
	d.t.Helper()
	if err := d.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// until reads on to so many messages.
func (d *device) until(messages int) {
	d.t.Helper()
	if len(d.read) >= messages {
		return
	}
	d.wait(fmt.Sprintf("%d messages", messages), func(client.Event) bool { return len(d.read) >= messages })
}

// wait reads events to the one that is waited for.
func (d *device) wait(what string, is func(client.Event) bool) {
	d.t.Helper()
	late := time.After(3 * patience)
	for {
		select {
		case e, ok := <-d.Events():
			if !ok {
				d.t.Fatalf("the client ended; waited for %s", what)
			}
			if err := d.history.Add(e); err != nil {
				d.t.Fatal(err)
			}
			if r, ok := e.(client.Received); ok {
				d.read = append(d.read, r.Push)
			}
			if is(e) {
				return
			}
		case <-late:
			d.t.Fatalf("waited for %s in vain, read %d", what, len(d.read))
		}
	}
}

// dialer dials, and cuts what it dialled.
type dialer struct {
	mu   sync.Mutex
	last net.Conn
}

func (d *dialer) dial(ctx context.Context, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = conn
	return conn, err
}

func (d *dialer) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last.Close()
}

// writing is a conversation of ann that somebody writes to.
type writing struct {
	writer *client.Conn
	by     int64
	target wire.Conv // from the writer's side
	last   int
}

// annSide is the conversation as ann names it.
func (w *writing) annSide() wire.Conv {
	if w.target.Group {
		return w.target
	}
	return wire.WithUser(w.by)
}

// conversations are all of ann's, none of which has a message yet.
func conversations(t *testing.T, n *node, ann int64) (all []*writing) {
	t.Helper()
	annConn := logInV2(t, n, ann)
	for i := range writers {
		id := register(t, n, "writer"+strconv.Itoa(i))
		conn := logInV2(t, n, id)
		all = append(all, &writing{writer: conn, by: id, target: wire.WithUser(ann)})
		for g := range groups / writers {
			reply := ask(t, conn, wire.CreateGroup{Name: fmt.Sprintf("group %d of %d", g, i)})
			group := reply.(wire.Founded).Group
			ask(t, annConn, wire.AddGroup{Group: group})
			all = append(all, &writing{writer: conn, by: id, target: wire.InGroup(group)})
		}
	}
	annConn.Close()
	return all
}

// writeAll writes so many messages, the conversations in turn, and waits until all are stored.
func writeAll(t *testing.T, convs []*writing, messages int) {
	t.Helper()
	var writing sync.WaitGroup
	perWriter := len(convs) / writers
	for w := range writers {
		mine := convs[w*perWriter : (w+1)*perWriter]
		count := messages / writers
		writing.Go(func() {
			for i := range count {
				c := mine[i%perWriter]
				c.last++
				c.writer.Queue(wire.RID(strconv.Itoa(i)), c.request())
				if i%16 == 15 || i == count-1 {
					acknowledged(t, c.writer, i%16+1)
				}
			}
		})
	}
	writing.Wait()
}

func (w *writing) request() wire.Request {
	msg, cid := strconv.Itoa(w.last), fmt.Sprintf("%v-%d-%d", w.target, w.by, w.last)
	if w.target.Group {
		return wire.GroupChat{Group: w.target.ID, Msg: msg, CID: cid}
	}
	return wire.OneChat{To: w.target.ID, Msg: msg, CID: cid}
}

// acknowledged sends what is queued and waits for so many acknowledgements.
func acknowledged(t *testing.T, conn *client.Conn, count int) {
	if err := conn.Flush(); err != nil {
		t.Error(err)
		return
	}
	for count > 0 {
		_, reply, err := conn.Next()
		switch reply := reply.(type) {
		case wire.Stored:
			count--
		case wire.Refused:
			t.Errorf("refused: %v", &reply.Fault)
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
	}
}

// logInV2 is a bare connection of v2, on which reading fails when the test takes too long.
func logInV2(t *testing.T, n *node, id int64) *client.Conn {
	t.Helper()
	conn, err := client.Dial(t.Context(), n.addr, wire.V2)
	if err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(5*patience, func() { conn.Close() })
	t.Cleanup(func() {
		late.Stop()
		conn.Close()
	})
	ask(t, conn, wire.Login{V: wire.V2, ID: id, Password: password})
	return conn
}

// ask sends a request and returns its answer, which is no refusal.
func ask(t *testing.T, conn *client.Conn, r wire.Request) wire.Reply {
	t.Helper()
	reply, err := conn.Ask(t.Context(), r)
	if err != nil {
		t.Fatalf("%v: %v", r.MsgID(), err)
	}
	return reply
}
