package clustertest

import (
	"context"

	"chatserver/net/cluster"
)

var leases = map[string]func(*world){
	"a node that beats is among the live, in order": func(w *world) {
		ann := w.open("ann")
		equal(w, ann.beat(), cluster.View{Live: ids(ann)})
		cleo, bob := w.open("cleo"), w.open("bob")
		equal(w, ann.beat(), cluster.View{Live: ids(ann, bob, cleo)})
		equal(w, bob.beat(), cluster.View{Live: ids(ann, bob, cleo)})
	},
	"a node whose lease ended lapses, and others see it dead, in order": func(w *world) {
		ann, bob, cleo := w.open("ann"), w.open("bob"), w.open("cleo")
		ann.beat()
		w.Lapse(cleo.id)
		w.Lapse(bob.id)

		equal(w, ann.beat(), cluster.View{Live: ids(ann), Dead: ids(bob, cleo)})
		_, err := bob.bus.Beat(w.Context())
		w.refused(err, cluster.ErrLapsed)
	},
	"a node that lapsed does not come back to life by beating": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		w.Lapse(bob.id)
		for range 2 {
			_, err := bob.bus.Beat(w.Context())
			w.refused(err, cluster.ErrLapsed)
		}
		equal(w, ann.beat(), cluster.View{Live: ids(ann), Dead: ids(bob)})
	},
	"a node that lapsed begins anew under another id": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		dead := bob.id
		w.Lapse(dead)
		bob.reopen("bob/2")

		equal(w, bob.beat(), cluster.View{Live: ids(ann, bob), Dead: []cluster.NodeID{dead}})
		ann.send(1, bob)
		equal(w, bob.hears(), cluster.Batch{From: ann.id, Number: 1})
	},
	"an earlier Open's lease and claims outlive it": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		before := bob.id
		bob.claim(1)
		bob.reopen("bob/2")

		equal(w, ann.beat(), cluster.View{Live: []cluster.NodeID{ann.id, before, bob.id}})
		equal(w, ann.at(1), []cluster.NodeID{before})
		equal(w, bob.claim(1), []cluster.Claimed{{Fresh: true, Others: []cluster.NodeID{before}, Shown: true}})
	},
	"all lapse where the bus was emptied, and are no nodes until they open anew": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		ann.claim(1)
		w.Empty()

		for _, n := range []*node{ann, bob} {
			_, err := n.bus.Beat(w.Context())
			w.refused(err, cluster.ErrLapsed)
		}
		bob.reopen("bob/2")
		equal(w, bob.beat(), cluster.View{Live: ids(bob)})
		equal(w, bob.at(1), nil)
	},
	"what a lapsed node claims before it knows is found by others": func(w *world) {
		for name, lose := range map[string]func(watcher, lapsed *node){
			"emptied": func(watcher, _ *node) { w.Empty(); watcher.reopen(watcher.id + "b") },
			"buried": func(watcher, lapsed *node) {
				w.Lapse(lapsed.id)
				w.ok(watcher.bus.Bury(w.Context(), lapsed.id))
			},
		} {
			ann, bob := w.open("ann"+name), w.open("bob"+name)
			ann.claim(1)
			lose(bob, ann)
			if _, err := ann.bus.Claim(w.Context(), ann.id, []cluster.Claim{{Key: 1}}); err != nil {
				w.refused(err, cluster.ErrLapsed)
				continue
			}
			equal(w, bob.beat().Dead, ids(ann))
			keys, ok, err := bob.bus.Estate(w.Context(), ann.id)
			w.ok(err)
			equal(w, ok, true)
			equal(w, keys, []cluster.Key{1})
			w.ok(bob.bus.Bury(w.Context(), ann.id))
			equal(w, bob.at(1), nil)
		}
	},
	"a node that closed is dead at once, with its claims, and hears nothing": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		bob.claim(1, 2)
		w.ok(bob.bus.Close(w.Context()))

		equal(w, ann.beat(), cluster.View{Live: ids(ann), Dead: ids(bob)})
		equal(w, ann.at(1), ids(bob))
		keys, ok, err := ann.bus.Estate(w.Context(), bob.id)
		w.ok(err)
		equal(w, ok, true)
		equal(w, keys, []cluster.Key{1, 2})
		w.refused(ann.bus.Publish(w.Context(), []cluster.Mail{{To: bob.id}})[0], cluster.ErrNobody)
		equal(w, len(bob.ear.heard)+len(bob.ear.missed), 0)
		w.ok(bob.bus.Close(w.Context()))
		_, err = bob.bus.Beat(w.Context())
		w.refused(err, cluster.ErrLapsed)
	},
	"a node that is not open has no lease": func(w *world) {
		bus := w.Bus()
		_, err := bus.Beat(w.Context())
		w.refused(err, cluster.ErrLapsed)
		_, err = bus.Claim(w.Context(), "bob/1", []cluster.Claim{{Key: 1}})
		w.refused(err, cluster.ErrLapsed)
		w.ok(bus.Close(w.Context()))
	},
	"calls end with their context": func(w *world) {
		ann := w.open("ann")
		ctx := w.over()
		w.refused(ann.bus.Publish(ctx, []cluster.Mail{{To: ann.id}})[0], context.Canceled)
		for name, call := range map[string]func() error{
			"Open":    func() error { return w.Bus().Open(ctx, "bob/1", newEar()) },
			"Beat":    func() error { _, err := ann.bus.Beat(ctx); return err },
			"Claim":   func() error { _, err := ann.bus.Claim(ctx, ann.id, []cluster.Claim{{Key: 1}}); return err },
			"Release": func() error { return ann.bus.Release(ctx, ann.id, []cluster.Key{1}) },
			"Locate":  func() error { _, err := ann.bus.Locate(ctx, []cluster.Key{1}); return err },
			"Hide":    func() error { _, err := ann.bus.Hide(ctx, []cluster.Key{1}); return err },
			"Estate":  func() error { _, _, err := ann.bus.Estate(ctx, "bob/1"); return err },
			"Bury":    func() error { return ann.bus.Bury(ctx, "bob/1") },
			"Close":   func() error { return ann.bus.Close(ctx) },
		} {
			if name == "Close" {
				defer func() { w.refused(call(), context.Canceled) }() // the bus is of no use after it
				continue
			}
			if err := call(); err == nil {
				w.Errorf("%s goes on", name)
			} else {
				w.refused(err, context.Canceled)
			}
		}
	},
}
