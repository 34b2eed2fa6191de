package actors

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"chatserver/net/wire"
)

// step is one thing that happens in a trial: somebody wants something, something breaks, time passes.
type step struct {
	verb    string
	a, b, c int // what they mean is the verb's; what is out of range is taken modulo it
	turns   int // taken after it
}

func (s step) String() string {
	return fmt.Sprintf("%s %d %d %d +%d", s.verb, s.a, s.b, s.c, s.turns)
}

// script is a history in the making: a seed for all that is left to chance, and what happens.
type script struct {
	seed  uint64
	steps []step
}

func (s script) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\n", s.seed)
	for _, one := range s.steps {
		fmt.Fprintln(&b, one)
	}
	return b.String()
}

// parse reads what String wrote; "#" begins a line that is no step.
func parse(text string) (s script, err error) {
	for _, line := range strings.Split(text, "\n") {
		var one step
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "seed "):
			_, err = fmt.Sscanf(line, "seed %d", &s.seed)
		default:
			_, err = fmt.Sscanf(line, "%s %d %d %d +%d", &one.verb, &one.a, &one.b, &one.c, &one.turns)
			s.steps = append(s.steps, one)
		}
		if err == nil && one.verb != "" && verbOf(one.verb) == nil {
			err = fmt.Errorf("there is no such verb")
		}
		if err != nil {
			return s, fmt.Errorf("%q: %w", line, err)
		}
	}
	return s, nil
}

// kind is what a verb counts as.
type kind int

const (
	wish     kind = iota // a client's operation
	hitch                // a connection breaks
	breakage             // more than that
	storm                // something breaks now and then
	lull                 // something takes long now and then, or is done twice, and nothing is lost
	other                // something heals, time passes
)

// verb is one kind of step.
type verb struct {
	name string
	kind kind
	odds int // of being drawn, to those of all others
	do   func(t *trial, s step) (did bool)
}

// verbs are all that may happen. Every one of them does, in a run of many seeds.
var verbs = append(plainVerbs, storms...)

// say is apart from its table for those who say something to whom they have log in.
var say = byDevice((*keeper).sayTo, (*telnet).sayTo)

