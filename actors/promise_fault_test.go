package actors

import (
	"fmt"
	"slices"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
)

// host is the node of that number.
func (t *trial) host(n int) *host { return t.hosts[n%len(t.hosts)] }

// roam has a program log in to another node, and leave what it had behind.
func (t *trial) roam(s step) bool {
	d := t.devices[s.a%len(t.devices)]
	was := d.line()
	d.move(nil)
	t.arrive(s, d)
	return was != nil
}

// arrive has programs of a user connect, and log in while somebody writes to them.
func (t *trial) arrive(s step, all ...program) {
	for range 2 {
		for _, d := range all {
			d.ready()
		}
		t.turns(s.c % 40)
	}
	for _, conv := range []int{int(all[0].owner() - 1), users + s.b%6} {
		say(t, step{a: s.b, b: conv})
		t.turns(s.b % 15)
	}
}

// gather has all programs of a user log in at once to a node that has nobody else.
func (t *trial) gather(s step) bool {
	user, at, next := t.devices[s.a%len(t.devices)].owner(), t.host(s.b), t.host(s.b+1)
	var all []program
	for _, d := range t.devices {
		switch {
		case d.owner() == user:
			d.move(at)
			all = append(all, d)
		case d.line() != nil && d.line().at == at:
			d.move(next)
			d.ready()
		}
	}
	t.arrive(s, all...)
	return len(all) > 1
}

func (t *trial) crash(s step) bool {
	h := t.host(s.a)
	if h.up {
		h.die()
		return true
	}
	return false
}

func (t *trial) startOne(step) bool {
	for _, h := range t.hosts {
		if !h.up {
			h.start()
			return true
		}
	}
	return false
}

// drain ends a node in order.
func (t *trial) drain(s step) bool {
	h := t.host(s.a)
	if !h.up || h.main != nil {
		return false
	}
	h.main = t.w.Probe(fmt.Sprintf("main of %s.%d", h.name, h.lives))
	h.until = t.w.Now().Add(h.env.Limits.Drain)
	h.main.Ask(h.root, Drain{})
	return true
}

// The actors that may panic: those that others live on without, and those whose panic ends the process.
var (
	mortal = []string{"/users/", "/groups/", "/sessions/", "/store/", "/router", "/presence", "/accounts"}
	vital  = []string{"/users", "/groups", "/sessions", "/store", ""}
	parts  = slices.Concat(mortal, vital)
)

// panic has the next but some message end an actor: it panics before it sees it, or after it did.
func (t *trial) panic(s step) bool {
	h, part := t.host(s.a), parts[s.b%len(parts)]
	if slices.Contains(vital, part) && s.b/len(parts)%3 > 0 { // less often
		return false
	}
	strike := t.w.Panic
	if s.c%2 > 0 {
		strike = t.w.PanicAfter
	}
	t.weather = append(t.weather, blowing{[]string{s.verb, panicOf(part)}, strike(sim.To(h.name + part)).At(1 + s.c%12)})
	return false // it may never come to it
}

// panicOf is how the census names the panics of a part.
func panicOf(part string) string { return fmt.Sprintf("a panic of %q", part) }

// cutOff keeps a node from the bus.
func (t *trial) cutOff(s step) bool {
	t.cut[[2]string{t.host(s.a).name, ""}] = true
	return true
}

// cutBetween keeps two nodes from each other; both hear the third.
func (t *trial) cutBetween(s step) bool {
	t.cut[[2]string{t.host(s.a).name, t.host(s.a + 1).name}] = true
	return true
}

// lapse ends a lease; its node lives on.
func (t *trial) lapse(s step) bool {
	h := t.host(s.a)
	t.hub.Lapse(h.bus)
	return h.up
}

// wipe has the bus lose what a node claimed, while its lease goes on.
func (t *trial) wipe(s step) bool {
	h := t.host(s.a)
	t.hub.Wipe(h.bus)
	return h.up
}

// miss has a node hear that it may have missed something.
func (t *trial) miss(s step) bool {
	h := t.host(s.a)
	t.hub.Miss(h.bus, errNetwork)
	return h.up
}

// jump sets a clock: that of the bus, by which leases end, or that of the store. The store's may not be
// further off than a repair looks back.
func (t *trial) jump(s step) bool {
	if s.a%2 == 0 {
		t.busClock += time.Duration(s.b-500) * 100 * time.Millisecond
	} else {
		t.storeClock = time.Duration(s.b-500) * time.Millisecond * 20
	}
	return true
}

