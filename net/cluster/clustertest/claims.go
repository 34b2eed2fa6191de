package clustertest

import (
	"slices"
	"sync"

	"chatserver/net/cluster"
)

var claims = map[string]func(*world){
	"a claim is fresh once, and finds the others in order": func(w *world) {
		cleo, ann, bob := w.open("cleo"), w.open("ann"), w.open("bob")
		tea := cluster.GroupKey(7)
		equal(w, cleo.claim(tea), []cluster.Claimed{{Fresh: true}})
		equal(w, cleo.claim(tea), []cluster.Claimed{{}})
		equal(w, ann.claim(tea), []cluster.Claimed{{Fresh: true, Others: ids(cleo)}})
		equal(w, bob.claim(tea, tea), []cluster.Claimed{{Fresh: true, Others: ids(ann, cleo)}, {Others: ids(ann, cleo)}})
		w.Lapse(cleo.id)
		equal(w, bob.claim(tea), []cluster.Claimed{{Others: ids(ann, cleo)}})
	},
	"a user is shown from the first claim until it is hidden": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		equal(w, ann.claim(1), []cluster.Claimed{{Fresh: true}})
		equal(w, ann.claim(1), []cluster.Claimed{{Shown: true}})
		ann.release(1)
		equal(w, bob.claim(1), []cluster.Claimed{{Fresh: true, Shown: true}})

		equal(w, ann.hide(1), ids(bob))
		equal(w, bob.claim(1), []cluster.Claimed{{}})
		equal(w, bob.claim(1), []cluster.Claimed{{Shown: true}})
	},
	"a claim or a release of an earlier run comes to nothing, once there is another": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		earlier := ann.id
		ann.reopen(earlier + "b")
		ann.claim(1)

		_, err := ann.bus.Claim(w.Context(), earlier, []cluster.Claim{{Key: 2}})
		w.refused(err, cluster.ErrLapsed)
		w.refused(ann.bus.Release(w.Context(), earlier, []cluster.Key{1}), cluster.ErrLapsed)

		equal(w, bob.at(1), ids(ann))
		equal(w, bob.at(2), nil)
	},
	"a group is never shown and has no turn": func(w *world) {
		ann, tea := w.open("ann"), cluster.GroupKey(7)
		ann.claim(tea)
		found, err := ann.bus.Claim(w.Context(), ann.id, []cluster.Claim{{Key: tea, Turn: true}})
		w.ok(err)
		equal(w, found, []cluster.Claimed{{}})
	},
	"a user who was never there is nowhere when it is hidden": func(w *world) {
		equal(w, w.open("ann").hide(1), nil)
	},
	"turns of a user rise, whoever takes them, also over a release and a hide": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		last := ann.turn(1)
		for range 3 {
			for _, n := range []*node{bob, ann} {
				next := n.turn(1)
				if next <= last {
					w.Fatalf("turn %d after %d", next, last)
				}
				last = next
				n.release(1)
				n.hide(1)
			}
		}
		equal(w, ann.claim(1)[0].Turn, 0)
	},
	"of two nodes that claim at once the later finds the earlier, and has the higher turn": func(w *world) {
		const users = 200
		ann, bob := w.open("ann"), w.open("bob")
		var wanted []cluster.Claim
		for i := range users {
			wanted = append(wanted, cluster.Claim{Key: cluster.Key(i + 1), Turn: true})
		}
		var found [2][]cluster.Claimed
		var claiming sync.WaitGroup
		for i, n := range []*node{ann, bob} {
			claiming.Go(func() {
				for _, c := range wanted { // one by one, so that they meet
					got, err := n.bus.Claim(w.Context(), n.id, []cluster.Claim{c})
					if err != nil {
						w.Error(err)
						return
					}
					found[i] = append(found[i], got...)
				}
			})
		}
		claiming.Wait()
		if w.Failed() {
			return
		}
		for i := range users {
			first, second := found[0][i], found[1][i]
			if first.Turn > second.Turn {
				first, second = second, first
			}
			if len(first.Others) != 0 || len(second.Others) != 1 || first.Shown || !second.Shown || first.Turn == second.Turn {
				w.Fatalf("user %d: %+v and %+v", i+1, first, second)
			}
		}
	},
	"who claims and is not found by a hide finds the user not shown": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		for user := cluster.Key(1); user <= 200; user++ {
			bob.claim(user)
			bob.release(user)
			var claimed cluster.Claimed
			var claiming sync.WaitGroup
			claiming.Go(func() {
				if found, err := bob.bus.Claim(w.Context(), bob.id, []cluster.Claim{{Key: user}}); err == nil {
					claimed = found[0]
				} else {
					w.Error(err)
				}
			})
			found := ann.hide(user)
			claiming.Wait()
			if !slices.Contains(found, bob.id) && claimed.Shown {
				w.Fatalf("nobody tells of user %d: it was not found and got %+v", user, claimed)
			}
		}
	},
	"what is released is not found there any more, and elsewhere still": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		ann.claim(1, 2)
		bob.claim(1)
		ann.release(1, 3)
		equal(w, ann.at(1), ids(bob))
		equal(w, ann.at(2), ids(ann))
		equal(w, ann.claim(1), []cluster.Claimed{{Fresh: true, Others: ids(bob), Shown: true}})
	},
	"each key is located on its own, users and groups, the dead among the nodes": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		bob.claim(7, cluster.GroupKey(8))
		ann.claim(7, cluster.GroupKey(7))
		w.Lapse(bob.id)

		found, err := ann.bus.Locate(w.Context(), []cluster.Key{cluster.GroupKey(7), 9, 7, cluster.GroupKey(8), 7})

		w.ok(err)
		equal(w, found, [][]cluster.NodeID{ids(ann), nil, ids(ann, bob), ids(bob), ids(ann, bob)})
	},
	"any number of keys is one call": func(w *world) {
		const users = 3000
		ann := w.open("ann")
		var keys []cluster.Key
		for i := range users {
			keys = append(keys, cluster.Key(i+1))
		}
		for _, c := range ann.claim(keys...) {
			equal(w, c, cluster.Claimed{Fresh: true})
		}
		ann.release(keys[users/2:]...)
		found, err := ann.bus.Locate(w.Context(), keys)
		w.ok(err)
		hidden, err := ann.bus.Hide(w.Context(), keys)
		w.ok(err)
		for i := range users {
			want := ids(ann)
			if i >= users/2 {
				want = nil
			}
			equal(w, found[i], want)
			equal(w, hidden[i], want)
		}
		w.Lapse(ann.id)
		bob := w.open("bob")
		estate, _, err := bob.bus.Estate(w.Context(), ann.id)
		w.ok(err)
		equal(w, estate, keys[:users/2])
		w.ok(bob.bus.Bury(w.Context(), ann.id))
		equal(w, bob.at(1), nil)
	},
	"no keys are no error": func(w *world) {
		ann := w.open("ann")
		equal(w, len(ann.claim()), 0)
		ann.release()
		found, err := ann.bus.Locate(w.Context(), nil)
		w.ok(err)
		equal(w, len(found), 0)
	},
}
