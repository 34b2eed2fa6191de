package actors

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chatserver/net/cluster"
	"chatserver/persistence"
)

// patience is for how long what is promised may take after the last fault, of virtual time.
const patience = 2 * time.Minute

// finish mends everything, lets all arrive and judges; then it does so again where half of the devices have left
// and a node does not come back, and where they have; and sends everybody away.
func (t *trial) finish() {
	for _, stage := range []func(){t.rest, t.judge, t.part, t.rest, t.judgePresence, t.reunite, t.rest, t.judgePresence, t.leave} {
		if stage(); t.Failed() { // what comes after it says nothing
			return
		}
	}
}

// rest mends all that is broken, and lets everything arrive that was said.
func (t *trial) rest() {
	t.heal()
	t.deadline = t.w.Now().Add(patience)
	t.await(t.heal, t.unfinished) // a node may have been about to end
}

// await does something again and again until nothing is wrong, or it has taken too long since the last fault.
func (t *trial) await(again func(), wrong func() []string) {
	for {
		again()
		still := wrong()
		if len(still) == 0 {
			return
		}
		if t.w.Now().After(t.deadline) {
			for _, one := range still {
				t.Errorf("%s, %v after the last fault", one, patience)
			}
			return
		}
		t.pass(time.Second)
	}
}

// heal mends all that is broken.
func (t *trial) heal() {
	t.calm()
	clear(t.cut)
	for _, h := range t.hosts {
		if !h.up && h != t.lost {
			h.start()
		}
	}
	for _, d := range t.devices {
		if l := d.line(); l != nil {
			l.stalled = false
		}
	}
}

// unfinished is what has not arrived of what was said, by devices, and what else goes on. Everybody goes on.
func (t *trial) unfinished() (what []string) {
	for i, d := range t.devices {
		for d.drip() {
		}
		if !d.settle() {
			what = append(what, fmt.Sprintf("device %d: %v", i, d))
		} else if lacks := d.lacks(); lacks != "" {
			what = append(what, lacks)
		}
	}
	for _, h := range t.hosts {
		if h != t.lost && (!h.up || h.main != nil) {
			what = append(what, h.name+" is not back")
		}
	}
	if jobs := t.w.Jobs(); jobs > 0 {
		what = append(what, fmt.Sprintf("%d jobs", jobs))
	}
	return what
}

// part has some devices leave, this way or that, and a node die that does not come back.
func (t *trial) part() {
	for _, d := range t.devices {
		way := t.w.Rand().IntN(4)
		if l := d.line(); way < 2 {
			d.stayAway(true)
			if l != nil && way == 0 {
				l.halfClose()
			} else if l != nil {
				l.reset()
			}
		}
	}
	t.parted, t.lost = true, t.host(t.w.Rand().IntN(len(t.hosts)))
	if t.lost.up {
		t.lost.die()
	}
}

// reunite has all come back.
func (t *trial) reunite() {
	t.lost = nil
	for _, d := range t.devices {
		d.stayAway(false)
	}
}

// leave hangs everybody up, and looks for what is left behind.
func (t *trial) leave() {
	for _, d := range t.devices {
		d.stayAway(true)
		if l := d.line(); l != nil {
			l.halfClose()
		}
	}
	for range 3 {
		for _, d := range t.devices {
			for d.drip() {
			}
		}
		t.pass(20 * time.Second)
	}
	t.pass(time.Minute)
	var fixed []string
	for _, h := range t.hosts {
		for _, part := range []string{"", "/accounts", "/groups", "/presence", "/router", "/sessions", "/store", "/store/0", "/store/1", "/users"} {
			fixed = append(fixed, h.name+part)
		}
		if m := h.env.Meter.(*counts); m.sessions != 0 || m.online != 0 {
			t.Errorf("everybody has left, and %s counts %d sessions and %d users online", h.name, m.sessions, m.online)
		}
	}
	if got := t.w.Actors(); !slices.Equal(got, fixed) {
		t.Errorf("everybody has left, and alive are %q", slices.DeleteFunc(got, func(name string) bool { return slices.Contains(fixed, name) }))
	}
	if t.w.Timers() != len(t.hosts) || t.w.Jobs() != 0 { // the beat is one
		t.Errorf("everybody has left, and there are %d timers of which %d are the beats, and %d jobs", t.w.Timers(), len(t.hosts), t.w.Jobs())
	}
	if claims := t.claims(); len(claims) > 0 {
		t.Errorf("everybody has left, and the bus has %v", claims)
	}
}

// claims are who the bus says is on some node.
func (t *trial) claims() (left []cluster.Key) {
	var keys []cluster.Key
	for id := range persistence.UserID(users) {
		keys = append(keys, cluster.UserKey(id+1))
	}
	for seat := range t.store.stays {
		keys = append(keys, cluster.GroupKey(seat.group))
	}
	at, err := t.hub.Bus().Locate(context.Background(), keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, key := range keys {
		if len(at[i]) > 0 && !slices.Contains(left, key) {
			left = append(left, key)
		}
	}
	slices.Sort(left)
	return left
}
