package storetest

import (
	"fmt"
	"math"

	"chatserver/persistence"
)

var reads = map[string]func(*world){
	"the head is the last number, 0 where nothing was written": func(w *world) {
		ann := w.user("ann")
		conv := persistence.Direct(ann, ann)
		head, err := w.Head(w.Context(), conv)
		w.ok(err)
		equal(w, head, 0)
		w.say(ann, conv, "one")
		w.say(ann, conv, "two")
		head, err = w.Head(w.Context(), conv)
		w.ok(err)
		equal(w, head, 2)
	},
	"the backlog is what others wrote and was not handed over, oldest first": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		g := w.group("tea", bob)
		group, ab, ac := persistence.GroupConv(g), persistence.Direct(ann, bob), persistence.Direct(ann, cleo)
		w.say(bob, group, "before ann joined")
		w.join(g, ann)
		w.say(bob, ab, "handed over")
		w.ok(w.Mark(w.Context(), []persistence.Mark{{User: ann, Conv: ab, Delivered: 1}}))
		w.append(w.draft(bob, ab, "1"), w.draft(ann, ab, "own"), w.draft(bob, ab, "2"))
		w.tick()
		w.say(cleo, ac, "3")
		w.tick()
		w.say(bob, group, "4")
		w.tick()
		w.say(bob, ab, "5")

		equal(w, texts(w.backlog(ann, 10)), []string{"1", "2", "3", "4", "5"})
		equal(w, texts(w.backlog(ann, 3)), []string{"1", "2", "3"})
		equal(w, len(w.backlog(ann, 0)), 0)
	},
	"a long backlog is whole, also behind many messages of one's own": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		var drafts []persistence.Draft
		var want []string
		for i := range 300 {
			sender := ann
			if i%150 > 75 {
				sender = bob
				want = append(want, fmt.Sprint(i))
			}
			drafts = append(drafts, w.draft(sender, conv, fmt.Sprint(i)))
		}
		w.append(drafts...)
		equal(w, texts(w.backlog(ann, 1000)), want)
		equal(w, texts(w.backlog(ann, 100)), want[:100])
	},
	"a range is what comes after a seq, at most so many, whoever may read it": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		conv := persistence.GroupConv(g)
		for _, body := range []string{"1", "2", "3"} {
			w.say(ann, conv, body)
		}
		w.join(g, bob)
		w.leave(g, ann)
		for _, c := range []struct {
			after uint64
			limit int
			want  []string
		}{{0, 10, []string{"1", "2", "3"}}, {1, 1, []string{"2"}}, {3, 10, nil}, {0, 0, nil}} {
			msgs, err := w.Range(w.Context(), conv, c.after, c.limit)
			w.ok(err)
			equal(w, texts(msgs), c.want)
		}
		msgs, err := w.Range(w.Context(), conv, 0, 10)
		w.ok(err)
		equal(w, msgs[0].Sender, persistence.User{ID: ann, Name: "ann"})
		msgs, err = w.Range(w.Context(), persistence.Direct(ann, bob), 0, 10)
		w.ok(err)
		equal(w, len(msgs), 0)
	},
}

var marks = map[string]func(*world){
	"marks move forward, each on its own, and never back": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		for range 5 {
			w.say(bob, conv, "hi")
		}
		for _, c := range []struct{ delivered, read, wantDelivered, wantRead uint64 }{
			{3, 0, 3, 0}, {0, 2, 3, 2}, {2, 1, 3, 2}, {4, 4, 4, 4},
		} {
			w.ok(w.Mark(w.Context(), []persistence.Mark{{User: ann, Conv: conv, Delivered: c.delivered, Read: c.read}}))
			equal(w, w.state(ann, conv), &persistence.ConvState{Conv: conv, Head: 5, Delivered: c.wantDelivered, Read: c.wantRead})
		}
		equal(w, w.state(bob, conv), &persistence.ConvState{Conv: conv, Head: 5, PeerDelivered: 4, PeerRead: 4})
	},
	"marks stop at the head": func(w *world) {
		ann := w.user("ann")
		conv := persistence.Direct(ann, ann)
		w.say(ann, conv, "hi")
		w.ok(w.Mark(w.Context(), []persistence.Mark{{User: ann, Conv: conv, Delivered: 1 << 63, Read: 9}}))
		equal(w, w.state(ann, conv), &persistence.ConvState{Conv: conv, Head: 1, Delivered: 1, Read: 1})
	},
	"marks of who is not in the conversation are ignored": func(w *world) {
		ann, bob, eve := w.user("ann"), w.user("bob"), w.user("eve")
		g := w.group("tea", ann, bob)
		conv, ab := persistence.GroupConv(g), persistence.Direct(ann, bob)
		w.say(ann, conv, "hi")
		w.say(ann, ab, "hi")
		w.leave(g, bob)

		w.ok(w.Mark(w.Context(), []persistence.Mark{
			{User: bob, Conv: conv, Read: 1}, {User: eve, Conv: ab, Read: 1},
			{User: ann, Conv: persistence.Direct(ann, eve), Read: 1}, {User: bob, Conv: ab, Read: 1},
		}))

		equal(w, w.state(bob, conv), nil)
		equal(w, w.state(eve, ab), nil)
		equal(w, w.state(bob, ab), &persistence.ConvState{Conv: ab, Head: 1, Read: 1})
	},
	"a user's conversations come in their order, those above one, at most so many": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", bob, ann)
		w.say(bob, persistence.Direct(bob, ann), "hi")
		w.say(ann, persistence.Direct(ann, ann), "hi")
		all := []persistence.ConvState{
			{Conv: persistence.Direct(ann, ann), Head: 1},
			{Conv: persistence.Direct(ann, bob), Head: 1},
			{Conv: persistence.GroupConv(g)},
		}
		for _, c := range []struct {
			after persistence.Conv
			limit int
			want  []persistence.ConvState
		}{{0, math.MaxInt, all}, {0, 2, all[:2]}, {all[0].Conv, 2, all[1:]}, {all[2].Conv, 2, nil}, {0, 0, nil}} {
			states, err := w.Convs(w.Context(), ann, c.after, c.limit)
			w.ok(err)
			equal(w, states, c.want)
		}
	},
}

func (w *world) backlog(user persistence.UserID, limit int) []persistence.Message {
	w.Helper()
	msgs, err := w.Backlog(w.Context(), user, limit)
	w.ok(err)
	return msgs
}

func texts(msgs []persistence.Message) []string {
	var bodies []string
	for _, m := range msgs {
		bodies = append(bodies, m.Body)
	}
	return bodies
}
