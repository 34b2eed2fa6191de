package storetest

import (
	"context"
	"fmt"

	"chatserver/persistence"
)

var users = map[string]func(*world){
	"a user is registered under an id of its own and found by it": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		c, err := w.Credentials(w.Context(), bob)
		w.ok(err)
		equal(w, c, persistence.Credentials{User: persistence.User{ID: bob, Name: "bob"}, Hash: "hash of bob"})
		if ann == bob || ann < 1 {
			w.Fatalf("ids %d and %d", ann, bob)
		}
	},
	"a name whose key is taken is refused": func(w *world) {
		w.user("ann")
		_, err := w.Register(w.Context(), "Ann", []byte("ann"), "hash")
		w.refused(err, persistence.ErrExists)
	},
	"keys are compared byte for byte": func(w *world) {
		for _, name := range []string{"ann", "ANN", "ann ", "änn", "a\x00", "a", "1", "01"} {
			w.user(name)
		}
	},
	"an unknown user has no credentials and no roster": func(w *world) {
		_, err := w.Credentials(w.Context(), 7)
		w.refused(err, persistence.ErrNotFound)
		_, err = w.Roster(w.Context(), 7, 10)
		w.refused(err, persistence.ErrNotFound)
	},
	"a store that can write answers a ping": func(w *world) {
		w.ok(w.Ping(w.Context()))
	},
	"a call ends with the error of its context": func(w *world) {
		ann := w.user("ann")
		ctx, cancel := context.WithCancel(w.Context())
		cancel()
		_, err := w.Append(ctx, []persistence.Draft{w.draft(ann, persistence.Direct(ann, ann), "hi")})
		w.refused(err, context.Canceled)
		_, err = w.Roster(ctx, ann, 10)
		w.refused(err, context.Canceled)
	},
	"a roster has friends in the order they were added and groups by id": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		w.befriend(ann, cleo)
		w.befriend(ann, bob)
		tea := w.group("tea", bob, ann)
		art := w.group("art", ann, bob)
		left := w.group("left", bob, ann)
		w.leave(left, ann)

		r, err := w.Roster(w.Context(), ann, 10)

		w.ok(err)
		peerAnn, peerBob := peer(ann, "ann"), peer(bob, "bob")
		equal(w, r, persistence.Roster{
			User:    peerAnn.User,
			Friends: []persistence.Peer{peer(cleo, "cleo"), peerBob},
			Groups: []persistence.Membership{{
				Group:  persistence.Group{ID: tea, Name: "tea", Desc: "about tea"},
				Member: persistence.Member{Peer: peerAnn, Role: persistence.Normal, Ver: 2},
				Size:   2,
				Others: []persistence.Member{{Peer: peerBob, Role: persistence.Creator, Ver: 1}},
			}, {
				Group:  persistence.Group{ID: art, Name: "art", Desc: "about art"},
				Member: persistence.Member{Peer: peerAnn, Role: persistence.Creator, Ver: 1},
				Size:   2,
				Others: []persistence.Member{{Peer: peerBob, Role: persistence.Normal, Ver: 2}},
			}},
		})
	},
	"a roster shows whom the user blocks, who blocks the user, and which groups are closed": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		g := w.group("tea", ann, bob)
		w.change(g, ann, persistence.GroupChange{Closed: new(true)})
		w.ok(w.Block(w.Context(), ann, cleo))
		w.ok(w.Block(w.Context(), ann, bob))
		w.ok(w.Block(w.Context(), bob, ann))

		r, err := w.Roster(w.Context(), ann, 10)

		w.ok(err)
		equal(w, r.Blocks, []persistence.UserID{bob, cleo})
		equal(w, r.Groups[0].Closed, true)
		equal(w, r.Groups[0].Hides, false)
		equal(w, r.Groups[0].Others[0].Hides, true)
	},
	"a roster is cut after so many others, and the user itself is in every group": func(w *world) {
		var ids []persistence.UserID
		for i := range 5 {
			ids = append(ids, w.user(fmt.Sprint("user", i)))
		}
		w.group("one", ids[4], ids[:4]...)
		w.group("two", ids[0], ids[1:]...)

		r, err := w.Roster(w.Context(), ids[0], 6)

		w.ok(err)
		var got [][]persistence.UserID
		for _, g := range r.Groups {
			equal(w, g.Size, 5)
			got = append(got, []persistence.UserID{g.Member.ID})
			for _, m := range g.Others {
				got[len(got)-1] = append(got[len(got)-1], m.ID)
			}
		}
		equal(w, got, [][]persistence.UserID{ids, ids[:3]})
	},
}

