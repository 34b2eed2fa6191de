package clustertest

import (
	"errors"
	"sync"
	"time"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// full is a batch with each envelope.
var full = cluster.Batch{From: "ann/1", Number: 7, Envelopes: []cluster.Envelope{
	cluster.Stored{Message: persistence.Message{
		Conv:   persistence.Direct(1, 2),
		Seq:    3,
		Sender: persistence.User{ID: 1, Name: "änn"},
		CID:    "cid",
		Body:   "hi \x00 there",
		At:     time.UnixMilli(1_700_000_000_001),
	}},
	cluster.Stored{Message: persistence.Message{Conv: persistence.GroupConv(7), Seq: 1, Sender: persistence.User{ID: 1, Name: "ann"}, At: time.UnixMilli(1)}, Ver: 4},
	cluster.Hint{To: []persistence.UserID{1, persistence.MaxUserID}, From: 5, Object: []byte(`{"msgid":1}`)},
	cluster.Hint{To: []persistence.UserID{1}, Object: []byte("x")},
	cluster.Relay{Group: persistence.MaxGroupID, From: 2, Object: []byte("{}")},
	cluster.Announce{Group: 7, Event: wire.Event{Kind: wire.GroupKicked, ID: 2, By: 1, Group: 7, Role: "admin"}},
	cluster.Announce{Group: 7},
	cluster.Expel{User: 1, Turn: 3},
	cluster.Refresh{User: 9},
	cluster.Marked{Mark: persistence.Mark{User: 9, Conv: persistence.Direct(1, 9), Delivered: 2, Read: 1}},
}}

var mail = map[string]func(*world){
	"a batch is heard as it was published, by whom it is for alone": func(w *world) {
		ann, bob, cleo := w.open("ann"), w.open("bob"), w.open("cleo")
		w.ok(errors.Join(ann.bus.Publish(w.Context(), []cluster.Mail{{To: bob.id, Batch: full}})...))
		ann.send(8, cleo)

		equal(w, bob.hears(), full)
		equal(w, cleo.hears(), cluster.Batch{From: ann.id, Number: 8})
		equal(w, len(ann.ear.heard)+len(bob.ear.heard)+len(cleo.ear.heard), 0)
	},
	"a node hears itself": func(w *world) {
		ann := w.open("ann")
		ann.send(1, ann)
		equal(w, ann.hears(), cluster.Batch{From: ann.id, Number: 1})
	},
	"batches come once and in order, to and from every node at once": func(w *world) {
		const calls, each = 100, 3
		nodes := []*node{w.open("ann"), w.open("bob"), w.open("cleo")}
		var sending sync.WaitGroup
		for _, n := range nodes {
			sending.Go(func() {
				for call := range calls {
					var posts []cluster.Mail
					for _, to := range nodes {
						for i := range each {
							batch := cluster.Batch{From: n.id, Number: uint64(each*call + i + 1), Envelopes: full.Envelopes}
							posts = append(posts, cluster.Mail{To: to.id, Batch: batch})
						}
					}
					if err := errors.Join(n.bus.Publish(w.Context(), posts)...); err != nil {
						w.Error(err)
					}
				}
			})
		}
		for _, n := range nodes {
			last := map[cluster.NodeID]uint64{}
			for range calls * each * len(nodes) {
				b := n.hears()
				if b.Number != last[b.From]+1 {
					w.Fatalf("%s hears %d of %s after %d", n.id, b.Number, b.From, last[b.From])
				}
				last[b.From]++
			}
		}
		sending.Wait()
		for _, n := range nodes {
			n.send(0, n)
			equal(w, n.hears(), cluster.Batch{From: n.id})
		}
	},
	"a batch for nobody is told, and the others are sent": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		posts := []cluster.Mail{{To: "dora/1"}, {To: bob.id, Batch: full}, {To: "dora/2"}}

		errs := ann.bus.Publish(w.Context(), posts)

		equal(w, len(errs), 3)
		w.refused(errs[0], cluster.ErrNobody)
		w.ok(errs[1])
		w.refused(errs[2], cluster.ErrNobody)
		equal(w, bob.hears(), full)
	},
	"no mail is no error": func(w *world) {
		equal(w, len(w.open("ann").bus.Publish(w.Context(), nil)), 0)
	},
	"a node that lapsed still hears": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		w.Lapse(bob.id)
		ann.send(1, bob)
		equal(w, bob.hears(), cluster.Batch{From: ann.id, Number: 1})
	},
	"nodes hear each other still where the bus was emptied": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		w.Empty()
		ann.send(1, bob)
		equal(w, bob.hears(), cluster.Batch{From: ann.id, Number: 1})
	},
	"a later Open ends what the earlier one heard": func(w *world) {
		ann, bob := w.open("ann"), w.open("bob")
		before, earlier := bob.id, bob.ear
		bob.reopen("bob/2")

		w.refused(ann.bus.Publish(w.Context(), []cluster.Mail{{To: before}})[0], cluster.ErrNobody)
		ann.send(1, bob)
		equal(w, bob.hears(), cluster.Batch{From: ann.id, Number: 1})
		equal(w, len(earlier.heard)+len(earlier.missed), 0)
	},
}
