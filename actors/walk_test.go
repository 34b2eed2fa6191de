package actors

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// walk is a node whose users do what comes to their minds, on slow connections. Each message has
// a text of its own, by which it is found again.
type walk struct {
	*node
	users   int
	devices []*device
	said    int
	strict  bool // nothing has crashed: a message comes once, not usually once
}

// device is one connection at a time of a user's.
type device struct {
	*client
	user   int
	in     bool // logged in
	hung   bool // sends no more
	frames int  // sent over this connection
	logins int
	seen   []string // texts, in the order they came
	begins []int    // where in seen each login begins
}

func newWalk(t *testing.T, w *sim.World, devices int) *walk {
	return newWalkOn(newNode(t, w, tight), devices)
}

// tight makes the bounds so small that they are met.
func tight(e *Env) {
	e.Limits.Page, e.Limits.Held, e.Limits.Batch, e.Classic.MaxObject, e.Limits.Writers = 4, 3, 3, 300, 2
}

func newWalkOn(n *node, devices int) *walk {
	k := &walk{strict: true, users: 3, node: n}
	k.register("ann", "bob", "eve")
	k.node.group("chess", 1, 2)
	for user := range k.users {
		for range devices {
			k.devices = append(k.devices, &device{user: user + 1})
		}
	}
	return k
}

// frame sends an object and lets nothing happen.
func (d *device) frame(object string) {
	d.frames++
	d.w.System().Root.Send(d.session, Frame{[]byte(object)})
}

// drip lets the socket take one object.
func (d *device) drip() {
	if object := d.client.drip(); object != "" {
		d.read(object)
	}
}

func (d *device) read(object string) {
	var o struct {
		MsgID, Errno int
		Msg          string
		OfflineMsg   []string
	}
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		d.t.Fatal(err)
	}
	switch o.MsgID {
	case 6, 10:
		d.seen = append(d.seen, o.Msg)
	case 2:
		d.logins--
		d.in, d.begins = o.Errno == 0, append(d.begins, len(d.seen))
		for _, m := range o.OfflineMsg {
			d.read(m)
		}
	}
}

// connected tells whether the device may send; one whose connection has ended dials when it may.
func (k *walk) connected(d *device) bool {
	if d.client != nil && d.closed != "" && !slices.Contains(k.w.Actors(), d.session.Id) {
		k.hungUp(d)
	}
	if d.client == nil {
		d.client, d.frames = k.dialStalled(), 0
		d.login()
	}
	return d.closed == "" && !d.hung
}

func (k *walk) dialStalled() *client {
	c := k.dial()
	c.stalled = true
	return c
}

func (k *walk) hungUp(d *device) {
	if d.closed == wire.ClientLeft && len(d.queued) == 0 && (d.credit != d.frames || d.logins != 0) {
		k.t.Errorf("%d credits came back of %d, %d logins had no answer", d.credit, d.frames, d.logins)
	}
	d.client, d.logins, d.in, d.hung = nil, 0, false, false
}

func (d *device) hangUpNow() {
	d.hung = true
	d.w.System().Root.Send(d.session, HungUp{})
}

func (d *device) login() {
	d.logins++
	d.frame(login(d.user))
}

// act does one thing that a client, its network or time may do.
func (k *walk) act() {
	r := k.w.Rand()
	d := k.devices[r.IntN(len(k.devices))]
	if !k.connected(d) {
		d.drip()
		return
	}
	switch r.IntN(12) {
	case 0, 1, 2:
		k.said++
		d.frame(chat(1+r.IntN(k.users), strconv.Itoa(k.said)))
	case 3, 4:
		k.said++
		d.frame(groupChat(1, strconv.Itoa(k.said)))
	case 5:
		if d.in {
			d.in = false
			d.frame(`{"msgid":3}`)
			d.login()
		}
	case 6:
		d.frame(`{"msgid":99}`)
	case 7:
		d.frame(`{"msgid":9,"groupid":1}`)
	case 8:
		d.frame(fmt.Sprintf(`{"msgid":7,"friendid":%d}`, 1+r.IntN(k.users)))
	case 9:
		if r.IntN(3) == 0 {
			d.hangUpNow()
		}
	case 10:
		if r.IntN(3) == 0 {
			k.w.Advance(time.Duration(r.IntN(int(2 * time.Second))))
		}
	}
	for range r.IntN(4) {
		k.devices[r.IntN(len(k.devices))].dripIfAny()
	}
	for range r.IntN(40) {
		k.w.Step()
	}
}

func (d *device) dripIfAny() {
	if d.client != nil {
		d.drip()
	}
}

// rest lets all that is under way come to its end.
func (k *walk) rest() {
	for quiet := false; !quiet; {
		k.w.Advance(k.env.Limits.Marks + retry)
		quiet = true
		for _, d := range k.devices {
			for d.client != nil && len(d.queued) > 0 {
				d.drip()
				quiet = false
			}
		}
	}
}

// arrive logs everybody in who is not and lets all arrive.
func (k *walk) arrive() {
	k.rest()
	k.w.Advance(2 * k.env.Limits.Reply)
	k.rest()
	for _, d := range k.devices {
		if k.connected(d); !d.in {
			k.rest()
			if k.connected(d) && !d.in && d.logins == 0 {
				d.login()
			}
		}
		k.rest()
	}
}

