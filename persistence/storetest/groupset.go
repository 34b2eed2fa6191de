package storetest

import "chatserver/persistence"

var groupset = map[string]func(*world){
	"what is changed of a group is what is given": func(w *world) {
		ann := w.user("ann")
		g := w.group("tea", ann)
		for _, c := range []struct {
			change persistence.GroupChange
			want   persistence.Group
		}{
			{persistence.GroupChange{}, persistence.Group{ID: g, Name: "tea", Desc: "about tea"}},
			{persistence.GroupChange{Name: new("Thé"), Key: []byte("thé")}, persistence.Group{ID: g, Name: "Thé", Desc: "about tea"}},
			{persistence.GroupChange{Desc: new("")}, persistence.Group{ID: g, Name: "Thé"}},
			{persistence.GroupChange{Closed: new(true)}, persistence.Group{ID: g, Name: "Thé", Closed: true}},
			{persistence.GroupChange{Name: new("THÉ"), Key: []byte("thé")}, persistence.Group{ID: g, Name: "THÉ", Closed: true}},
			{persistence.GroupChange{Closed: new(false)}, persistence.Group{ID: g, Name: "THÉ"}},
		} {
			w.change(g, ann, c.change)
			r, err := w.Roster(w.Context(), ann, 0)
			w.ok(err)
			equal(w, r.Groups[0].Group, c.want)
		}
		equal(w, w.say(ann, persistence.GroupConv(g), "hi").Ver, uint64(1))
	},
	"a group's new name is taken and its old one free": func(w *world) {
		ann := w.user("ann")
		g, art := w.group("tea", ann), w.group("art", ann)
		err := w.SetGroup(w.Context(), art, ann, persistence.GroupChange{Name: new("Tea"), Key: []byte("tea"), Desc: new("new")})
		w.refused(err, persistence.ErrExists)
		w.change(g, ann, persistence.GroupChange{Name: new("coffee"), Key: []byte("coffee")})
		w.group("tea", ann)
		_, err = w.Found(w.Context(), ann, "coffee", []byte("coffee"), "")
		w.refused(err, persistence.ErrExists)
		groups, err := w.GroupsOf(w.Context(), ann)
		w.ok(err)
		equal(w, groups[1].Desc, "about art")
	},
	"the creator and admins change a group": func(w *world) {
		c := w.club()
		for by, want := range map[string]error{"creator": nil, "admin": nil, "normal": persistence.ErrForbidden, "eve": persistence.ErrForbidden} {
			w.refused(w.SetGroup(w.Context(), c.group, c.people[by], persistence.GroupChange{Desc: new("new")}), want)
		}
		w.refused(w.SetGroup(w.Context(), c.group+1, c.people["creator"], persistence.GroupChange{}), persistence.ErrNotFound)
	},
	"disbanding ends all memberships at one version, and the group": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		g := w.group("tea", bob, ann, cleo)
		conv := persistence.GroupConv(g)
		w.say(ann, conv, "hi")
		w.leave(g, cleo)

		ids, err := w.Disband(w.Context(), g, bob)

		w.ok(err)
		equal(w, ids, []persistence.UserID{ann, bob})
		equal(w, w.members(g, 4), []persistence.Member{
			{Peer: peer(ann, "ann"), Role: persistence.Normal, Ver: 5, Gone: true},
			{Peer: peer(bob, "bob"), Role: persistence.Creator, Ver: 5, Gone: true},
		})
		equal(w, w.state(ann, conv), nil)
		_, err = w.Join(w.Context(), g, cleo)
		w.refused(err, persistence.ErrNotFound)
		w.refused(w.append(w.draft(bob, conv, "psst"))[0].Err, persistence.ErrNotFound)
		head, err := w.Head(w.Context(), conv)
		w.ok(err)
		equal(w, head, 1)
		w.group("tea", cleo)
	},
	"only its creator disbands a group, once": func(w *world) {
		c := w.club()
		for _, by := range []string{"admin", "normal", "eve"} {
			_, err := w.Disband(w.Context(), c.group, c.people[by])
			w.refused(err, persistence.ErrForbidden)
		}
		_, err := w.Disband(w.Context(), c.group, c.people["creator"])
		w.ok(err)
		_, err = w.Disband(w.Context(), c.group, c.people["creator"])
		w.refused(err, persistence.ErrNotFound)
	},
	"a user's groups come by id with their sizes": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		tea := w.group("tea", bob, ann, cleo)
		art := w.group("art", ann)
		w.leave(w.group("left", bob, ann), ann)
		w.leave(tea, cleo)

		groups, err := w.GroupsOf(w.Context(), ann)

		w.ok(err)
		equal(w, groups, []persistence.Membership{{
			Group:  persistence.Group{ID: tea, Name: "tea", Desc: "about tea"},
			Member: persistence.Member{Peer: peer(ann, "ann"), Role: persistence.Normal, Ver: 2}, Size: 2,
		}, {
			Group:  persistence.Group{ID: art, Name: "art", Desc: "about art"},
			Member: persistence.Member{Peer: peer(ann, "ann"), Role: persistence.Creator, Ver: 1}, Size: 1,
		}})
		_, err = w.GroupsOf(w.Context(), 9999)
		w.refused(err, persistence.ErrNotFound)
	},
	"a roll is the members after an id, at most so many, as its reader sees them": func(w *world) {
		ann, bob, cleo, dan := w.user("ann"), w.user("bob"), w.user("cleo"), w.user("dan")
		g := w.group("tea", bob, ann, cleo, dan)
		w.say(bob, persistence.GroupConv(g), "hi")
		w.leave(g, cleo)
		w.ok(w.Block(w.Context(), dan, ann))
		hidden := peer(dan, "dan")
		hidden.Hides = true
		all := []persistence.Member{
			{Peer: peer(ann, "ann"), Role: persistence.Normal, Ver: 2},
			{Peer: peer(bob, "bob"), Role: persistence.Creator, Ver: 1},
			{Peer: hidden, Role: persistence.Normal, Ver: 4},
		}
		for _, c := range []struct {
			after persistence.UserID
			limit int
			want  []persistence.Member
		}{{0, 10, all}, {0, 2, all[:2]}, {ann, 10, all[1:]}, {dan, 10, nil}, {0, 0, nil}} {
			page, err := w.Roll(w.Context(), g, ann, c.after, c.limit)
			w.ok(err)
			equal(w, page, c.want)
		}
		page, err := w.Roll(w.Context(), g, bob, bob, 10)
		w.ok(err)
		equal(w, page[0].Hides, false)
	},
	"only members read the roll": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)
		w.leave(g, bob)
		_, err := w.Roll(w.Context(), g, bob, 0, 10)
		w.refused(err, persistence.ErrForbidden)
		_, err = w.Roll(w.Context(), g+1, ann, 0, 10)
		w.refused(err, persistence.ErrNotFound)
		w.leave(g, ann)
		_, err = w.Roll(w.Context(), g, ann, 0, 10)
		w.refused(err, persistence.ErrNotFound)
	},
}

func (w *world) change(group persistence.GroupID, by persistence.UserID, change persistence.GroupChange) {
	w.Helper()
	w.ok(w.SetGroup(w.Context(), group, by, change))
}
