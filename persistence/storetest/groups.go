package storetest

import "chatserver/persistence"

var groups = map[string]func(*world){
	"a group has its creator as first member, who reads all of it": func(w *world) {
		ann := w.user("ann")
		g := w.group("tea", ann)
		equal(w, w.members(g, 0), []persistence.Member{
			{Peer: peer(ann, "ann"), Role: persistence.Creator, Ver: 1},
		})
		equal(w, w.state(ann, persistence.GroupConv(g)), &persistence.ConvState{Conv: persistence.GroupConv(g)})
	},
	"a group's name whose key is taken is refused": func(w *world) {
		ann := w.user("ann")
		w.group("tea", ann)
		_, err := w.Found(w.Context(), ann, "Tea", []byte("tea"), "")
		w.refused(err, persistence.ErrExists)
	},
	"nobody joins twice, or what is not there, or without being there": func(w *world) {
		ann := w.user("ann")
		g := w.group("tea", ann)
		_, err := w.Join(w.Context(), g, ann)
		w.refused(err, persistence.ErrExists)
		_, err = w.Join(w.Context(), g+1, ann)
		w.refused(err, persistence.ErrNotFound)
		_, err = w.Join(w.Context(), g, 99)
		w.refused(err, persistence.ErrNotFound)
		equal(w, w.say(ann, persistence.GroupConv(g), "hi").Ver, uint64(1))
	},
	"who joins reads from the next message on": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		conv := persistence.GroupConv(g)
		w.say(ann, conv, "one")
		w.say(ann, conv, "two")

		m := w.join(g, bob)

		want := persistence.Member{Peer: peer(bob, "bob"), Role: persistence.Normal, Since: 2, Ver: 2}
		equal(w, m, persistence.Membership{Group: persistence.Group{ID: g, Name: "tea", Desc: "about tea"}, Member: want, Size: 2})
		equal(w, w.members(g, 1), []persistence.Member{want})
		equal(w, w.state(bob, conv), &persistence.ConvState{Conv: conv, Head: 2, Since: 2, Delivered: 2, Read: 2})
	},
	"who joins again reads from the next message on and is not told what it missed": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)
		conv := persistence.GroupConv(g)
		w.leave(g, bob)
		w.say(ann, conv, "missed")

		m := w.join(g, bob)

		equal(w, m.Since, uint64(1))
		equal(w, w.state(bob, conv), &persistence.ConvState{Conv: conv, Head: 1, Since: 1, Delivered: 1, Read: 1})
		equal(w, len(w.backlog(bob, 10)), 0)
	},
	"who left stays as a row that is gone, with the version of the leaving": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)

		w.leave(g, bob)

		rows := w.members(g, 2)
		equal(w, rows, []persistence.Member{
			{Peer: peer(bob, "bob"), Role: persistence.Normal, Ver: 3, Gone: true},
		})
		equal(w, w.state(bob, persistence.GroupConv(g)), nil)
		w.refused(w.append(w.draft(bob, persistence.GroupConv(g), "psst"))[0].Err, persistence.ErrForbidden)
	},
	"only members leave": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		w.refused(w.leaves(g, bob), persistence.ErrForbidden)
		w.refused(w.leaves(g+1, bob), persistence.ErrNotFound)
		equal(w, w.say(ann, persistence.GroupConv(g), "hi").Ver, uint64(1))
	},
	"a leaving creator is followed by the member who joined first": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		g := w.group("tea", ann, bob, cleo)
		w.leave(g, bob)
		w.join(g, bob)

		heir, err := w.Leave(w.Context(), g, ann)

		w.ok(err)
		equal(w, heir, cleo)
		rows := w.members(g, 5)
		equal(w, len(rows), 2)
		equal(w, rows[0].Gone, true)
		equal(w, rows[1], persistence.Member{Peer: peer(cleo, "cleo"), Role: persistence.Creator, Ver: 6})
	},
	"the last to leave ends the group, frees its name and keeps its messages": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		conv := persistence.GroupConv(g)
		w.say(ann, conv, "hi")

		w.leave(g, ann)

		_, err := w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrNotFound)
		w.refused(w.leaves(g, ann), persistence.ErrNotFound)
		w.refused(w.append(w.draft(ann, conv, "psst"))[0].Err, persistence.ErrNotFound)
		head, err := w.Head(w.Context(), conv)
		w.ok(err)
		equal(w, head, 1)
		if again := w.group("tea", bob); again == g {
			w.Fatalf("group %d again", g)
		}
	},
	"versions rise by one with each change and stand on messages": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		g := w.group("tea", ann)
		conv := persistence.GroupConv(g)
		var vers []uint64
		for _, change := range []func(){
			func() {},
			func() { w.join(g, bob) },
			func() { w.join(g, cleo) },
			func() { w.leave(g, bob) },
			func() { w.join(g, bob) },
		} {
			change()
			vers = append(vers, w.say(ann, conv, "hi").Ver)
		}
		equal(w, vers, []uint64{1, 2, 3, 4, 5})
	},
	"an unknown group has no members": func(w *world) {
		equal(w, len(w.members(7, 0)), 0)
	},
}

func (w *world) members(group persistence.GroupID, ver uint64) []persistence.Member {
	w.Helper()
	rows, err := w.Members(w.Context(), group, ver)
	w.ok(err)
	return rows
}
