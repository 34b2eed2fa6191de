package actors

import (
	"maps"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

type (
	// Attach adds a session, which is the sender. Answer: Attached.
	Attach struct {
		Ref    uint64
		User   persistence.UserID
		Number uint64 // of the attachment; the session drops pushes with another
	}
	// Attached is all that a session needs for its LOGIN_ACK.
	Attached struct {
		Home    *actor.PID // the user
		Roster  persistence.Roster
		Online  map[persistence.UserID]bool
		Backlog []*Parcel // the first page
	}
	// Detach takes the sender's attachments off, up to this one.
	Detach struct {
		User   persistence.UserID
		Number uint64
	}
	// More says that the client was handed LOGIN_ACK or the last Page. The reply is the next Page,
	// nothing where the session is live now, or Displaced.
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
	// place, or it is attached to a User that died.
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
		for _, old := range u.sessions {
			ctx.Unwatch(old.pid)
			ctx.Send(old.pid, Displaced{old.number, wire.Replaced})
		}
		u.sessions = nil
	}
	s := &attached{pid: ctx.Sender(), number: msg.Number, had: map[persistence.Conv]uint64{}}
	u.sessions = append(u.sessions, s)
	ctx.Watch(s.pid)
	a := &attaching{u, s, msg.Ref, Attached{Home: ctx.Self()}}
	u.saveMarks(ctx, a.saved)
}

// attaching is an attach under way. Its methods are its steps, in order; each goes on from the
// answer to the one before.
type attaching struct {
	u   *User
	s   *attached
	ref uint64
	out Attached
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
	a.u.drop(ctx, func(s *attached) bool { return s == a.s })
	return true
}

func (a *attaching) saved(ctx actor.Context, msg Answer) {
	if !a.failed(ctx, msg.Err) {
		a.u.ask(ctx, rosterOf{a.u.id, a.u.env.Limits.Roster}, a.named)
	}
}

func (a *attaching) named(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	a.out.Roster = msg.Value.(persistence.Roster)
	a.u.name = a.out.Roster.Name
	var seats []Seat
	for _, g := range a.out.Roster.Groups {
		if !slices.Contains(a.u.groups, g.Group.ID) {
			a.u.groups = append(a.u.groups, g.Group.ID)
			seats = append(seats, Seat{g.Group.ID, g.Since})
			a.u.inbox.start(persistence.GroupConv(g.Group.ID), g.Since)
		}
	}
	ctx.Request(a.u.at.groups, Enter{a.u.asks.add(ctx, a.u.env, a.seated), a.u.id, seats})
}

func (a *attaching) seated(ctx actor.Context, msg Answer) {
	if !a.failed(ctx, msg.Err) {
		a.u.ask(ctx, standing{backlog{a.u.id, a.u.env.Limits.Page}}, a.stood)
	}
}

func (a *attaching) stood(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	stand := msg.Value.(standings)
	for _, c := range stand.convs { // what was handed out may not have been let through yet
		a.s.had[c.Conv] = c.Delivered
	}
	a.out.Backlog = a.s.fold(a.u.parcels(stand.backlog))
	if !a.u.awake {
		a.u.wake(ctx, stand.convs, a.s)
	}
	maps.DeleteFunc(a.s.had, a.u.inbox.passed)
	who := Who{Ref: a.u.asks.add(ctx, a.u.env, a.known)}
	for _, f := range a.out.Roster.Friends {
		who.Users = append(who.Users, f.ID)
	}
	for _, g := range a.out.Roster.Groups {
		for _, m := range g.Others {
			who.Users = append(who.Users, m.ID)
		}
	}
	ctx.Request(a.u.at.users, who)
}

func (a *attaching) known(ctx actor.Context, msg Answer) {
	if a.failed(ctx, msg.Err) {
		return
	}
	a.out.Online = msg.Value.(map[persistence.UserID]bool)
	ctx.Send(a.s.pid, Answer{Ref: a.ref, Value: a.out})
	if len(a.out.Backlog) == 0 && !a.s.lost { // else its More comes, once the LOGIN_ACK was written
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
	ctx.Send(u.at.users, Appeared{u.id})
	for _, c := range convs {
		u.inbox.start(c.Conv, c.Head)
	}
	for _, conv := range u.inbox.behind() {
		u.catchUp(ctx, conv)
	}
}

func (u *User) has(session *actor.PID) bool {
	return slices.ContainsFunc(u.sessions, func(s *attached) bool { return s.pid.Equal(session) })
}

func (u *User) detach(ctx actor.Context, msg Detach) {
	u.seen++
	session := ctx.Sender()
	u.drop(ctx, func(s *attached) bool { return s.pid.Equal(session) && s.number <= msg.Number })
	if !u.has(session) {
		ctx.Unwatch(session)
	}
}

// lost takes off a session that died.
func (u *User) lost(ctx actor.Context, session *actor.PID) {
	u.drop(ctx, func(s *attached) bool { return s.pid.Equal(session) })
}

// drop takes sessions off. With the last one the user goes to rest.
func (u *User) drop(ctx actor.Context, gone func(*attached) bool) {
	n := len(u.sessions)
	u.sessions = slices.DeleteFunc(u.sessions, gone)
	if len(u.sessions) == n || len(u.sessions) > 0 {
		return
	}
	u.rests++
	u.awake = false
	u.inbox = newInbox(u.env.Limits.Held)
	ctx.Send(u.at.users, Vanished{u.id})
	ctx.Send(u.at.groups, Exit{u.id, u.groups})
	u.groups = nil
	u.saveMarks(ctx, func(actor.Context, Answer) {})
	u.env.Clock.After(u.env.Limits.Idle, ctx.Self(), rested{u.rests})
	u.drained(ctx)
}