var plainVerbs = []verb{
	{"say", wish, 100, say},
	{"burst", wish, 30, byDevice((*keeper).burst, (*telnet).burst)},
	{"mark", wish, 20, byKeeper((*keeper).mark)},
	{"type", wish, 4, byKeeper(asking(func(k *keeper, s step) wire.Request { return wire.Typing{Conv: k.t.conv(s.b)} }))},
	{"look", wish, 12, byKeeper((*keeper).look)},
	{"sync", wish, 3, byKeeper(asking(func(k *keeper, s step) wire.Request {
		return wire.Sync{Conv: k.t.conv(s.b), Before: uint64(s.c % 20), Limit: 2}
	}))},
	{"befriend", wish, 4, byDevice(asking(func(k *keeper, s step) wire.Request { return wire.AddFriend{Friend: user(s.b)} }), (*telnet).befriend)},
	{"unfriend", wish, 2, byKeeper(asking(func(_ *keeper, s step) wire.Request { return wire.DelFriend{Friend: user(s.b)} }))},
	{"block", wish, 3, byKeeper(asking(func(_ *keeper, s step) wire.Request { return wire.Block{User: user(s.b)} }))},
	{"unblock", wish, 4, byKeeper(asking(func(_ *keeper, s step) wire.Request { return wire.Unblock{User: user(s.b)} }))},
	{"join", wish, 16, byDevice((*keeper).join, (*telnet).join)},
	{"leave", wish, 5, byKeeper(asking(func(k *keeper, s step) wire.Request { return wire.LeaveGroup{Group: k.t.group(s.b)} }))},
	{"kick", wish, 8, byKeeper(asking(func(k *keeper, s step) wire.Request { return wire.Kick{Group: k.t.group(s.b), User: user(s.c)} }))},
	{"ban", wish, 2, byKeeper(asking(func(k *keeper, s step) wire.Request { return wire.Ban{Group: k.t.group(s.b), User: user(s.c)} }))},
	{"unban", wish, 4, byKeeper(asking(func(k *keeper, s step) wire.Request { return wire.Unban{Group: k.t.group(s.b), User: user(s.c)} }))},
	{"invite", wish, 4, byKeeper(asking(func(k *keeper, s step) wire.Request { return wire.Invite{Group: k.t.group(s.b), User: user(s.c)} }))},
	{"promote", wish, 3, byKeeper((*keeper).promote)},
	{"set", wish, 3, byKeeper((*keeper).set)},
	{"found", wish, 3, byDevice((*keeper).found, (*telnet).found)},
	{"disband", wish, 1, byKeeper(asking(func(_ *keeper, s step) wire.Request { return wire.GroupSet{Group: int64(3 + s.b%2), Delete: true} }))},
	{"logout", wish, 6, byDevice((*keeper).logout, (*telnet).logout)},
	{"passwd", wish, 1, byKeeper((*keeper).passwd)},
	{"revoke", wish, 1, byKeeper(asking(func(_ *keeper, s step) wire.Request { return wire.Revoke{Token: int64(1 + s.b%10)} }))},
	{"register", wish, 2, byKeeper((*keeper).register)},
	{"close", wish, 1, (*trial).closeAccount},

	{"roam", hitch, 8, (*trial).roam},
	{"gather", hitch, 4, (*trial).gather},
	{"half-close", hitch, 4, onLine((*line).halfClose)},
	{"reset", hitch, 6, onLine((*line).reset)},
	{"stall", hitch, 5, onLine(func(l *line) { l.stalled = true })},
	{"crash", breakage, 5, (*trial).crash},
	{"drain", breakage, 2, (*trial).drain},
	{"panic", storm, 12, (*trial).panic},
	{"cut", breakage, 4, (*trial).cutOff},
	{"part", breakage, 4, (*trial).cutBetween},
	{"lapse", breakage, 3, (*trial).lapse},
	{"forget", breakage, 2, func(t *trial, _ step) bool { t.hub.Empty(); return true }},
	{"wipe", breakage, 3, (*trial).wipe},
	{"miss", breakage, 2, (*trial).miss},
	{"jump", breakage, 2, (*trial).jump},

	{"start", other, 12, (*trial).startOne},
	{"flow", other, 8, onLine(func(l *line) { l.stalled = false })},
	{"rejoin", other, 6, func(t *trial, _ step) bool { clear(t.cut); return true }},
	{"calm", other, 8, func(t *trial, _ step) bool { t.calm(); return true }},
	{"rest", other, 0, func(t *trial, _ step) bool { t.rest(); return true }},
	{"wait", other, 30, func(t *trial, s step) bool { t.pass(wait(s.a)); return true }},
}

func verbOf(name string) *verb {
	for i := range verbs {
		if verbs[i].name == name {
			return &verbs[i]
		}
	}
	return nil
}

// draw draws one step of any kind.
func draw(r *rand.Rand) step {
	total := 0
	for _, v := range verbs {
		total += v.odds
	}
	at := r.IntN(total)
	for _, v := range verbs {
		if at -= v.odds; at < 0 {
			return step{v.name, r.IntN(1000), r.IntN(1000), r.IntN(1000), r.IntN(40)}
		}
	}
	panic("unreachable")
}

// wait is how long a step of that number lets pass: mostly moments, now and then longer than a lease, or
// than anybody remembers anything.
func wait(n int) time.Duration {
	switch {
	case n < 700:
		return time.Duration(n) * time.Millisecond
	case n < 970:
		return time.Duration(n-690) * 20 * time.Millisecond
	default:
		return time.Duration(n-965) * 2 * time.Second
	}
}

// user is one of the six.
func user(n int) int64 { return int64(1 + n%users) }

// mood is what may go wrong in a trial.
type mood int

const (
	fair mood = iota // connections break, and nothing else: hints arrive as well
	slow             // all may take long, too: nothing is lost, so nothing is repaired
	rare             // anything, with time between, so that no repair hides what another should have done
	foul             // anything, and much of it
)

// moodOf is that of a seed. It, isNarrow and policyOf come round within seedStep.
func moodOf(seed uint64) mood {
	switch seed % 8 {
	case 0:
		return fair
	case 1, 2:
		return slow
	case 3, 4:
		return rare
	}
	return foul
}

// isNarrow tells whether a seed has short queues: one in eight, for what they drop is read from the store, and
// that hides what else is missed.
func isNarrow(seed uint64) bool { return seed/8%8 == 4 }

// has tells whether a step suits the mood.
func (m mood) has(s step) bool {
	switch k := verbOf(s.verb).kind; {
	case k == wish, k == hitch, k == other, m == foul:
		return true
	case m == rare:
		return s.turns < 8
	default:
		return m == slow && k == lull
	}
}
