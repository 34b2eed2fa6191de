package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// texts are the messages held, in their order.
func texts(c *conversation) string {
	var texts []string
	for _, i := range c.all() {
		texts = append(texts, i.text)
	}
	return strings.Join(texts, " ")
}

func TestMessagesStandInTheirOrderHoweverTheyCome(t *testing.T) {
	const n = 9
	var want []string
	for seq := range n {
		want = append(want, fmt.Sprint(seq+1))
	}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		c := newConversation(toBob)
		fresh := 0
		for range 3 { // each comes three times
			for _, i := range r.Perm(n) {
				if c.add(said(toBob, bob, uint64(i+1), fmt.Sprint(i+1)).Push) {
					fresh++
				}
			}
		}

		if got := texts(c); got != strings.Join(want, " ") || fresh != n || c.Head != n {
			t.Fatalf("seed %d: %q, %d of them new, head %d", seed, got, fresh, c.Head)
		}
	}
}

func TestNotesStayWhereTheyWereMade(t *testing.T) {
	c := newConversation(toBob)
	c.note(noon, "before")
	c.add(said(toBob, bob, 2, "two").Push)
	c.note(noon, "between")
	c.add(said(toBob, bob, 3, "three").Push)
	c.add(said(toBob, bob, 1, "one").Push)

	if got := texts(c); got != "before one two between three" {
		t.Errorf("it reads %q", got)
	}
}

func TestOwnMessageGoesThroughItsFates(t *testing.T) {
	c := newConversation(toBob)
	c.send(1, client.Outgoing{CID: "x", Text: "hi", At: noon})
	fate := func() string { return c.fate(c.all()[0]) }
	var fates []string

	fates = append(fates, fate())
	c.add(wire.Push{From: 1, CID: "x", Msg: "hi", Seq: 1, At: noon})
	fates = append(fates, fate())
	c.marked(wire.Marked{ID: 2, Delivered: 1}, false)
	fates = append(fates, fate())
	c.marked(wire.Marked{ID: 2, Read: 1}, false)
	fates = append(fates, fate())
	c.marked(wire.Marked{ID: 2, Delivered: 1}, false) // late: marks never go back
	fates = append(fates, fate())

	if want := []string{"waiting", "sent", "delivered", "read", "read"}; !slices.Equal(fates, want) || len(c.all()) != 1 {
		t.Errorf("its fates were %q, want %q; held are %q", fates, want, texts(c))
	}
}

func TestRefusedMessageStaysToBeSeen(t *testing.T) {
	c := newConversation(toBob)
	c.send(1, client.Outgoing{CID: "x", Text: "hi", At: noon})

	c.refuse("x", "too long")

	if got := c.fate(c.all()[0]); len(c.pending) != 0 || got != "not sent: too long" {
		t.Errorf("its fate is %q, %d are on their way", got, len(c.pending))
	}
}

func TestUnreadIsCountedFromWhatMayBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		state wire.ConvState
		want  int
	}{
		"nothing said":           {wire.ConvState{}, 0},
		"all read":               {wire.ConvState{Head: 5, Read: 5}, 0},
		"some read":              {wire.ConvState{Head: 5, Read: 3}, 2},
		"joined later":           {wire.ConvState{Head: 5, Since: 4}, 1},
		"read on another device": {wire.ConvState{Head: 5, Since: 1, Read: 4}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			conv := newConversation(inGo)

			conv.update(c.state)

			if got := conv.unread(); got != c.want {
				t.Errorf("%d are unread, want %d", got, c.want)
			}
		})
	}
}

func TestHistoryIsReadOnFromTheFirstMessageHeld(t *testing.T) {
	c := newConversation(inGo)
	c.update(wire.ConvState{Head: 9, Since: 3})
	var before []uint64

	before = append(before, c.before())
	c.add(said(inGo, bob, 8, "eight").Push)
	before = append(before, c.before())
	c.add(said(inGo, bob, 4, "four").Push)
	before = append(before, c.before())
	c.forget()
	before = append(before, c.before())

	if want := []uint64{10, 8, 0, 10}; !slices.Equal(before, want) {
		t.Errorf("it was read on before %v, want %v", before, want)
	}
}

func TestOldestMessagesGoWhereTooManyAreHeld(t *testing.T) {
	c := newConversation(toBob)
	for seq := range uint64(kept + 5) {
		c.add(said(toBob, bob, seq+1, "x").Push)
	}

	c.trim()

	if len(c.items) != kept || c.first() != 6 || c.before() != 6 {
		t.Errorf("%d are held from %d on", len(c.items), c.first())
	}
}
