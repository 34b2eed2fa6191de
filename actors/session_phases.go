package actors

import (
	"fmt"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/account"
)

// greeting serves a client that is nobody yet.
func (s *Session) greeting(ctx actor.Context, msg Frame) {
	req, ok := s.decode(ctx, msg)
	if !ok {
		return
	}
	switch req := req.(type) {
	case wire.Login:
		s.login(ctx, req)
	case wire.Reg:
		s.register(ctx, req)
	default:
		s.reject(ctx, req, &wire.Fault{Errno: wire.LoginFirst, Text: "log in first"})
	}
}

// holding keeps what comes behind a request that decides what later ones mean: who is speaking,
// which groups they are in.
func (s *Session) holding(_ actor.Context, msg Frame) { s.early = append(s.early, msg) }

// ignoring is for what comes behind an object that nobody can read: it may be anything.
func (s *Session) ignoring(ctx actor.Context, _ Frame) { s.done(ctx) }

// member serves a client that is logged in.
func (s *Session) member(ctx actor.Context, msg Frame) {
	req, ok := s.decode(ctx, msg)
	if !ok {
		return
	}
	switch req := req.(type) {
	case wire.Login:
		s.reject(ctx, req, &wire.Fault{Errno: wire.Exists, Text: "you are logged in already, log out first"})
	case wire.Reg:
		s.register(ctx, req)
	default:
		if fault := s.impostor(req); fault != nil {
			s.reject(ctx, req, fault)
			return
		}
		s.serve(ctx, req)
	}
}

// impostor refuses a request that says it comes from somebody else.
func (s *Session) impostor(req wire.Request) *wire.Fault {
	as, ok := req.(interface{ Claimed() int64 })
	if !ok || as.Claimed() == 0 || as.Claimed() == int64(s.user) {
		return nil
	}
	return &wire.Fault{Errno: wire.NotYou, Text: fmt.Sprintf("you are user %d, send that id or none", s.user)}
}

// serve does what a member asks for, at the rate that it may.
func (s *Session) serve(ctx actor.Context, req wire.Request) {
	if _, ok := req.(wire.Logout); ok {
		s.logout(ctx)
		return
	}
	if fault := s.rate.take(s.env.Clock.Now()); fault != nil {
		s.reject(ctx, req, fault)
		return
	}
	switch req := req.(type) {
	case wire.OneChat:
		s.post(ctx, req, persistence.Direct(s.user, persistence.UserID(req.To)), req.Msg)
	case wire.GroupChat:
		s.post(ctx, req, persistence.GroupConv(persistence.GroupID(req.Group)), req.Msg)
	case wire.AddFriend:
		s.addFriend(ctx, req)
	case wire.CreateGroup:
		s.createGroup(ctx, req)
	case wire.AddGroup:
		s.command(ctx, req, func(ref uint64) any { return JoinGroup{ref, persistence.GroupID(req.Group)} })
	}
}

func (s *Session) register(ctx actor.Context, req wire.Reg) {
	if req.V != 0 {
		s.failVersion(ctx, req)
		return
	}
	s.hold(ctx, s.at.accounts, func(ref uint64) any {
		return OpenAccount{ref, s.from, req.Name, req.Password}
	}, func(_ actor.Context, a Answer) {
		if a.Err != nil {
			s.fail(req, a.Err)
			return
		}
		s.send(wire.AppendRegAck(nil, int64(a.Value.(persistence.UserID))))
	})
}

func (s *Session) failVersion(ctx actor.Context, req wire.Request) {
	s.reject(ctx, req, &wire.Fault{Errno: wire.Version, Text: "this server speaks the classic protocol only, leave v out"})
}

// login checks the password, then attaches to the user.
func (s *Session) login(ctx actor.Context, req wire.Login) {
	if req.V != 0 {
		s.failVersion(ctx, req)
		return
	}
	s.phase = (*Session).holding
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			s.denied(ctx, req, a.Err)
			return
		}
		s.attach(ctx, req, a.Value.(persistence.User).ID)
	})
	ctx.Request(s.at.accounts, CheckPassword{ref, s.from, persistence.UserID(req.ID), req.Password})
}

