package storetest

import (
	"fmt"
	"strings"
	"time"

	"chatserver/persistence"
)

var appends = map[string]func(*world){
	"a message comes back as it was given": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		for _, body := range []string{"1", "01", "quote ' \" \\ \x00", "中文 👋🏽", strings.Repeat("x", 8192)} {
			d := w.draft(bob, conv, body)
			out := w.append(d)[0]
			w.ok(out.Err)
			equal(w, w.read(ann, conv, persistence.Span{After: out.Seq - 1, Limit: 1}).Messages, []persistence.Message{{
				Conv: conv, Seq: out.Seq, Sender: persistence.User{ID: bob, Name: "bob"}, CID: d.CID, Body: body, At: out.At,
			}})
		}
	},
	"a batch is numbered conversation by conversation in the order given": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		ab, ac := persistence.Direct(ann, bob), persistence.Direct(ann, cleo)
		w.say(ann, ac, "before")

		out := w.append(w.draft(ann, ac, "1"), w.draft(ann, ab, "2"), w.draft(cleo, ac, "3"), w.draft(bob, ab, "4"), w.draft(ann, ac, "5"))

		var seqs []uint64
		for _, o := range out {
			w.ok(o.Err)
			seqs = append(seqs, o.Seq)
		}
		equal(w, seqs, []uint64{2, 1, 3, 2, 4})
		equal(w, w.bodies(ann, ac), []string{"before", "1", "3", "5"})
	},
	"a full batch over many conversations is stored": func(w *world) {
		const people = 20
		var ids []persistence.UserID
		for i := range people {
			ids = append(ids, w.user(fmt.Sprint("user", i)))
		}
		var drafts []persistence.Draft
		for i := range 512 {
			d := w.draft(ids[i%people], persistence.Direct(ids[i%people], ids[i*7%people]), fmt.Sprint(i))
			drafts = append(drafts, d)
		}
		for i, o := range w.append(drafts...) {
			if o.Err != nil || o.Seq == 0 || o.Dup {
				w.Fatalf("draft %d: %+v", i, o)
			}
		}
	},
	"an empty batch is nothing": func(w *world) {
		equal(w, len(w.append()), 0)
	},
	"times never go back": func(w *world) {
		ann := w.user("ann")
		conv := persistence.Direct(ann, ann)
		one := w.say(ann, conv, "one")
		w.ms.Add(-5000)
		equal(w, w.say(ann, conv, "two").At, one.At)
		w.ms.Add(5001)
		equal(w, w.say(ann, conv, "three").At, one.At.Add(time.Millisecond))
	},
	"the same cid later is the first outcome again, and takes no number": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		d := w.draft(ann, conv, "hi")
		first := w.append(d)[0]
		first.Dup = true

		equal(w, w.append(d)[0], first)
		out := w.append(d, w.draft(ann, conv, "next"))
		equal(w, out[0], first)
		equal(w, out[1].Seq, uint64(2))
		equal(w, w.bodies(ann, conv), []string{"hi", "next"})
	},
	"the same cid in one batch is stored once": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		d := w.draft(ann, conv, "hi")

		out := w.append(d, d, w.draft(ann, conv, "next"), d)

		again := out[0]
		again.Dup = true
		equal(w, []persistence.Outcome{out[1], out[3]}, []persistence.Outcome{again, again})
		equal(w, out[0].Dup, false)
		equal(w, w.bodies(ann, conv), []string{"hi", "next"})
	},
	"a cid with another body or conversation is a conflict, in one batch or later": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		d := w.draft(ann, conv, "hi")
		body, target := d, d
		body.Body, target.Conv = "other", persistence.Direct(ann, ann)

		out := w.append(d, body, target)
		w.ok(out[0].Err)
		w.refused(out[1].Err, persistence.ErrConflict)
		w.refused(out[2].Err, persistence.ErrConflict)
		out = w.append(body, target, d)
		w.refused(out[0].Err, persistence.ErrConflict)
		w.refused(out[1].Err, persistence.ErrConflict)
		equal(w, out[2].Dup, true)

		equal(w, w.bodies(ann, conv), []string{"hi"})
		equal(w, w.state(ann, target.Conv), nil)
	},
	"a message again has its group's version, also behind a draft that takes its cid elsewhere": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		d := w.draft(ann, persistence.GroupConv(w.group("tea", ann, bob)), "hi")
		first := w.append(d)[0]
		elsewhere := d
		elsewhere.Conv = persistence.Direct(ann, bob)

		out := w.append(elsewhere, d)

		w.refused(out[0].Err, persistence.ErrConflict)
		first.Dup = true
		equal(w, out[1], first)
	},
	"a cid that was refused is free for the next draft of the batch": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		refused := w.draft(ann, persistence.GroupConv(9), "hi")
		d := refused
		d.Conv = persistence.Direct(ann, bob)

		out := w.append(refused, d)

		w.refused(out[0].Err, persistence.ErrNotFound)
		equal(w, out[1].Seq, uint64(1))
	},
	"cids are compared byte for byte and belong to their sender": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		var drafts []persistence.Draft
		for _, cid := range []string{"a", "A", "a ", "ä", "a\x00", "1", "01", "1.0"} {
			drafts = append(drafts, persistence.Draft{Conv: conv, Sender: ann, CID: cid, Body: "hi"},
				persistence.Draft{Conv: conv, Sender: bob, CID: cid, Body: "ho"})
		}
		for i, o := range w.append(drafts...) {
			if o.Seq != uint64(i+1) || o.Dup || o.Err != nil {
				w.Fatalf("draft %d: %+v", i, o)
			}
		}
	},
	"a refused draft takes no number and stops no other": func(w *world) {
		ann, bob, eve := w.user("ann"), w.user("bob"), w.user("eve")
		g := w.group("tea", ann)
		conv, ab := persistence.GroupConv(g), persistence.Direct(ann, bob)

		out := w.append(
			w.draft(ann, conv, "one"),
			w.draft(eve, conv, "not a member"),
			w.draft(ann, persistence.GroupConv(g+1), "no such group"),
			w.draft(ann, persistence.Direct(ann, 99), "no such user"),
			w.draft(eve, ab, "not hers"),
			w.draft(ann, conv, "two"),
		)

		w.refused(out[1].Err, persistence.ErrForbidden)
		w.refused(out[2].Err, persistence.ErrNotFound)
		w.refused(out[3].Err, persistence.ErrNotFound)
		w.refused(out[4].Err, persistence.ErrForbidden)
		equal(w, w.bodies(ann, conv), []string{"one", "two"})
		equal(w, w.state(ann, persistence.Direct(ann, 99)), nil)
	},
	"what was stored before its sender left is found again after": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)
		d := w.draft(bob, persistence.GroupConv(g), "bye")
		w.ok(w.append(d)[0].Err)
		w.leave(g, bob)
		equal(w, w.append(d)[0].Dup, true)
	},
	"the first direct message gives both sides their marks": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		w.append(w.draft(ann, conv, "one"), w.draft(bob, conv, "two"))
		for _, id := range []persistence.UserID{ann, bob} {
			equal(w, w.state(id, conv), &persistence.ConvState{Conv: conv, Head: 2})
		}
	},
	"notes to oneself are a conversation like any other": func(w *world) {
		ann := w.user("ann")
		conv := persistence.Direct(ann, ann)
		w.say(ann, conv, "milk")
		equal(w, w.bodies(ann, conv), []string{"milk"})
		equal(w, w.state(ann, conv), &persistence.ConvState{Conv: conv, Head: 1})
		equal(w, len(w.backlog(ann, 10)), 1)
	},
}
