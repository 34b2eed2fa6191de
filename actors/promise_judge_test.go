package actors

import (
	"context"
	"fmt"
	"maps"
	"slices"

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

// judge looks at what everybody came by, and is told when it asks, now that nothing is missing.
func (t *trial) judge() {
	t.judgeOrder()
	t.judgeLogins()
	t.judgeMarks()
	t.judgeLists()
	t.judgePresence()
	t.judgeQueues()
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
			if !k.seen[named][seq] {
				return fmt.Sprintf("user %d lacks %d of %v, of which it may read what comes after %d, up to %d; it has come to %d", k.user, seq, named, since, head, k.pos[named])
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
		return ok && k.user == user && k.seen[convOf(conv, persistence.UserID(user))][seq]
	})
}

// judgeOrder fails the test where what a classic client sent over one connection was stored in another order,
// though nothing failed.
func (t *trial) judgeOrder() {
	for _, d := range t.devices {
		if c, ok := d.(*telnet); ok && t.mood == fair && !t.narrow {
			c.judgeOrder()
		}
	}
}

func (c *telnet) judgeOrder() {
	for conv, texts := range c.sent {
		last := uint64(0)
		for _, text := range texts {
			seq := c.t.store.find(conv, text)
			if seq > 0 && seq < last {
				c.t.Errorf("classic user %d sent %q to %v, and %q is stored as %d behind %d", c.user, texts, conv, text, seq, last)
			}
			last = max(last, seq)
		}
	}
}

// judgeMarks fails the test unless CONVS comes to tell the marks that are stored. Where nothing but connections
// broke nobody was told of more.
func (t *trial) judgeMarks() {
	t.eventually(each(wire.Convs{Limit: fewConvs}), func(k *keeper) (wrong []string) {
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
	t.unfinished()
	for _, k := range t.keepers() {
		if wrong := k.mistaken(); t.mood == fair && len(wrong) > 0 {
			t.Errorf("user %d was told last %q", k.user, wrong)
		}
	}
	t.eventually(each(wire.Friends{}), (*keeper).mistaken)
}

// judgeLists fails the test unless lists come to tell what is stored.
func (t *trial) judgeLists() {
	lists := func(k *keeper) (all []wire.Request) {
		all = []wire.Request{wire.Friends{}, wire.Groups{}, wire.Convs{Limit: fewConvs}}
		for _, conv := range slices.Sorted(maps.Keys(t.store.reads(persistence.UserID(k.user)))) {
			if group, is := conv.Group(); is {
				all = append(all, wire.Members{Group: int64(group)})
			}
		}
		return all
	}
	t.eventually(lists, (*keeper).misread)
}

// judgeQueues counts envelopes that found a queue full, where nothing else drops any.
func (t *trial) judgeQueues() {
	for _, h := range t.hosts {
		if t.mood <= slow {
			t.happened[envelopesFull] += h.env.Meter.(*counts).dropped
		}
	}
}

// eventually has everybody ask for something, until what each then believes is not wrong.
func (t *trial) eventually(asks func(*keeper) []wire.Request, wrong func(*keeper) []string) {
	t.await(func() {
		t.pass(2 * t.hosts[0].env.Limits.Marks)
		for _, k := range t.keepers() {
			for _, r := range asks(k) {
				if k.ready() {
					k.ask(r)
				}
			}
		}
		t.pass(cluster.BeatTime)
		t.unfinished()
	}, func() (all []string) {
		for _, k := range t.keepers() {
			for _, one := range wrong(k) {
				all = append(all, fmt.Sprintf("user %d was told %s", k.user, one))
			}
		}
		return all
	})
}

// each has all ask for the same.
func each(r wire.Request) func(*keeper) []wire.Request {
	return func(*keeper) []wire.Request { return []wire.Request{r} }
}

// keepers are the v2 devices that should be logged in.
func (t *trial) keepers() (all []*keeper) {
	for _, d := range t.devices {
		if k, ok := d.(*keeper); ok && !k.ended && !k.away && !t.yields(k) {
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
