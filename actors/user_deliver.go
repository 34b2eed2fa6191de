package actors

import (
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// deliver puts a message in its place and pushes what is due. Asleep, it only notes that it was.
func (u *User) deliver(ctx actor.Context, p *Parcel) {
	u.seen++
	if !u.awake {
		u.inbox.heard(p.Conv, p.Seq)
		return
	}
	u.push(ctx, u.inbox.accept(p))
	if u.inbox.opened(p.Conv) {
		u.env.Clock.After(u.env.Limits.Hole, ctx.Self(), hole{p.Conv})
	}
}

// headed reads what is missing up to a head somebody told of.
func (u *User) headed(ctx actor.Context, head persistence.Head) {
	u.seen++
	u.heard(ctx, head)
}

func (u *User) heard(ctx actor.Context, head persistence.Head) {
	if u.inbox.heard(head.Conv, head.Seq) && u.awake {
		u.catchUp(ctx, head.Conv)
	}
}

// catchUp reads the rows that are missing in conv, page by page.
func (u *User) catchUp(ctx actor.Context, conv persistence.Conv) {
	if !u.awake {
		return
	}
	after, ok := u.inbox.read(conv)
	if !ok {
		return
	}
	rests := u.rests
	u.ask(ctx, history{conv, after, u.env.Limits.Page}, func(ctx actor.Context, a Answer) {
		if !u.awake || rests != u.rests {
			return
		}
		messages, _ := a.Value.([]persistence.Message)
		for _, m := range messages {
			u.push(ctx, u.inbox.accept(u.env.parcel(m)))
		}
		switch {
		case !u.inbox.done(conv):
		case len(messages) > 0:
			u.catchUp(ctx, conv)
		default: // the store does not answer, or not yet
			u.env.Clock.After(retry, ctx.Self(), hole{conv})
		}
	})
}

// push hands messages to all sessions; one that is catching up gets them when it has.
func (u *User) push(ctx actor.Context, due []*Parcel) {
	for _, p := range due {
		for _, s := range u.sessions {
			switch {
			case s.has(p):
			case s.live:
				ctx.Send(s.pid, Push{s.number, p})
			case len(s.since) < u.env.Limits.Held:
				s.since = append(s.since, p)
			default:
				s.lost = true
			}
		}
	}
}

func (u *User) handed(ctx actor.Context, msg Handed) {
	u.note(msg.Heads)
	if len(u.sessions) == 0 {
		u.saveMarks(ctx, func(actor.Context, Answer) {})
		return
	}
	if !u.ticking {
		u.ticking = true
		u.env.Clock.After(u.env.Limits.Marks, ctx.Self(), marksDue{})
	}
}

func (u *User) note(heads []persistence.Head) {
	for _, h := range heads {
		u.marks[h.Conv] = max(u.marks[h.Conv], h.Seq)
	}
}

func (u *User) marksDue(ctx actor.Context) {
	u.ticking = false
	u.saveMarks(ctx, func(actor.Context, Answer) {})
}

// saveMarks writes down what was handed out and calls then, when nothing of it is left to
// write. Marks that could not be written are kept for the next time.
func (u *User) saveMarks(ctx actor.Context, then func(actor.Context, Answer)) {
	u.unsaved = append(u.unsaved, then)
	if !u.saving {
		u.save(ctx)
	}
}

func (u *User) save(ctx actor.Context) {
	saving, waiting := u.marks, u.unsaved
	u.unsaved = nil
	if len(saving) == 0 {
		u.saved(ctx, waiting, Answer{})
		return
	}
	u.saving = true
	u.marks = map[persistence.Conv]uint64{}
	marks := make([]persistence.Mark, 0, len(saving))
	for _, conv := range slices.Sorted(maps.Keys(saving)) {
		marks = append(marks, persistence.Mark{User: u.id, Conv: conv, Delivered: saving[conv]})
	}
	ref := u.asks.add(ctx, u.env, func(ctx actor.Context, a Answer) {
		u.saving = false
		if a.Err != nil {
			for conv, seq := range saving {
				u.marks[conv] = max(u.marks[conv], seq)
			}
		}
		u.saved(ctx, waiting, a)
	})
	ctx.Request(u.at.store, SaveMarks{ref, marks})
}

// saved goes on with those who waited, and then writes down what has come meanwhile.
func (u *User) saved(ctx actor.Context, waiting []func(actor.Context, Answer), a Answer) {
	for _, then := range waiting {
		then(ctx, a)
	}
	if len(u.unsaved) > 0 && !u.saving {
		u.save(ctx)
	}
}
