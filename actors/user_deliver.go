package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// deliver puts a message in its place and pushes what is due. Asleep, it only notes that it was.
func (u *User) deliver(ctx actor.Context, p *Parcel) {
	u.seen++
	if !u.reads(p.Conv) {
		return
	}
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
	if u.reads(head.Conv) && u.inbox.heard(head.Conv, head.Seq) && u.awake {
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
	rests, seat, span := u.rests, u.seat(conv), persistence.Span{After: after, Limit: u.env.Limits.Page}
	u.ask(ctx, read{u.id, conv, span}, func(ctx actor.Context, a Answer) {
		switch {
		case !u.awake || rests != u.rests:
		case seat.Group != 0 && seat == u.seat(conv) && barred(a.Err): // and nobody told of it
			u.exit(ctx, seat.Group)
		default:
			u.caught(ctx, conv, a)
		}
	})
}

// caught lets through what was read, unless the user left the group meanwhile. Where the user may
// read less than was thought it goes on from there.
func (u *User) caught(ctx actor.Context, conv persistence.Conv, a Answer) {
	if !u.reads(conv) {
		return
	}
	slice, _ := a.Value.(persistence.Slice)
	u.inbox.start(conv, slice.Since)
	for _, m := range slice.Messages {
		u.push(ctx, u.inbox.accept(u.env.parcel(m)))
	}
	switch {
	case !u.inbox.done(conv):
	case len(slice.Messages) > 0:
		u.catchUp(ctx, conv)
	default: // the store does not answer, or not yet
		u.env.Clock.After(retry, ctx.Self(), hole{conv})
	}
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
	for _, h := range msg.Heads {
		u.marks.move(h.Conv, h.Seq, 0, false)
	}
	u.marksSoon(ctx)
}

// restMarks forgets the marks that are written down, once nobody is here.
func (u *User) restMarks(actor.Context, Answer) {
	if len(u.sessions) == 0 {
		u.marks.rest()
	}
}

// marksSoon sees to it that what moved is written down.
func (u *User) marksSoon(ctx actor.Context) {
	switch {
	case len(u.sessions) == 0:
		u.saveMarks(ctx, u.restMarks)
	case !u.ticking:
		u.ticking = true
		u.env.Clock.After(u.env.Limits.Marks, ctx.Self(), marksDue{})
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
	waiting := u.unsaved
	u.unsaved = nil
	due, untold := u.marks.take(u.id)
	if len(due) == 0 {
		u.saved(ctx, waiting, Answer{})
		return
	}
	for _, m := range untold {
		u.receipt(ctx, m, nil)
	}
	u.saving = true
	ref := u.asks.add(ctx, u.env, func(ctx actor.Context, a Answer) {
		u.saving = false
		if a.Err != nil {
			u.marks.failed(due)
		}
		u.saved(ctx, waiting, a)
	})
	ctx.Request(u.at.store, SaveMarks{ref, due})
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
