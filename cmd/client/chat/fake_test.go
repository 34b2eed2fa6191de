package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// noon is when all tests take place.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// Those who talk in tests, and where.
var (
	ann    = wire.Peer{ID: 1, Name: "ann", Online: true}
	bob    = wire.Peer{ID: 2, Name: "bob", Online: true}
	cid    = wire.Peer{ID: 3, Name: "cid"}
	go7    = wire.Membership{ID: 7, Name: "go", Desc: "talk about Go", Role: "creator", Join: "open", Members: 3}
	toBob  = wire.WithUser(2)
	inGo   = wire.InGroup(7)
	annsIn = client.Online{Welcome: wire.Welcome{ID: 1, Name: "ann", Friends: []wire.Peer{bob, cid}, Groups: []wire.Membership{go7}}}
)

// fakeSession is a session whose server is the test.
type fakeSession struct {
	events     chan client.Event
	answers    func(r wire.Request) (wire.Reply, error) // nil: all is done
	stored     map[wire.Conv][]wire.Push                // what History reads
	registered error                                    // what Register says
	typing     func()                                   // what Typing does; nil: it counts

	mu       sync.Mutex
	asked    []wire.Request
	sent     []client.Outgoing
	outbox   []client.Outgoing // from an earlier run
	reads    []string
	typed    int
	closed   bool
	sessions int                // how many were opened
	as       client.Credentials // whose the last one was
}

func (f *fakeSession) Events() <-chan client.Event { return f.events }

func (f *fakeSession) Send(conv wire.Conv, text string) (client.Outgoing, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := client.Outgoing{Conv: conv, CID: fmt.Sprintf("c%d", len(f.sent)+1), Text: text, At: noon}
	f.sent = append(f.sent, o)
	return o, nil
}

func (f *fakeSession) Call(_ context.Context, r wire.Request) (wire.Reply, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r)
	if f.answers == nil {
		return wire.Done{}, nil
	}
	return f.answers(r)
}

func (f *fakeSession) History(_ context.Context, conv wire.Conv, before uint64, limit int) (wire.SyncAck, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.stored[conv]
	end, _ := slices.BinarySearchFunc(all, before, func(p wire.Push, seq uint64) int { return int(p.Seq) - int(seq) })
	start := max(0, end-limit)
	return wire.SyncAck{Conv: conv, Msgs: all[start:end], Head: uint64(len(all)), More: start > 0}, nil
}

func (f *fakeSession) Read(conv wire.Conv, seq uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads = append(f.reads, fmt.Sprintf("%v %d", conv, seq))
}

func (f *fakeSession) Typing(wire.Conv) {
	if f.typing != nil {
		f.typing()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.typed++
}

// told is what was said to be read.
func (f *fakeSession) told() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.reads, ", ")
}

func (f *fakeSession) Outbox() []client.Outgoing { return f.outbox }

func (f *fakeSession) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

// world is a world in which every login is this session.
func (f *fakeSession) world() world {
	return world{
		open: func(_ context.Context, as client.Credentials) (session, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.as = as
			f.sessions++
			return f, nil
		},
		register: func(context.Context, string, string) (int64, error) { return 1, f.registered },
		now:      func() time.Time { return noon },
		zone:     time.UTC,
	}
}

// said is a message, a minute after the one before.
func said(conv wire.Conv, from wire.Peer, seq uint64, text string) client.Received {
	kind := wire.OneChatID
	if conv.Group {
		kind = wire.GroupChatID
	}
	at := noon.Add(time.Duration(seq) * time.Minute)
	return client.Received{Conv: conv, Push: wire.Push{
		Kind: kind, From: from.ID, Name: from.Name, To: conv.ID, Msg: text, CID: fmt.Sprintf("%s%d", from.Name, seq), Seq: seq, At: at}}
}

// desk is a shell whose tasks are done at once.
type desk struct {
	*shell
	t       *testing.T
	session *fakeSession
	printed []string
}

func newDesk(t *testing.T, f *fakeSession) *desk {
	d := &desk{shell: newShell(f.world(), true), t: t, session: f}
	d.print = func(text string) { d.printed = append(d.printed, text) }
	return d
}

// in is a desk at which ann is logged in.
func in(t *testing.T, f *fakeSession) *desk {
	d := newDesk(t, f)
	d.resume()
	d.work()
	d.hears(annsIn, client.CaughtUp{})
	d.printed = nil
	return d
}

func (d *desk) hears(events ...client.Event) {
	for _, e := range events {
		d.happened(e)
		d.work()
	}
}

func (d *desk) types(lines ...string) {
	for _, l := range lines {
		d.enter(l)
		d.work()
	}
}

// work does all tasks but for listening, which ends with its context.
func (d *desk) work() {
	over, stop := context.WithCancel(context.Background())
	stop()
	for tasks := d.take(); len(tasks) > 0; tasks = d.take() {
		for _, t := range tasks {
			t.run(over)()
		}
	}
}

// prints requires what was printed since it was asked last.
func (d *desk) prints(want ...string) {
	d.t.Helper()
	if !slices.Equal(d.printed, want) {
		d.t.Errorf("printed %q, want %q", d.printed, want)
	}
	d.printed = nil
}
