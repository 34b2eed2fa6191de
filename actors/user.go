package actors

import (
	"errors"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/persistence"
)

// User is one account with sessions on this node. It owns the order in which messages are
// pushed to them and what they were handed, and asks the store on their behalf. Stopped on
// panic: its sessions end and reconnect. Awake while it has a session, else it rests and is
// stopped after a while; attaching the first session reads all anew.
type User struct {
	env  *Env
	at   places
	id   persistence.UserID
	name string
	asks asks
	seen uint64 // messages from the parent

	sessions []*attached // in the order they came
	awake    bool        // the inbox has positions
	inbox    inbox
	groups   []persistence.GroupID // entered
	rests    uint64                // times that the last session left

	marks    map[persistence.Conv]uint64   // delivered, and not written down yet
	saving   bool                          // some are being written down
	unsaved  []func(actor.Context, Answer) // who waits for the marks of now to be written down
	ticking  bool                          // a marksDue is on its way
	draining bool
}

type (
	// Post asks to send a message. Answer: persistence.Outcome.
	Post struct {
		Ref  uint64
		Conv persistence.Conv
		Body string
		CID  string
	}
	// Befriend asks to put Friend on the user's list. Answer: persistence.User.
	Befriend struct {
		Ref    uint64
		Friend persistence.UserID
	}
	// FoundGroup asks for a new group with the user as its creator. Answer: persistence.GroupID.
	FoundGroup struct {
		Ref        uint64
		Name, Desc string
		Key        []byte
	}
	// JoinGroup asks to make the user a member. Answer: persistence.Member.
	JoinGroup struct {
		Ref   uint64
		Group persistence.GroupID
	}
	// Handed says what a session has written to its client's socket.
	Handed struct{ Heads []persistence.Head }

	marksDue struct{}                            // Timer: write the marks down.
	hole     struct{ conv persistence.Conv }     // Timer: what is missing in conv did not come.
	rested   struct{ rests uint64 }              // Timer: nobody has been here for a while.
	headDue  struct{ conv persistence.Conv }     // Timer: ask for the head of conv again.
	seatDue  struct{ group persistence.GroupID } // Timer: look for the seat in group again.
	stalled  struct{ s *attached }               // Timer: ask for the next page of a session again.
)

// NewUser makes a user without sessions, the nth child of its parent.
func NewUser(id persistence.UserID, env *Env, at places, nth uint64) *User {
	return &User{env: env, at: at, id: id, asks: newAsks(nth), inbox: newInbox(env.Limits.Held), marks: map[persistence.Conv]uint64{}}
}

// Receive makes User an actor.
func (u *User) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case Attach:
		u.attach(ctx, msg)
	case Detach:
		u.detach(ctx, msg)
	case *actor.Terminated:
		u.lost(ctx, msg.Who)
	case More:
		u.more(ctx, msg)
	case Handed:
		u.handed(ctx, msg)
	case Post:
		u.post(ctx, msg)
	case Befriend:
		u.befriend(ctx, msg)
	case FoundGroup:
		u.found(ctx, msg)
	case JoinGroup:
		u.join(ctx, msg)
	case Deliver:
		u.deliver(ctx, msg.Parcel)
	case Headed:
		u.headed(ctx, msg.Head)
	case hole:
		u.catchUp(ctx, msg.conv)
	case stalled:
		u.page(ctx, msg.s)
	case headDue:
		u.askHead(ctx, msg.conv)
	case seatDue:
		u.reseat(ctx, msg.group)
	case marksDue:
		u.marksDue(ctx)
	case Answer:
		u.asks.answer(ctx, msg)
		u.drained(ctx)
	case overdue:
		u.asks.expire(ctx, u.env)
		u.drained(ctx)
	case rested:
		u.rested(ctx, msg)
	case Drain:
		u.drain(ctx)
	default:
		u.env.unknown(ctx)
	}
}

// ask puts a query to the store.
func (u *User) ask(ctx actor.Context, q query, then func(actor.Context, Answer)) {
	ctx.Request(u.at.store, Query{u.asks.add(ctx, u.env, then), q})
}

// relay puts a session's request to the store and answers the session; first sees the answer
// before it does.
func (u *User) relay(ctx actor.Context, ref uint64, q query, first func(actor.Context, Answer)) {
	session := ctx.Sender()
	u.ask(ctx, q, func(ctx actor.Context, a Answer) {
		first(ctx, a)
		ctx.Send(session, Answer{ref, a.Value, a.Err})
	})
}