// storms are what goes wrong now and then while they blow.
var storms = []verb{
	{"drop-envelopes", storm, 1, often(func(t *trial, n string, _ time.Duration) *sim.Fault { return t.w.Drop(sim.Of[heard](n + "/router")) })},
	{"delay-envelopes", storm, 1, often(func(t *trial, n string, d time.Duration) *sim.Fault { return t.w.Delay(sim.Of[heard](n+"/router"), d) })},
	{doubleEnvelopes, storm, 1, often(func(t *trial, n string, _ time.Duration) *sim.Fault {
		return t.w.Duplicate(sim.Of[heard](n + "/router"))
	})},
	{"fail-bus", storm, 1, often(func(t *trial, n string, _ time.Duration) *sim.Fault { return t.w.FailJobs(n + "/router") })},
	{"fail-presence", storm, 1, often(func(t *trial, n string, _ time.Duration) *sim.Fault { return t.w.FailJobs(n + "/presence") })},
	{"fail-accounts", storm, 1, often(func(t *trial, n string, _ time.Duration) *sim.Fault { return t.w.FailJobs(n + "/accounts") })},
	{"delay-accounts", lull, 2, often(func(t *trial, n string, d time.Duration) *sim.Fault {
		return t.w.DelayJobs(n+"/accounts", t.shorter(d))
	})},
	{"delay-presence", lull, 2, often(func(t *trial, n string, d time.Duration) *sim.Fault {
		return t.w.DelayJobs(n+"/presence", t.shorter(d))
	})},
	{"unsure-bus", storm, 1, func(t *trial, s step) bool { t.busUnsure = odds(s); return false }},
	{"delay-bus", lull, 4, often(func(t *trial, n string, d time.Duration) *sim.Fault {
		return t.w.DelayJobs(n+"/router", min(d, cluster.BeatTime))
	})},
	{"delay-bus-answers", lull, 4, often(func(t *trial, n string, d time.Duration) *sim.Fault {
		return t.w.Delay(func(to string, msg any) bool { return to == n+"/router" && fromBus(msg) }, min(d, cluster.BeatTime))
	})},
	{"fail-store", storm, 1, often(func(t *trial, n string, _ time.Duration) *sim.Fault { return t.w.FailJobs(n + "/store/") })},
	{"unsure-store", storm, 1, func(t *trial, s step) bool { t.storeUnsure = odds(s); return false }},
	{"commit-twice", lull, 4, func(t *trial, s step) bool { t.storeTwice = odds(s); return false }},
	{"delay-store", lull, 4, often(func(t *trial, n string, d time.Duration) *sim.Fault {
		return t.w.DelayJobs(n+"/store/", t.shorter(d))
	})},
	{"delay-store-answers", lull, 4, often(func(t *trial, n string, d time.Duration) *sim.Fault {
		return t.w.Delay(func(to string, msg any) bool { return sim.To(n+"/store/")(to, nil) && fromStore(msg) }, d)
	})},
	{"panics", storm, 1, rarely(func(t *trial, n string) *sim.Fault {
		return t.w.Panic(func(to string, _ any) bool { return isMortal(n, to) })
	})},
	{"panics-after", storm, 1, rarely(func(t *trial, n string) *sim.Fault {
		return t.w.PanicAfter(func(to string, _ any) bool { return isMortal(n, to) })
	})},
}

// fromBus tells whether the crew reports of a call of the bus.
func fromBus(msg any) bool {
	switch msg.(type) {
	case opened, beaten, written, located, published:
		return true
	}
	return false
}

// fromStore tells whether the crew reports of a call of the store.
func fromStore(msg any) bool {
	switch msg.(type) {
	case committed, marked, queried:
		return true
	}
	return false
}

const doubleEnvelopes = "double-envelopes"

// isMortal says that a panic there does not end the process.
func isMortal(node, to string) bool {
	return slices.ContainsFunc(mortal, func(part string) bool { return sim.To(node+part)(to, nil) })
}

// odds is how often a storm strikes.
func odds(s step) float64 { return []float64{0.03, 0.1, 0.3}[s.b%3] }

// delay is by how much a storm delays: from what reorders to what nobody waits for, if anything may go wrong.
func (t *trial) delay(s step) time.Duration {
	d := []time.Duration{time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond, 2 * time.Second, 12 * time.Second}[s.c%5]
	if t.mood == slow {
		return min(d, 2*time.Second)
	}
	return d
}

// shorter is a delay of a job: the crew cuts what takes longer.
func (t *trial) shorter(d time.Duration) time.Duration {
	return min(d, t.hosts[0].env.Limits.Job*3/4)
}

// often makes a storm that strikes each node. It may never strike.
func often(begin func(t *trial, node string, d time.Duration) *sim.Fault) func(*trial, step) bool {
	return func(t *trial, s step) bool {
		t.doubled = t.doubled || s.verb == doubleEnvelopes
		for _, h := range t.hosts {
			t.weather = append(t.weather, blowing{[]string{s.verb}, begin(t, h.name, t.delay(s)).Often(odds(s))})
		}
		return false
	}
}

// rarely makes a storm of what costs much each time.
func rarely(begin func(t *trial, node string) *sim.Fault) func(*trial, step) bool {
	return func(t *trial, s step) bool {
		for _, h := range t.hosts {
			t.weather = append(t.weather, blowing{[]string{s.verb}, begin(t, h.name).Often(odds(s) / 20)})
		}
		return false
	}
}

// blowing is a fault that strikes until it is calm.
type blowing struct {
	names []string // that the census counts it by
	fault *sim.Fault
}

// calm ends all storms, and panics that were to come.
func (t *trial) calm() {
	for _, one := range t.weather {
		one.fault.Heal()
		for _, name := range one.names {
			t.happened[name] += one.fault.Hits()
		}
		t.struck += min(1, one.fault.Hits())
	}
	t.weather, t.storeUnsure, t.storeTwice, t.busUnsure = nil, 0, 0, 0
}