// leave hangs everybody up.
func (k *walk) leave() {
	for _, d := range k.devices {
		if d.client != nil && d.closed == "" && !d.hung {
			d.hangUpNow()
		}
	}
	k.rest()
	for _, d := range k.devices {
		if d.client != nil && d.closed != "" {
			k.hungUp(d)
		}
	}
	k.w.Advance(3 * k.env.Limits.Idle)
}

// stored are all messages, by their texts.
func (k *walk) stored() map[string]persistence.Message {
	all := map[string]persistence.Message{}
	ctx := context.Background()
	for _, head := range must[persistence.Changes](k.t)(k.env.Store.Changed(ctx, math.MaxInt64)).Heads {
		reader := persistence.UserID(1) // has been in the group since it was made
		if _, group := head.Conv.Group(); !group {
			reader, _ = head.Conv.Users()
		}
		for _, m := range must[persistence.Slice](k.t)(k.env.Store.Read(ctx, reader, head.Conv, persistence.Span{Limit: 1e6})).Messages {
			all[m.Body] = m
		}
	}
	return all
}

// wantEachOnceInOrder fails the test unless each user saw all that is stored for it, on one of
// its devices, and no connection saw a conversation out of order.
func (k *walk) wantEachOnceInOrder() {
	k.t.Helper()
	all := k.stored()
	k.wantInOrder(all)
	seen := map[int]map[string]bool{}
	for _, d := range k.devices {
		if seen[d.user] == nil {
			seen[d.user] = map[string]bool{}
		}
		for _, text := range d.seen {
			seen[d.user][text] = true
		}
	}
	for _, m := range sorted(all) {
		for user := range k.users {
			if k.mayRead(persistence.UserID(user+1), m) && !seen[user+1][m.Body] {
				k.t.Errorf("user %d did not see %v %d (%s)", user+1, m.Conv, m.Seq, m.Body)
			}
		}
	}
}

// wantInOrder fails the test where a connection saw a conversation out of order.
func (k *walk) wantInOrder(all map[string]persistence.Message) {
	k.t.Helper()
	for _, d := range k.devices {
		last := map[persistence.Conv]persistence.Message{}
		for i, text := range d.seen {
			if slices.Contains(d.begins, i) && !k.strict {
				clear(last)
			}
			m := all[text]
			if before := last[m.Conv]; m.Seq <= before.Seq {
				k.t.Errorf("user %d saw %v %d (%s) after %d (%s): %q", d.user, m.Conv, m.Seq, m.Body, before.Seq, before.Body, d.seen)
			}
			last[m.Conv] = m
		}
	}
}

func sorted(all map[string]persistence.Message) []persistence.Message {
	var out []persistence.Message
	for _, m := range all {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b persistence.Message) int {
		return cmp.Or(cmp.Compare(a.Conv, b.Conv), cmp.Compare(a.Seq, b.Seq))
	})
	return out
}

func (k *walk) mayRead(user persistence.UserID, m persistence.Message) bool {
	if m.Sender.ID == user {
		return false
	}
	for _, c := range must[[]persistence.ConvState](k.t)(k.env.Store.Convs(context.Background(), user, 0, math.MaxInt)) {
		if c.Conv == m.Conv && c.Since < m.Seq {
			return true
		}
	}
	return false
}

// wantNothingLeft fails the test unless only the fixed actors are there, and nothing is to come.
func (k *walk) wantNothingLeft() {
	k.t.Helper()
	nodes := cmp.Or(len(k.peers), 1)
	if got := k.w.Actors(); len(got) != 10*nodes {
		k.t.Errorf("alive are %q", got)
	}
	if k.w.Timers() != nodes || k.w.Jobs() != 0 { // the beat is one
		k.t.Errorf("left are %d timers, of which %d are the beat, %d jobs", k.w.Timers(), nodes, k.w.Jobs())
	}
	for _, n := range append(k.peers, k.node) {
		if n.meter.sessions != 0 || n.meter.online != 0 {
			k.t.Errorf("left are %d sessions, %d users online", n.meter.sessions, n.meter.online)
		}
	}
}

func TestWhateverPeopleDoEachSeesEachMessageOnceAndInOrder(t *testing.T) {
	sim.Seeds(t, 10, func(t *testing.T, w *sim.World) {
		k := newWalk(t, w, 1+w.Rand().IntN(2))
		for range 120 {
			k.act()
		}
		k.arrive()
		k.wantEachOnceInOrder()
		k.leave()
		k.wantNothingLeft()
	})
}

func TestWhoeverPanicsNothingIsMissedAndNothingIsLeft(t *testing.T) {
	sim.Seeds(t, 10, func(t *testing.T, w *sim.World) {
		k := newWalk(t, w, 2)
		k.strict = false
		for _, text := range []string{"an actor panicked", "a batch was not stored", "what was stored of late could not be read"} {
			w.AllowError(text)
		}
		faults := []*sim.Fault{
			w.Panic(sim.To("root/users/")).Often(0.004), w.PanicAfter(sim.To("root/users/")).Often(0.004),
			w.Panic(sim.To("root/groups/")).Often(0.01), w.PanicAfter(sim.To("root/groups/")).Often(0.01),
			w.Panic(sim.To("root/sessions/")).Often(0.004), w.Panic(sim.To("root/store/")).Often(0.004),
			w.FailJobs("root/store/").Often(0.01),
		}
		for range 120 {
			k.act()
		}
		for _, f := range faults {
			f.Heal()
		}
		k.arrive()
		k.wantEachOnceInOrder()
		k.leave()
		k.wantNothingLeft()
	})
}
