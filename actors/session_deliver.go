package actors

import (
	"cmp"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// attached makes the LOGIN_ACK.
func (s *Session) attached(ctx actor.Context, c call, msg Attached, secret Secret) {
	s.home = msg.Home
	ctx.Watch(s.home)
	if s.in == wire.V2 {
		s.reply(c, s.welcome(msg, secret))
		return
	}
	s.greet(ctx, msg)
}

// welcome is all that a v2 client has to know at its login. What comes after the heads in it is pushed.
func (s *Session) welcome(msg Attached, secret Secret) wire.Welcome {
	convs, more := someConvs(msg.Convs, s.user, s.env.Limits.Convs)
	friends := []wire.Peer{}
	for _, f := range msg.Roster.Friends {
		friends = append(friends, peer(f, msg.Online, ""))
	}
	return wire.Welcome{
		ID: int64(msg.Roster.ID), Name: msg.Roster.Name,
		Token: secret.Text, TokenExpires: secret.Expires, Session: s.env.NewID(), Limits: s.limits(),
		Friends: friends, Epoch: msg.Epoch, Groups: memberships(msg.Roster.Groups), Convs: convs, More: more,
	}
}

// greet makes a classic LOGIN_ACK. Offline messages that do not fit into it follow as pushes.
func (s *Session) greet(ctx actor.Context, msg Attached) {
	// Without a limit of its own it leaves room for the rest of the page in what may be queued.
	limit := cmp.Or(s.env.Classic.MaxObject, s.env.Limits.Outbound/2)
	object, taken := wire.AppendLoginAck(nil, loginAck(msg), limit)
	heads := make([]persistence.Head, taken)
	for i, p := range msg.Backlog[:taken] {
		heads[i] = persistence.Head{Conv: p.Conv, Seq: p.Seq}
	}
	s.send(object, heads...)
	s.catchUp(ctx, msg.Backlog[taken:])
}

func (s *Session) page(ctx actor.Context, msg Page) {
	if msg.Number == s.number && s.leaving == "" {
		s.catchUp(ctx, msg.Backlog)
	}
}

// catchUp passes a page of the backlog on, and asks for more when it was written.
func (s *Session) catchUp(ctx actor.Context, backlog []*Parcel) {
	for _, p := range backlog {
		s.pass(ctx, p)
	}
	s.whenEmptied(ctx, func(ctx actor.Context) { ctx.Request(s.home, More{s.number}) })
}

func (s *Session) push(ctx actor.Context, msg Push) {
	if msg.Number == s.number {
		s.pass(ctx, msg.Parcel)
	}
}

func (s *Session) tell(msg Tell) {
	if msg.Number == s.number {
		s.send(msg.Object)
	}
}

// pass passes a message on, unless the client itself just sent it and hears of it by its ACK.
func (s *Session) pass(ctx actor.Context, p *Parcel) {
	head := persistence.Head{Conv: p.Conv, Seq: p.Seq}
	own := p.From == s.user && p.Origin != nil && p.Origin.Equal(ctx.Self())
	switch {
	case !own || p.Conv == persistence.Direct(s.user, s.user), s.in == wire.V2 && s.unsure:
		s.send(p.object(s.largest()), head)
		return
	case s.in == wire.V2:
		return
	}
	if !s.outbox.pass(head) {
		ctx.Send(s.home, Handed{[]persistence.Head{head}})
	}
}

// largest is how many bytes an object to the client may have, 0 for no such limit.
func (s *Session) largest() int {
	if s.in == wire.V2 {
		return 0
	}
	return s.env.Classic.MaxObject
}

// written tells users what their client was handed, and goes on with what waits for that.
func (s *Session) written(ctx actor.Context, msg Written) {
	if s.in == wire.V2 { // of an object from before
		return
	}
	for _, p := range s.outbox.written(msg.N) {
		ctx.Send(p.home, Handed{p.heads})
	}
	if then := s.emptied; then != nil && len(s.outbox) == 0 {
		s.emptied = nil
		then(ctx)
	}
}

// whenEmptied calls then once, when all that is queued was written, in place of what waited for
// that before.
func (s *Session) whenEmptied(ctx actor.Context, then func(actor.Context)) {
	s.emptied = nil
	if len(s.outbox) == 0 {
		then(ctx)
		return
	}
	s.emptied = then
}

func loginAck(msg Attached) wire.LoginAck {
	me := msg.Roster.User
	ack := wire.LoginAck{ID: int64(me.ID), Name: me.Name}
	for _, f := range msg.Roster.Friends {
		p := peer(f, msg.Online, "")
		p.Online = p.Online || f.ID == me.ID
		ack.Friends = append(ack.Friends, p)
	}
	for _, g := range msg.Roster.Groups {
		self := wire.Peer{ID: int64(me.ID), Name: me.Name, Online: true, Role: string(g.Role)}
		group := wire.Group{ID: int64(g.Group.ID), Name: g.Group.Name, Desc: g.Desc, Users: []wire.Peer{self}}
		for _, m := range g.Others {
			group.Users = append(group.Users, peer(m.Peer, msg.Online, m.Role))
		}
		ack.Groups = append(ack.Groups, group)
	}
	for _, p := range msg.Backlog {
		ack.Offline = append(ack.Offline, p.Push)
	}
	return ack
}
