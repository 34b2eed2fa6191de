package storetest

import (
	"time"

	"chatserver/persistence"
)

var changes = map[string]func(*world){
	"what changed of late has the heads of the conversations written to": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		aa, ab := persistence.Direct(ann, ann), persistence.Direct(ann, bob)
		w.say(ann, aa, "old")
		w.tick()
		w.say(ann, ab, "one")
		w.say(ann, ab, "two")
		w.tick()
		w.say(bob, ab, "three")
		w.ms.Add(10)

		equal(w, w.changed(time.Hour).Heads, []persistence.Head{{Conv: aa, Seq: 1}, {Conv: ab, Seq: 3}})
		equal(w, w.changed(11*time.Millisecond).Heads, []persistence.Head{{Conv: ab, Seq: 3}})
		equal(w, w.changed(9*time.Millisecond), persistence.Changes{})
	},
	"what changed of late names a group and whose place in it changed": func(w *world) {
		ann, bob, cleo, eve := w.user("ann"), w.user("bob"), w.user("cleo"), w.user("eve")
		g := w.group("tea", ann, bob, cleo)
		joins := func() error { _, err := w.Join(w.Context(), g, eve); return err }
		for _, s := range []struct {
			name string
			do   func() error
			want []persistence.UserID
		}{
			{"join", joins, []persistence.UserID{eve}},
			{"leave", func() error { return w.leaves(g, eve) }, []persistence.UserID{eve}},
			{"join again", joins, []persistence.UserID{eve}},
			{"kick", func() error { return w.Kick(w.Context(), g, ann, eve) }, []persistence.UserID{eve}},
			{"admin", func() error { return w.SetRole(w.Context(), g, ann, cleo, persistence.Admin) }, []persistence.UserID{cleo}},
			{"new creator", func() error { return w.SetRole(w.Context(), g, ann, bob, persistence.Creator) }, []persistence.UserID{ann, bob}},
			{"ban", func() error { _, err := w.Ban(w.Context(), g, bob, cleo); return err }, []persistence.UserID{cleo}},
			{"heir", func() error { return w.leaves(g, bob) }, []persistence.UserID{ann, bob}},
			{"disband", func() error { _, err := w.Disband(w.Context(), g, ann); return err }, []persistence.UserID{ann}},
		} {
			w.ms.Add(10)
			w.ok(s.do())
			w.named(s.name, persistence.Changes{Groups: []persistence.GroupID{g}, Users: s.want})
		}
		w.ms.Add(10)
		w.named("nothing", persistence.Changes{})
	},
	"what changed of late names whose password, tokens or blocks changed, and who closed its account": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		token := w.issue(ann, "phone", "1")
		for _, s := range []struct {
			name string
			do   func() error
		}{
			{"block", func() error { return w.Block(w.Context(), ann, bob) }},
			{"unblock", func() error { return w.Unblock(w.Context(), ann, bob) }},
			{"token in place of the device's last", func() error { token = w.issue(ann, "phone", "2"); return nil }},
			{"revoke", func() error { return w.Revoke(w.Context(), ann, token) }},
			{"password", func() error { return w.SetPassword(w.Context(), ann, "new hash", 0) }},
			{"close", func() error { _, err := w.CloseAccount(w.Context(), ann); return err }},
		} {
			w.ms.Add(10)
			w.ok(s.do())
			w.named(s.name, persistence.Changes{Users: []persistence.UserID{ann}})
		}
	},
	"what changed of late names each once, in order": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		tea, art := w.group("tea", cleo), w.group("art", cleo, ann)
		w.ok(w.Block(w.Context(), bob, cleo))
		w.ok(w.Block(w.Context(), ann, cleo))

		equal(w, w.changed(0), persistence.Changes{
			Groups: []persistence.GroupID{tea, art}, Users: []persistence.UserID{ann, bob, cleo},
		})
	},
}

func (w *world) changed(ago time.Duration) persistence.Changes {
	w.Helper()
	c, err := w.Changed(w.Context(), ago)
	w.ok(err)
	return c
}

// named checks what changed within the last five milliseconds.
func (w *world) named(after string, want persistence.Changes) {
	w.Helper()
	w.Log("after", after)
	equal(w, w.changed(5*time.Millisecond), want)
}