var friends = map[string]func(*world){
	"friendship goes one way and only once": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		f, err := w.Befriend(w.Context(), ann, bob)
		w.ok(err)
		equal(w, f, peer(bob, "bob"))

		_, err = w.Befriend(w.Context(), ann, bob)
		w.refused(err, persistence.ErrExists)
		r, err := w.Roster(w.Context(), bob, 0)
		w.ok(err)
		equal(w, len(r.Friends), 0)
	},
	"nobody befriends or blocks who is not there": func(w *world) {
		ann := w.user("ann")
		_, err := w.Befriend(w.Context(), ann, 99)
		w.refused(err, persistence.ErrNotFound)
		_, err = w.Befriend(w.Context(), 99, ann)
		w.refused(err, persistence.ErrNotFound)
		w.refused(w.Block(w.Context(), ann, 99), persistence.ErrNotFound)
		w.refused(w.Unblock(w.Context(), 99, ann), persistence.ErrNotFound)
	},
	"who is blocked is refused until unblocked, and only that way": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		w.ok(w.Block(w.Context(), ann, bob))
		w.ok(w.Block(w.Context(), ann, bob))

		refused := w.append(w.draft(bob, conv, "hello?"))[0]
		w.refused(refused.Err, persistence.ErrForbidden)
		w.say(ann, conv, "to bob")
		w.ok(w.Unblock(w.Context(), ann, bob))
		w.ok(w.Unblock(w.Context(), ann, bob))
		w.say(bob, conv, "to ann")

		equal(w, w.bodies(ann, conv), []string{"to bob", "to ann"})
	},
	"a list is in the order in which friends were added, and shows who blocks its owner": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		w.befriend(ann, cleo)
		w.befriend(ann, bob)
		w.befriend(bob, ann)
		w.ok(w.Block(w.Context(), bob, ann))
		hidden := peer(bob, "bob")
		hidden.Hides = true

		equal(w, w.friends(ann), []persistence.Peer{peer(cleo, "cleo"), hidden})
		equal(w, w.friends(bob), []persistence.Peer{peer(ann, "ann")})
		r, err := w.Roster(w.Context(), ann, 0)
		w.ok(err)
		equal(w, r.Friends, w.friends(ann))
		_, err = w.Befriend(w.Context(), cleo, bob)
		w.ok(err)
		w.ok(w.Block(w.Context(), ann, cleo))
		p, err := w.Befriend(w.Context(), cleo, ann)
		w.ok(err)
		equal(w, p.Hides, true)
	},
	"who was taken off a list is not on it, and comes last when added again": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		w.befriend(ann, bob)
		w.befriend(ann, cleo)
		w.befriend(bob, ann)

		w.ok(w.Unfriend(w.Context(), ann, bob))

		equal(w, w.friends(ann), []persistence.Peer{peer(cleo, "cleo")})
		equal(w, len(w.friends(bob)), 1)
		w.refused(w.Unfriend(w.Context(), ann, bob), persistence.ErrNotFound)
		w.befriend(ann, bob)
		equal(w, w.friends(ann), []persistence.Peer{peer(cleo, "cleo"), peer(bob, "bob")})
	},
	"watchers are who has a user on its list and is not blocked, at most so many": func(w *world) {
		ann := w.user("ann")
		var ids []persistence.UserID
		for i := range 5 {
			ids = append(ids, w.user(fmt.Sprint("user", i)))
			w.befriend(ids[i], ann)
		}
		w.befriend(ann, ids[0])
		w.ok(w.Block(w.Context(), ann, ids[1]))
		w.ok(w.Block(w.Context(), ids[2], ann))
		equal(w, w.watchers(ann, 10), []persistence.UserID{ids[0], ids[2], ids[3], ids[4]})
		equal(w, w.watchers(ann, 2), []persistence.UserID{ids[0], ids[2]})
		equal(w, len(w.watchers(ann, 0)), 0)
		equal(w, w.watchers(ids[0], 10), []persistence.UserID{ann})
	},
}
