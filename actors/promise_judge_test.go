package actors

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// find is the seq of a message by its text, 0 where it is not stored.
func (l *ledger) find(conv persistence.Conv, text string) uint64 {
	for _, m := range l.log[conv] {
		if m.Body == text {
			return m.Seq
		}
	}
	return 0
}

// judge looks at what everybody came by, now that nothing is missing.
func (t *trial) judge() {
	for _, d := range t.devices {
		if k, ok := d.(*keeper); ok {
			k.judge()
		}
	}
	t.judgeLogins()
	t.judgeMarks()
	t.judgePresence()
}

// judge fails the test where the device applied something twice, or out of order.
func (k *keeper) judge() {
	for conv, seen := range k.seen {
		if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) < len(seen) {
			k.t.Errorf("user %d applied %v of %v", k.user, seen, conv)
		}
	}
}

// lacks tells something that the device does not have and should: all that its user may read it has to
// have applied, and all above the heads that its login was told it has to have been pushed.
func (k *keeper) lacks() string {
	if !k.here() {
		return ""
	}
	reads := k.t.store.reads(persistence.UserID(k.user))
	for _, conv := range slices.Sorted(maps.Keys(reads)) {
		named, since, head := convOf(conv, persistence.UserID(k.user)), reads[conv], uint64(len(k.t.store.log[conv]))
		for seq := since + 1; seq <= head; seq++ {
			if !slices.Contains(k.seen[named], seq) {
				return fmt.Sprintf("user %d lacks %d of %v, of which it may read what comes after %d, up to %d; it has %v", k.user, seq, named, since, head, k.seen[named])
			}
			if seq > k.begin[named] && !k.of(named).got[seq] && !k.own[named][seq] {
				return fmt.Sprintf("user %d, who was told of head %d, was not pushed %d of %v", k.user, k.begin[named], seq, named)
			}
		}
	}
	return k.t.outlives(k.user, k.proof)
}

// lacks tells something that others sent the user, and that none of its devices has.
func (c *telnet) lacks() string {
	if !c.here() {
		return ""
	}
	reads := c.t.store.reads(persistence.UserID(c.user))
	for _, conv := range slices.Sorted(maps.Keys(reads)) {
		for _, m := range c.t.store.log[conv][reads[conv]:] {
			own := m.Sender.ID == persistence.UserID(c.user)
			if !own && !c.seen[persistence.Head{Conv: conv, Seq: m.Seq}] && !c.t.elsewhere(c.user, conv, m.Seq) {
				return fmt.Sprintf("classic user %d did not get %d of %v", c.user, m.Seq, conv)
			}
		}
	}
	return c.t.outlives(c.user, c.proof)
}

// elsewhere tells whether a v2 program of the user has a message: a classic one need not be handed it.
func (t *trial) elsewhere(user int64, conv persistence.Conv, seq uint64) bool {
	return slices.ContainsFunc(t.devices, func(d program) bool {
		k, ok := d.(*keeper)
		return ok && k.user == user && slices.Contains(k.seen[convOf(conv, persistence.UserID(user))], seq)
	})
}

// judgeMarks fails the test unless CONVS comes to tell the marks that are stored. Where nothing but connections
// broke nobody was told of more.
func (t *trial) judgeMarks() {
	t.eventually("CONVS tells", wire.Convs{}, func(k *keeper) (wrong []string) {
		for _, of := range t.store.direct(persistence.UserID(k.user)) {
			told, is := k.marked[of], t.store.mark(of)
			if told.Delivered < is.Delivered || told.Read < is.Read || t.mood == fair && told != is {
				wrong = append(wrong, fmt.Sprintf("that %d has come to %+v of %v, which is at %+v", of.user, told, of.conv, is))
			}
		}
		return wrong
	})
}

// judgePresence fails the test unless FRIENDS comes to tell who is online. Where nothing but connections broke
// the last word that everybody had is true too, once all had time to come and go.
func (t *trial) judgePresence() {
	t.pass(3*t.hosts[0].env.Limits.Absence + cluster.LeaseTime)
	t.settled()
	for _, k := range t.keepers() {
		if wrong := k.mistaken(); t.mood == fair && len(wrong) > 0 {
			t.Errorf("user %d was told last %q", k.user, wrong)
		}
	}
	t.eventually("FRIENDS tells", wire.Friends{}, (*keeper).mistaken)
}

// eventually asks everybody, until what each then believes is not wrong.
func (t *trial) eventually(what string, ask wire.Request, wrong func(*keeper) []string) {
	var all []string
	for waited := time.Duration(0); waited < patience; waited += assertTime / 4 {
		t.pass(2 * t.hosts[0].env.Limits.Marks)
		for _, k := range t.keepers() {
			if k.ready() {
				k.ask(ask)
			}
		}
		t.pass(cluster.BeatTime)
		t.settled()
		all = nil
		for _, k := range t.keepers() {
			for _, one := range wrong(k) {
				all = append(all, fmt.Sprintf("user %d %s", k.user, one))
			}
		}
		if len(all) == 0 {
			return
		}
		t.pass(assertTime / 4)
	}
	t.Errorf("%v after the last fault %s %q", patience, what, all)
}

// keepers are the v2 devices that should be logged in.
func (t *trial) keepers() (all []*keeper) {
	for _, d := range t.devices {
		if k, ok := d.(*keeper); ok && !k.ended && !t.yields(k) {
			all = append(all, k)
		}
	}
	return all
}

// mistaken is what the device believes of its friends that is not true.
func (k *keeper) mistaken() (wrong []string) {
	friends, err := k.t.store.Friends(context.Background(), persistence.UserID(k.user))
	if err != nil {
		k.t.Fatal(err)
	}
	for _, f := range friends {
		told, ok := k.friends[int64(f.ID)] // of one whom another device befriended it may not have heard
		if is := k.t.online(int64(f.ID)) && !f.Hides; ok && told != is {
			wrong = append(wrong, fmt.Sprintf("that %d is online: %v", f.ID, told))
		}
	}
	return wrong
}

// online tells whether a device of the user is logged in.
func (t *trial) online(user int64) bool {
	return slices.ContainsFunc(t.devices, func(d program) bool { return d.owner() == user && d.here() })
}