func (u *User) befriend(ctx actor.Context, msg Befriend) {
	u.relay(ctx, msg.Ref, befriend{u.id, msg.Friend}, func(actor.Context, Answer) {})
}

func (u *User) post(ctx actor.Context, msg Post) {
	session := ctx.Sender()
	if !u.has(session) { // it was attached to the User of this account that died
		ctx.Respond(Answer{Ref: msg.Ref, Err: errGone})
		return
	}
	ref := u.asks.add(ctx, u.env, func(ctx actor.Context, a Answer) {
		ctx.Send(session, Answer{msg.Ref, a.Value, a.Err})
	})
	draft := persistence.Draft{Conv: msg.Conv, Sender: u.id, CID: msg.CID, Body: msg.Body}
	ctx.Request(u.at.store, Append{ref, draft, u.name, session})
}

func (u *User) found(ctx actor.Context, msg FoundGroup) {
	u.relay(ctx, msg.Ref, found{u.id, msg.Name, msg.Desc, msg.Key}, func(ctx actor.Context, a Answer) {
		if a.Err == nil {
			u.enter(ctx, Seat{a.Value.(persistence.GroupID), 0})
		}
	})
}

// join seats a member also where it is one already: an earlier join may have been done without
// a word of it.
func (u *User) join(ctx actor.Context, msg JoinGroup) {
	u.relay(ctx, msg.Ref, join{msg.Group, u.id}, func(ctx actor.Context, a Answer) {
		switch {
		case a.Err == nil:
			u.enter(ctx, Seat{msg.Group, a.Value.(persistence.Member).Since})
		case errors.Is(a.Err, persistence.ErrExists):
			u.reseat(ctx, msg.Group)
		}
	})
}

// reseat enters a group that the user was found to be in.
func (u *User) reseat(ctx actor.Context, group persistence.GroupID) {
	if slices.Contains(u.groups, group) {
		return
	}
	u.ask(ctx, membersSince{group, 0}, func(ctx actor.Context, a Answer) {
		if a.Err != nil && len(u.sessions) > 0 {
			u.env.Clock.After(retry, ctx.Self(), seatDue{group})
		}
		members, _ := a.Value.([]persistence.Member)
		for _, m := range members {
			if m.ID == u.id && !m.Gone {
				u.enter(ctx, Seat{group, m.Since})
			}
		}
	})
}

// enter takes a seat in a group that the user is in since a moment ago, then reads what was
// said between that moment and the seat.
func (u *User) enter(ctx actor.Context, seat Seat) {
	if len(u.sessions) == 0 || slices.Contains(u.groups, seat.Group) {
		return
	}
	u.groups = append(u.groups, seat.Group)
	conv := persistence.GroupConv(seat.Group)
	u.inbox.start(conv, seat.Since)
	ref := u.asks.add(ctx, u.env, func(ctx actor.Context, _ Answer) { u.askHead(ctx, conv) })
	ctx.Request(u.at.groups, Enter{ref, u.id, []Seat{seat}})
}

func (u *User) askHead(ctx actor.Context, conv persistence.Conv) {
	u.ask(ctx, headOf{conv}, func(ctx actor.Context, a Answer) {
		switch {
		case len(u.sessions) == 0:
		case a.Err != nil:
			u.env.Clock.After(retry, ctx.Self(), headDue{conv})
		default:
			u.heard(ctx, persistence.Head{Conv: conv, Seq: a.Value.(uint64)})
		}
	})
}

func (u *User) rested(ctx actor.Context, msg rested) {
	if msg.rests != u.rests || len(u.sessions) > 0 {
		return
	}
	switch {
	case len(u.marks) > 0: // the store did not take them
		u.marksDue(ctx)
	case u.asks.idle():
		ctx.Send(ctx.Parent(), idle[persistence.UserID]{u.id, u.seen})
	}
	u.env.Clock.After(u.env.Limits.Idle, ctx.Self(), msg) // should the parent not agree
}

func (u *User) drain(ctx actor.Context) {
	u.draining = true
	u.drained(ctx)
}

// drained stops a user that has nothing left to write down.
func (u *User) drained(ctx actor.Context) {
	if u.draining && len(u.sessions) == 0 && u.asks.idle() {
		ctx.Stop(ctx.Self())
	}
}