func (s *Session) attach(ctx actor.Context, req wire.Login, user persistence.UserID) {
	s.number++
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			s.release(ctx, user) // it may have succeeded, only too late
			s.denied(ctx, req, a.Err)
			return
		}
		s.user = user
		s.attached(ctx, a.Value.(Attached))
		s.decided(ctx, (*Session).member)
	})
	ctx.Request(s.at.users, Attach{ref, user, s.number})
}

func (s *Session) denied(ctx actor.Context, req wire.Login, err error) {
	s.fail(req, err)
	s.decided(ctx, (*Session).greeting)
}

// decided ends a request that was held for, and serves what came behind it.
func (s *Session) decided(ctx actor.Context, next phase) {
	early := s.early
	s.early, s.phase = nil, next
	s.done(ctx)
	for _, msg := range early {
		s.phase(s, ctx, msg)
	}
}

// logout lets the user go, and serves what comes behind it, when all that is queued was written:
// a login before that would find it in the backlog again.
func (s *Session) logout(ctx actor.Context) {
	s.phase = (*Session).holding
	s.number++
	s.whenEmptied(ctx, func(ctx actor.Context) {
		s.detach(ctx)
		s.decided(ctx, (*Session).greeting)
	})
}

func (s *Session) detach(ctx actor.Context) {
	if s.home == nil {
		return
	}
	ctx.Unwatch(s.home)
	s.home = nil
	s.release(ctx, s.user)
}

// release takes an attachment back, whether it came about or not.
func (s *Session) release(ctx actor.Context, user persistence.UserID) {
	ctx.Request(s.at.users, Detach{user, s.number})
	s.number++
}

func (s *Session) post(ctx actor.Context, req wire.Request, conv persistence.Conv, body string) {
	s.ask(ctx, s.home, func(ref uint64) any { return Post{ref, conv, body, s.env.NewCID()} }, s.failed(req))
}

func (s *Session) addFriend(ctx actor.Context, req wire.AddFriend) {
	if persistence.UserID(req.Friend) == s.user {
		s.reject(ctx, req, &wire.Fault{Errno: wire.Invalid, Text: "friendid: you cannot be on your own list"})
		return
	}
	s.command(ctx, req, func(ref uint64) any { return Befriend{ref, persistence.UserID(req.Friend)} })
}

func (s *Session) createGroup(ctx actor.Context, req wire.CreateGroup) {
	name, key, err := account.GroupName(req.Name)
	if err != nil {
		s.reject(ctx, req, &wire.Fault{Errno: wire.Invalid, Text: "groupname: " + err.Error()})
		return
	}
	desc, err := account.GroupDesc(req.Desc)
	if err != nil {
		s.reject(ctx, req, &wire.Fault{Errno: wire.Invalid, Text: "groupdesc: " + err.Error()})
		return
	}
	s.command(ctx, req, func(ref uint64) any { return FoundGroup{ref, name, desc, key} })
}

// command asks the user for something that later requests may build on.
func (s *Session) command(ctx actor.Context, req wire.Request, make func(ref uint64) any) {
	s.hold(ctx, s.home, make, s.failed(req))
}

// failed tells the client when req fails; a classic client is not told of its success.
func (s *Session) failed(req wire.Request) func(actor.Context, Answer) {
	return func(_ actor.Context, a Answer) {
		if a.Err != nil {
			s.fail(req, a.Err)
		}
	}
}

// hold is ask, and serves no other request before the answer.
func (s *Session) hold(ctx actor.Context, to *actor.PID, make func(ref uint64) any, then func(actor.Context, Answer)) {
	before := s.phase
	s.phase = (*Session).holding
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		then(ctx, a)
		s.decided(ctx, before)
	})
	ctx.Request(to, make(ref))
}
