package clustertest

import (
	"errors"
	"sync"
	"sync/atomic"

	"chatserver/net/cluster"
)

var estates = map[string]func(*world){
	"an estate is all that the dead node claimed, for one heir at a time": func(w *world) {
		ann, bob, cleo := w.open("ann"), w.open("bob"), w.open("cleo")
		cleo.claim(3, cluster.GroupKey(7), 1, 2)
		cleo.release(2)
		ann.claim(4)
		w.Lapse(cleo.id)
		want := []cluster.Key{1, 3, cluster.GroupKey(7)}

		keys, ok, err := ann.bus.Estate(w.Context(), cleo.id)
		w.ok(err)
		equal(w, ok, true)
		equal(w, keys, want)
		for _, n := range []*node{ann, bob} {
			_, ok, err = n.bus.Estate(w.Context(), cleo.id)
			w.ok(err)
			equal(w, ok, false)
		}
		w.Settle(cleo.id)
		keys, ok, err = bob.bus.Estate(w.Context(), cleo.id)
		w.ok(err)
		equal(w, ok, true)
		equal(w, keys, want)
	},
	"of all who ask at once one gets an estate": func(w *world) {
		dead := w.open("dead")
		dead.claim(1)
		w.Lapse(dead.id)
		var heirs atomic.Int32
		var asking sync.WaitGroup
		for _, name := range []string{"ann", "bob", "cleo", "dora"} {
			n := w.open(name)
			asking.Go(func() {
				if _, ok, err := n.bus.Estate(w.Context(), dead.id); err != nil {
					w.Error(err)
				} else if ok {
					heirs.Add(1)
				}
			})
		}
		asking.Wait()
		equal(w, heirs.Load(), 1)
	},
	"an estate without claims is one too": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		w.Lapse(bob.id)
		keys, ok, err := ann.bus.Estate(w.Context(), bob.id)
		w.ok(err)
		equal(w, ok, true)
		equal(w, len(keys), 0)
	},
	"who was never a node has no estate": func(w *world) {
		_, ok, err := w.open("ann").bus.Estate(w.Context(), "bob/1")
		w.ok(err)
		equal(w, ok, false)
	},
	"a buried node is forgotten with all its claims": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		bob.claim(1, 2, cluster.GroupKey(7))
		ann.claim(1)
		w.Lapse(bob.id)
		w.ok(ann.bus.Bury(w.Context(), bob.id))

		equal(w, ann.beat(), cluster.View{Live: ids(ann)})
		equal(w, ann.at(1), ids(ann))
		equal(w, ann.at(2), nil)
		equal(w, ann.at(cluster.GroupKey(7)), nil)
		_, ok, err := ann.bus.Estate(w.Context(), bob.id)
		w.ok(err)
		equal(w, ok, false)
		w.ok(ann.bus.Bury(w.Context(), bob.id))
	},
	"what a dead node claims during its funeral is not left behind": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		w.Lapse(bob.id)
		var keys []cluster.Key
		for i := range 300 {
			keys = append(keys, cluster.Key(i+1))
		}
		var claiming sync.WaitGroup
		claiming.Go(func() {
			for _, key := range keys {
				if _, err := bob.bus.Claim(w.Context(), bob.id, []cluster.Claim{{Key: key}}); err != nil && !errors.Is(err, cluster.ErrLapsed) {
					w.Error(err)
				}
			}
		})
		for range 100 {
			w.ok(ann.bus.Bury(w.Context(), bob.id))
		}
		claiming.Wait()

		if len(ann.beat().Dead) != 0 {
			w.ok(ann.bus.Bury(w.Context(), bob.id))
		}
		found, err := ann.bus.Locate(w.Context(), keys)
		w.ok(err)
		equal(w, found, make([][]cluster.NodeID, len(keys)))
	},
	"a user of a buried node is shown until somebody hides it": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		bob.claim(1)
		w.Lapse(bob.id)
		w.ok(ann.bus.Bury(w.Context(), bob.id))
		equal(w, ann.claim(1), []cluster.Claimed{{Fresh: true, Shown: true}})
		ann.hide(1)
		equal(w, ann.claim(1), []cluster.Claimed{{}})
	},
}
