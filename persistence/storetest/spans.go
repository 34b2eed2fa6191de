package storetest

import (
	"fmt"
	"math"

	"chatserver/persistence"
)

var spans = map[string]func(*world){
	"a span is what comes after a number or last before one, as far as the limit": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		w.count(bob, conv, 6)
		for _, c := range []struct {
			span persistence.Span
			want []string
			more bool
		}{
			{persistence.Span{Limit: 10}, []string{"1", "2", "3", "4", "5", "6"}, false},
			{persistence.Span{}, nil, true},
			{persistence.Span{Limit: 6}, []string{"1", "2", "3", "4", "5", "6"}, false},
			{persistence.Span{Limit: 2}, []string{"1", "2"}, true},
			{persistence.Span{After: 3, Limit: 2}, []string{"4", "5"}, true},
			{persistence.Span{After: 4, Limit: 2}, []string{"5", "6"}, false},
			{persistence.Span{After: 6, Limit: 2}, nil, false},
			{persistence.Span{After: math.MaxUint64, Limit: 2}, nil, false},
			{persistence.Span{Before: 7, Limit: 10}, []string{"1", "2", "3", "4", "5", "6"}, false},
			{persistence.Span{Before: math.MaxUint64, Limit: 2}, []string{"5", "6"}, true},
			{persistence.Span{Before: 4, Limit: 2}, []string{"2", "3"}, true},
			{persistence.Span{Before: 3, Limit: 2}, []string{"1", "2"}, false},
			{persistence.Span{Before: 1, Limit: 2}, nil, false},
		} {
			part := w.read(ann, conv, c.span)
			equal(w, texts(part.Messages), c.want)
			part.Messages = nil
			equal(w, part, persistence.Slice{Head: 6, More: c.more})
		}
	},
	"what is read has its numbers, senders and times": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		d := w.draft(bob, conv, "hi")
		out := w.append(d)[0]
		for _, span := range []persistence.Span{{Limit: 1}, {Before: 2, Limit: 1}} {
			equal(w, w.read(ann, conv, span).Messages, []persistence.Message{
				{Conv: conv, Seq: 1, Sender: persistence.User{ID: bob, Name: "bob"}, CID: d.CID, Body: "hi", At: out.At},
			})
		}
	},
	"a member reads from the message after it joined": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		conv := persistence.GroupConv(g)
		w.count(ann, conv, 3)
		w.join(g, bob)
		equal(w, w.read(bob, conv, persistence.Span{Limit: 10}), persistence.Slice{Head: 3, Since: 3})
		w.count(ann, conv, 3)
		for _, c := range []struct {
			span persistence.Span
			seqs []uint64
			more bool
		}{
			{persistence.Span{Limit: 10}, []uint64{4, 5, 6}, false},
			{persistence.Span{After: 1, Limit: 2}, []uint64{4, 5}, true},
			{persistence.Span{After: 5, Limit: 2}, []uint64{6}, false},
			{persistence.Span{Before: 9, Limit: 10}, []uint64{4, 5, 6}, false},
			{persistence.Span{Before: 6, Limit: 1}, []uint64{5}, true},
			{persistence.Span{Before: 6, Limit: 2}, []uint64{4, 5}, false},
			{persistence.Span{Before: 4, Limit: 2}, nil, false},
			{persistence.Span{Before: 2, Limit: 2}, nil, false},
		} {
			part := w.read(bob, conv, c.span)
			var seqs []uint64
			for _, m := range part.Messages {
				seqs = append(seqs, m.Seq)
			}
			equal(w, seqs, c.seqs)
			part.Messages = nil
			equal(w, part, persistence.Slice{Head: 6, Since: 3, More: c.more})
		}
		equal(w, len(w.read(ann, conv, persistence.Span{Limit: 10}).Messages), 6)
	},
	"only who is in a conversation reads it": func(w *world) {
		ann, bob, eve := w.user("ann"), w.user("bob"), w.user("eve")
		g := w.group("tea", ann, bob)
		w.say(ann, persistence.Direct(ann, bob), "hi")
		w.say(ann, persistence.GroupConv(g), "hi")
		w.leave(g, bob)
		for _, c := range []struct {
			reader persistence.UserID
			conv   persistence.Conv
			want   error
		}{
			{eve, persistence.Direct(ann, bob), persistence.ErrForbidden},
			{eve, persistence.GroupConv(g), persistence.ErrForbidden},
			{bob, persistence.GroupConv(g), persistence.ErrForbidden},
			{ann, persistence.GroupConv(g + 1), persistence.ErrNotFound},
			{ann, persistence.Direct(ann, 99), persistence.ErrNotFound},
			{ann, persistence.GroupConv(g), nil},
			{bob, persistence.Direct(ann, bob), nil},
		} {
			_, err := w.Read(w.Context(), c.reader, c.conv, persistence.Span{Limit: 1})
			w.refused(err, c.want)
		}
		w.leave(g, ann)
		_, err := w.Read(w.Context(), ann, persistence.GroupConv(g), persistence.Span{Limit: 1})
		w.refused(err, persistence.ErrNotFound)
	},
	"a direct conversation in which nothing was written is empty, with somebody who is there": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		for _, span := range []persistence.Span{{Limit: 10}, {After: 5, Limit: 10}, {Before: 5, Limit: 10}} {
			equal(w, w.read(ann, persistence.Direct(ann, bob), span), persistence.Slice{})
		}
		equal(w, w.read(ann, persistence.Direct(ann, ann), persistence.Span{Limit: 10}), persistence.Slice{})
		w.close(bob)
		_, err := w.Read(w.Context(), ann, persistence.Direct(ann, bob), persistence.Span{Limit: 1})
		w.refused(err, persistence.ErrNotFound)
	},
	"the other side's marks are told, but for one's own and those of who blocks": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		ab, aa := persistence.Direct(ann, bob), persistence.Direct(ann, ann)
		group := persistence.GroupConv(w.group("tea", ann, bob))
		var read []persistence.Mark
		for _, conv := range []persistence.Conv{ab, aa, group} {
			w.count(ann, conv, 3)
			read = append(read, persistence.Mark{User: ann, Conv: conv, Delivered: 1, Read: 1},
				persistence.Mark{User: bob, Conv: conv, Delivered: 3, Read: 2})
		}
		w.ok(w.Mark(w.Context(), read))
		want := persistence.ConvState{Conv: ab, Head: 3, Delivered: 1, Read: 1, PeerDelivered: 3, PeerRead: 2}
		equal(w, w.state(ann, ab), &want)
		equal(w, w.state(ann, aa), &persistence.ConvState{Conv: aa, Head: 3, Delivered: 1, Read: 1})
		equal(w, w.state(ann, group), &persistence.ConvState{Conv: group, Head: 3, Delivered: 1, Read: 1})

		w.ok(w.Block(w.Context(), ann, bob))
		equal(w, w.state(ann, ab), &want)
		w.ok(w.Block(w.Context(), bob, ann))
		want.PeerDelivered, want.PeerRead = 0, 0
		equal(w, w.state(ann, ab), &want)
	},
}

func (w *world) read(user persistence.UserID, conv persistence.Conv, span persistence.Span) persistence.Slice {
	w.Helper()
	part, err := w.Read(w.Context(), user, conv, span)
	w.ok(err)
	return part
}

// count writes "1", "2", "3" and so on, n messages.
func (w *world) count(sender persistence.UserID, conv persistence.Conv, n int) {
	w.Helper()
	for i := range n {
		w.say(sender, conv, fmt.Sprint(i+1))
	}
}
