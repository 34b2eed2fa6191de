package actors

import (
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
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
	groups   map[persistence.GroupID]uint64 // entered, with the version that the membership began at
	left     map[persistence.GroupID]uint64 // the same of those that the user was found to be in no longer
	blocks   []persistence.UserID           // whom the user blocks
	rests    uint64                         // times that the last session left, counted from where no timer of an earlier User can come to
	shown    bool                           // the user was claimed here, and was not told to be gone since

	refreshing, stale bool // what the user knows of itself is being read; it changed meanwhile

	marks    marks
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
	// Handed says what a session has written to its client's socket.
	Handed struct{ Heads []persistence.Head }

	marksDue struct{}                            // Timer: write the marks down.
	hole     struct{ conv persistence.Conv }     // Timer: what is missing in conv did not come.
	rested   struct{ rests uint64 }              // Timer: nobody has been here for a while.
	lookDue  struct{ group persistence.GroupID } // Timer: look again how far group has come.
	stalled  struct{ s *attached }               // Timer: ask for the next page of a session again.

	refreshDue struct{} // Timer: read what changed of the user again.
)

// NewUser makes a user without sessions, the nth child of its parent.
func NewUser(id persistence.UserID, env *Env, at places, nth uint64) *User {
	return &User{env: env, at: at, id: id, asks: newAsks(nth), rests: nth << 32, inbox: newInbox(env.Limits.Held)}
}

// Receive makes User an actor.
func (u *User) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case Attach:
		u.attach(ctx, msg)
	case Detach:
		u.detach(ctx, msg)
	case cluster.Expel:
		u.expel(ctx, msg)
	case *actor.Terminated:
		u.lost(ctx, msg.Who)
	case More:
		u.more(ctx, msg)
	case Handed:
		u.handed(ctx, msg)
	case Come:
		u.come(ctx, msg)
	case ListConvs:
		u.listConvs(ctx, msg)
	case Compose:
		u.compose(ctx, msg)
	case Post:
		u.post(ctx, msg)
	case Change:
		u.change(ctx, msg)
	case Deliver:
		u.deliver(ctx, msg.Parcel)
	case Headed:
		u.headed(ctx, msg.Head)
	case cluster.Hint:
		u.hinted(ctx, msg)
	case Unseated:
		u.unseated(ctx, msg)
	case cluster.Marked:
		u.marked(ctx, msg.Mark)
	case cluster.Refresh:
		u.refresh(ctx)
	case hole:
		u.catchUp(ctx, msg.conv)
	case stalled:
		u.page(ctx, msg.s)
	case refreshDue:
		u.reread(ctx)
	case lookDue:
		u.look(ctx, msg.group)
	case marksDue:
		u.marksDue(ctx)
	case absent:
		u.absent(ctx, msg)
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

// spread hands an envelope to whom it is for, on every node.
func (u *User) spread(ctx actor.Context, e cluster.Envelope) { u.at.spread(ctx, u.env, e) }

// ask puts a query to the store.
func (u *User) ask(ctx actor.Context, q query, then func(actor.Context, Answer)) {
	ctx.Request(u.at.store, Query{u.asks.add(ctx, u.env, then), q})
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

// isIn tells whether the user has a seat in group.
func (u *User) isIn(group persistence.GroupID) bool {
	_, in := u.groups[group]
	return in
}

// seat is the one that the user reads conv from; the zero Seat where it needs none.
func (u *User) seat(conv persistence.Conv) Seat {
	group, ok := conv.Group()
	if !ok {
		return Seat{}
	}
	return Seat{Group: group, Ver: u.groups[group]}
}

// reads tells whether what is said in conv is for the user.
func (u *User) reads(conv persistence.Conv) bool {
	group, ok := conv.Group()
	return !ok || u.isIn(group)
}

func (u *User) rested(ctx actor.Context, msg rested) {
	if msg.rests != u.rests || len(u.sessions) > 0 {
		return
	}
	switch {
	case len(u.marks.dirty) > 0: // the store did not take them
		u.marksDue(ctx)
	case u.asks.idle():
		ctx.Send(ctx.Parent(), idle[persistence.UserID]{u.id, u.seen})
	}
	u.env.Clock.After(u.env.Limits.Idle, ctx.Self(), msg) // should the parent not agree
}

// drain ends a user. One that was not told to be gone is claimed, for whoever settles the estate of this
// node to tell.
func (u *User) drain(ctx actor.Context) {
	u.draining = true
	if u.shown && len(u.sessions) == 0 {
		ctx.Send(u.at.router, Claim{Keys: []cluster.Key{cluster.UserKey(u.id)}})
	}
	u.drained(ctx)
}

// drained stops a user that has nothing left to write down.
func (u *User) drained(ctx actor.Context) {
	if u.draining && len(u.sessions) == 0 && u.asks.idle() {
		ctx.Stop(ctx.Self())
	}
}

// leaveAll gives all seats in groups back.
func (u *User) leaveAll(ctx actor.Context) {
	ctx.Send(u.at.groups, Exit{u.id, slices.Sorted(maps.Keys(u.groups))})
	u.groups, u.left = nil, nil
}
