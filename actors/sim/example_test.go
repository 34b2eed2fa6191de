package sim_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
)

// notary writes down what it is told, beside its turns. It answers when that is done, or after
// a second that it may not be.
type notary struct {
	world *sim.World
	book  *[]string
	asked map[string]*actor.PID // who waits for an answer, by text
}

type (
	note    struct{ Text string } // Reply: kept or unknown.
	kept    struct{ Text string }
	unknown struct{ Text string }

	written struct{ text string }
	overdue struct{ text string }
)

func newNotary(w *sim.World, book *[]string) *actor.Props {
	produce := func() actor.Actor { return &notary{w, book, map[string]*actor.PID{}} }
	return actor.PropsFromProducer(produce, w.Props()...)
}

func (n *notary) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case note:
		n.note(ctx, msg)
	case written:
		n.answer(ctx, msg.text, kept{msg.text})
	case overdue:
		n.answer(ctx, msg.text, unknown{msg.text})
	}
}

func (n *notary) note(ctx actor.Context, msg note) {
	n.asked[msg.Text] = ctx.Sender()
	n.world.Crew().Run(ctx.Self(), func(context.Context) any {
		*n.book = append(*n.book, msg.Text)
		return written{msg.Text}
	})
	n.world.After(time.Second, ctx.Self(), overdue{msg.Text})
}

func (n *notary) answer(ctx actor.Context, text string, answer any) {
	if who, waits := n.asked[text]; waits {
		delete(n.asked, text)
		ctx.Send(who, answer)
	}
}

// An invariant, looked at after every turn of many histories.
func TestNothingIsKeptThatIsNotInTheBook(t *testing.T) {
	sim.Seeds(t, 50, func(t *testing.T, w *sim.World) {
		var book []string
		notary, ann := w.Spawn("notary", newNotary(w, &book)), w.Probe("ann")
		w.LoseJobs("notary").Often(0.2)

		for _, text := range []string{"one", "two", "three"} {
			ann.Ask(notary, note{text})
		}

		for w.Step() {
			for _, msg := range ann.Got() {
				if answer, ok := msg.(kept); ok && !slices.Contains(book, answer.Text) {
					t.Fatalf("%q was confirmed, and the book has %q", answer.Text, book)
				}
			}
		}
	})
}

// A fault, and what time does about it.
func TestWhoseNoteIsLostHearsItAfterASecond(t *testing.T) {
	w := sim.New(t)
	var book []string
	notary, ann := w.Spawn("notary", newNotary(w, &book)), w.Probe("ann")
	w.Drop(sim.Of[written]("notary"))

	ann.Ask(notary, note{"one"})
	w.Settle()
	ann.Want()
	w.Advance(time.Second)

	ann.Want(unknown{"one"})
}
