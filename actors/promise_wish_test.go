package actors

import (
	"fmt"

	"chatserver/net/wire"
)

// byDevice lets the device of that number do something, if it is logged in.
func byDevice(v2 func(*keeper, step), classic func(*telnet, step)) func(*trial, step) bool {
	return func(t *trial, s step) bool {
		d := t.devices[s.a%len(t.devices)]
		if !d.ready() {
			return false
		}
		switch d := d.(type) {
		case *keeper:
			v2(d, s)
		case *telnet:
			classic(d, s)
		}
		return true
	}
}

// byKeeper is byDevice for what only v2 clients can.
func byKeeper(do func(*keeper, step)) func(*trial, step) bool {
	return func(t *trial, s step) bool {
		s.a %= keepers
		return byDevice(do, nil)(t, s)
	}
}

// asking asks for one thing.
func asking(what func(*keeper, step) wire.Request) func(*keeper, step) {
	return func(k *keeper, s step) { k.ask(what(k, s)) }
}

func (k *keeper) sayTo(s step) { k.say(k.t.conv(s.b)) }

// burst says several things at once, without waiting for an answer.
func (k *keeper) burst(s step) {
	for range 2 + s.c%4 {
		k.say(k.t.conv(s.b))
	}
}

func (k *keeper) join(s step) { k.ask(wire.AddGroup{Group: k.t.group(s.b)}) }

// mark says how far it has come.
func (k *keeper) mark(s step) {
	conv := k.t.conv(s.b)
	k.ask(wire.Mark{Conv: conv, Delivered: k.pos[conv], Read: k.pos[conv] / 2})
}

// look asks for what there is to see.
func (k *keeper) look(s step) {
	k.ask([]wire.Request{
		wire.Friends{}, wire.Groups{}, wire.Tokens{}, wire.Convs{}, wire.Members{Group: k.t.group(s.c)},
		wire.Lookup{ID: user(s.c)}, wire.Ping{}, wire.Hello{V: wire.V2},
	}[s.b%8])
}

func (k *keeper) promote(s step) {
	role := []string{"admin", "normal", "admin", "creator"}[s.b/10%4]
	k.ask(wire.SetRole{Group: k.t.group(s.b), User: user(s.c), Role: role})
}

func (k *keeper) set(s step) {
	set := wire.GroupSet{Group: k.t.group(s.b)}
	join, desc := []string{"open", "invite", "open"}[s.c%3], fmt.Sprint("about ", s.c)
	if s.c%2 == 0 {
		set.Join = &join
	} else {
		set.Desc = &desc
	}
	k.ask(set)
}

func (k *keeper) found(s step) {
	k.ask(wire.CreateGroup{Name: fmt.Sprint("club ", s.b)})
}

// logout logs out, and in again on the same connection.
func (k *keeper) logout(step) {
	k.in = false
	k.ask(wire.Logout{})
	k.login()
}

func (k *keeper) passwd(s step) {
	next := fmt.Sprint("secret ", s.b)
	k.ask(wire.Passwd{Password: k.password(), New: next})
	k.t.passwords[k.user] = append(k.t.passwords[k.user], next)
}

func (k *keeper) register(step) {
	k.t.said++
	k.ask(wire.Reg{Name: fmt.Sprint("user", k.t.said), Password: "secret"})
}

// closeAccount closes the last user's.
func (t *trial) closeAccount(step) bool {
	k := t.devices[keepers-1].(*keeper)
	if !k.ready() {
		return false
	}
	k.ending = true
	k.ask(wire.CloseAccount{Password: k.password()})
	return true
}
