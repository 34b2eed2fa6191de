package actors

import (
	"context"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// A Writer that is new, or that does not know what became of a batch, tells everybody here how
// far the conversations have come of late: whoever is behind reads what it lacks.
type (
	repaired struct {
		by    *Writer
		begun time.Time
		heads []persistence.Head
		err   error
	}
	repairDue struct{} // Timer: time for a repair.
)

// repairWindow is how far before the last good time a repair looks for messages that were not
// handed on: far more than the time that a commit and a restart take.
const repairWindow = 30 * time.Second

// repairSoon is for when nobody knows what was stored: time has to pass until the store can tell.
func (w *Writer) repairSoon(ctx actor.Context) {
	if !w.due {
		w.due = true
		w.env.Clock.After(retry, ctx.Self(), repairDue{})
	}
}

// repair lets everybody here catch up with what was stored of late.
func (w *Writer) repair(ctx actor.Context) {
	w.due = false
	w.repairing++
	begun := w.env.Clock.Now()
	ago := begun.Sub(w.good) + repairWindow
	w.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		changes, err := guard(w.env, func() (persistence.Changes, error) { return w.env.Store.Changed(ctx, ago) })
		return repaired{w, begun, changes.Heads, err}
	})
}

func (w *Writer) repaired(ctx actor.Context, msg repaired) {
	if msg.by == w {
		w.repairing--
	}
	if msg.err != nil {
		w.env.Log.Error("what was stored of late could not be read", "err", msg.err)
		w.repairSoon(ctx)
		return
	}
	if msg.begun.After(w.good) {
		w.good = msg.begun
	}
	for _, head := range msg.heads {
		if group, ok := head.Conv.Group(); ok {
			ctx.Send(w.at.groups, behind{group, head.Seq})
			continue
		}
		lo, hi := head.Conv.Users()
		ctx.Send(w.at.users, Headed{lo, head})
		ctx.Send(w.at.users, Headed{hi, head})
	}
}
