package actors

import (
	"cmp"
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

type (
	// Attach adds a session, which is the sender. Answer: Attached.
	Attach struct {
		Ref    uint64
		User   persistence.UserID
		Number uint64 // of the attachment; the session drops pushes with another
		In     wire.Dialect
		Token  persistence.TokenID // that the session logged in with, or was issued; 0 for none
		Gen    uint64              // of the password that it logged in with, where there is no token
	}
	// Attached is all that a session needs for its LOGIN_ACK.
	Attached struct {
		Home    *actor.PID // the user
		Roster  persistence.Roster
		Online  map[persistence.UserID]bool
		Backlog []*Parcel               // classic: the first page
		Epoch   string                  // v2
		Convs   []persistence.ConvState // v2: what comes after their heads will be pushed
	}
	// Detach takes the sender's attachments off, up to this one. Answer, where there is a Ref: nothing,
	// when what they were handed is written down.
	Detach struct {
		Ref    uint64
		User   persistence.UserID
		Number uint64
		Logout bool // the client said goodbye: it is not about to come again
	}
	// More says that a classic client was handed LOGIN_ACK or the last Page. The reply is the next
	// Page, nothing where the session is live now, or Displaced.
	More struct{ Number uint64 }
	// Page is more of the backlog.
	Page struct {
		Number  uint64
		Backlog []*Parcel
	}
	// Push is a message that the session has not had.
	Push struct {
		Number uint64
		Parcel *Parcel
	}
	// Displaced says that the user does not have the session any more: a later login took its
	// place, its login was revoked, or it is attached to a User that died.
	Displaced struct {
		Number uint64
		Reason wire.Reason
	}
)

// attach is a repair: write down what was handed out, take the seats in all groups, read heads
// and backlog, and only then add the session. What is stored meanwhile is either read or pushed.
func (u *User) attach(ctx actor.Context, msg Attach) {
	u.seen++
	if u.env.Login == Reject && len(u.sessions) > 0 {
		ctx.Respond(Answer{Ref: msg.Ref, Err: errInUse})
		return
	}
	if u.env.Login == Replace {
		u.displace(ctx, wire.Replaced, func(*attached) bool { return true })
	}
	s := &attached{pid: ctx.Sender(), number: msg.Number, in: msg.In, token: msg.Token, gen: msg.Gen}
	u.sessions = append(u.sessions, s)
	ctx.Watch(s.pid)
	a := &attaching{u: u, s: s, ref: msg.Ref, out: Attached{Home: ctx.Self()}}
	u.saveMarks(ctx, a.saved)
}

// attaching is an attach under way. Its methods are its steps, in order; each goes on from the
// answer to the one before.
type attaching struct {
	u   *User
	s   *attached
	ref uint64
	out Attached

	seats []Seat // that it reads groups from
}

// failed ends an attach that cannot go on: the store does not answer, or the session has left.
func (a *attaching) failed(ctx actor.Context, err error) bool {
	if !slices.Contains(a.u.sessions, a.s) {
		err = errGone
	}
	if err == nil {
		return false
	}
	ctx.Send(a.s.pid, Answer{Ref: a.ref, Err: err})
	a.u.drop(ctx, false, func(s *attached) bool { return s == a.s })
	return true
}

// saved lets the other nodes know that the user is here, before anything is read.
func (a *attaching) saved(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	a.u.shown = true
	claim := Claim{a.u.asks.add(ctx, a.u.env, a.claimed), []cluster.Key{cluster.UserKey(a.u.id)}, a.u.env.Login == Replace}
	ctx.Request(a.u.at.users, claim)
}

// claimed keeps the login policy among the nodes: of two logins the later finds the earlier.
func (a *attaching) claimed(ctx actor.Context, msg Answer) {
	found, _ := msg.Value.(cluster.Claimed)
	err := unlessAway(msg.Err)
	if a.u.env.Login == Reject && len(found.Others) > 0 {
		err = errInUse
	}
	if a.failed(ctx, err) {
		return
	}
	a.s.turn = found.Turn
	if a.u.env.Login == Replace && len(found.Others) > 0 {
		ctx.Send(a.u.at.router, cluster.Expel{User: a.u.id, Turn: found.Turn})
	}
	others := 0
	if a.s.in == wire.Classic {
		others = a.u.env.Limits.Roster
	}
	a.u.ask(ctx, rosterOf{a.u.id, others}, a.named)
}

func (a *attaching) named(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	a.out.Roster = msg.Value.(persistence.Roster)
	if a.s.outdated(a.out.Roster.Gen) && a.failed(ctx, errDenied) {
		return
	}
	if a.u.name = a.out.Roster.Name; !a.u.awake { // else it knows better what changed since
		a.u.blocks = a.out.Roster.Blocks
	}
	for _, g := range a.out.Roster.Groups {
		seat := Seat{g.Group.ID, g.Since, g.Ver}
		if a.u.isNews(seat) {
			a.u.sit(seat)
		}
		if a.u.isIn(seat.Group) { // also where it was before: that may not be claimed yet
			a.seats = append(a.seats, seat)
		}
	}
	ctx.Request(a.u.at.groups, Enter{a.u.asks.add(ctx, a.u.env, a.seated), a.u.id, a.seats})
}

func (a *attaching) seated(ctx actor.Context, msg Answer) {
	if !a.failed(ctx, unlessAway(msg.Err)) {
		a.stand(ctx)
	}
}

// stand reads how far the conversations have come; for a classic client, which keeps no positions
// of its own, also what none of the user's devices was handed.
func (a *attaching) stand(ctx actor.Context) {
	page := a.u.env.Limits.Page
	if a.s.in == wire.V2 {
		page, a.s.since, a.s.lost = 0, nil, false
	}
	a.u.ask(ctx, standing{a.u.id, page, a.s.token, a.u.env.Clock.Now()}, a.stood)
}

func (a *attaching) stood(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	stand := msg.Value.(standings)
	a.out.Epoch, a.out.Convs = stand.epoch, stand.convs
	a.recheck(ctx, stand.convs)
	a.s.had = map[persistence.Conv]uint64{}
	for _, c := range stand.convs { // what was told or handed out may not have been let through yet
		if a.s.had[c.Conv] = c.Delivered; a.s.in == wire.V2 {
			a.s.had[c.Conv] = c.Head
		}
	}
	a.out.Backlog = a.s.fold(a.u.parcels(stand.backlog))
	if !a.u.awake {
		a.u.wake(ctx, stand.convs, a.s)
	}
	maps.DeleteFunc(a.s.had, a.u.inbox.passed)
	ctx.Request(a.u.at.users, Who{a.u.asks.add(ctx, a.u.env, a.known), a.everybody()})
}

// recheck gives back the seats in groups that the user was removed from before it sat down, which
// nobody may have told of; where it is in still it reads from there.
func (a *attaching) recheck(ctx actor.Context, convs []persistence.ConvState) {
	for _, seat := range a.seats {
		conv := persistence.GroupConv(seat.Group)
		at, in := slices.BinarySearchFunc(convs, conv, func(c persistence.ConvState, conv persistence.Conv) int { return cmp.Compare(c.Conv, conv) })
		switch {
		case a.u.groups[seat.Group] != seat.Ver: // it left, or came again
		case in:
			a.u.inbox.start(conv, convs[at].Since)
		default:
			a.u.exit(ctx, seat.Group)
		}
	}
}

// everybody are those whose presence the LOGIN_ACK tells.
func (a *attaching) everybody() (ids []persistence.UserID) {
	for _, f := range a.out.Roster.Friends {
		ids = append(ids, f.ID)
	}
	for _, g := range a.out.Roster.Groups {
		for _, m := range g.Others {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (a *attaching) known(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	if a.s.in == wire.V2 && a.s.lost { // more was let through than can be held: its heads are too old
		a.stand(ctx)
		return
	}
	a.out.Online = msg.Value.(map[persistence.UserID]bool)
	ctx.Send(a.s.pid, Answer{Ref: a.ref, Value: a.out})
	if a.s.in == wire.V2 || len(a.out.Backlog) == 0 && !a.s.lost { // else its More comes, once the LOGIN_ACK was written
		a.u.caughtUp(ctx, a.s)
	}
}

// wake gives the inbox its positions, the heads that were just read for by, and asks for what was
// heard of beyond them. What lies below them another session may not have read.
func (u *User) wake(ctx actor.Context, convs []persistence.ConvState, by *attached) {
	u.awake = true
	for _, s := range u.sessions {
		s.lost = s != by
	}
	u.marks.start(convs)
	for _, c := range convs {
		u.inbox.start(c.Conv, c.Head)
	}
	for _, conv := range u.inbox.behind() {
		u.catchUp(ctx, conv)
	}
	u.reread(ctx)
}

func (u *User) has(session *actor.PID) bool {
	return slices.ContainsFunc(u.sessions, func(s *attached) bool { return s.pid.Equal(session) })
}
