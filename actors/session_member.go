package actors

import (
	"fmt"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/account"
)

// member serves a client that is logged in.
func (s *Session) member(ctx actor.Context, msg Frame) {
	c, ok := s.decode(ctx, msg)
	if !ok {
		return
	}
	if fault := s.improper(c); fault != nil {
		s.reject(ctx, c, fault)
		return
	}
	switch req := c.req.(type) {
	case wire.Logout:
		s.logout(ctx, c)
	case wire.Reg:
		s.register(ctx, c, req)
	default:
		s.serve(ctx, c)
	}
}

// improper refuses what nobody may ask who is logged in: to be somebody else, or to speak another
// dialect.
func (s *Session) improper(c call) *wire.Fault {
	if _, ok := c.req.(wire.Login); ok || c.re.In != s.in {
		return &wire.Fault{Errno: wire.Exists, Text: "you are logged in already, log out first"}
	}
	as, ok := c.req.(interface{ Claimed() int64 })
	if !ok || as.Claimed() == 0 || as.Claimed() == int64(s.user) {
		return nil
	}
	return &wire.Fault{Errno: wire.NotYou, Text: fmt.Sprintf("you are user %d, send that id or none", s.user)}
}

// serve does what a member asks for, at the rate that it may.
func (s *Session) serve(ctx actor.Context, c call) {
	if fault := s.rate.take(s.env.Clock.Now()); fault != nil {
		s.reject(ctx, c, fault)
		return
	}
	switch req := c.req.(type) {
	case wire.OneChat:
		s.post(ctx, c, persistence.Direct(s.user, persistence.UserID(req.To)), req.Msg, req.CID)
	case wire.GroupChat:
		s.post(ctx, c, persistence.GroupConv(persistence.GroupID(req.Group)), req.Msg, req.CID)
	case wire.Mark:
		s.mark(ctx, c, req)
	case wire.Typing:
		s.hinted(ctx, c, func(ref uint64) any { return Compose{ref, s.conv(req.Conv)} })
	case wire.Ping:
		s.finish(ctx, c, wire.Pong(req))
	case wire.Hello:
		s.hello(ctx, c)
	case wire.Sync:
		s.sync(ctx, c, req)
	case wire.Convs:
		s.convs(ctx, c, req)
	case wire.Lookup:
		s.lookup(ctx, c, req)
	case wire.Friends:
		s.friends(ctx, c)
	case wire.Groups:
		s.groups(ctx, c)
	case wire.Members:
		s.members(ctx, c, req)
	case wire.Tokens:
		s.tokens(ctx, c)
	case wire.Revoke:
		s.revoke(ctx, c, req)
	case wire.Passwd:
		s.passwd(ctx, c, req)
	case wire.CloseAccount:
		s.closeAccount(ctx, c, req)
	default:
		s.change(ctx, c)
	}
}

// conv is the conversation that the client names so.
func (s *Session) conv(c wire.Conv) persistence.Conv {
	if c.Group {
		return persistence.GroupConv(persistence.GroupID(c.ID))
	}
	return persistence.Direct(s.user, persistence.UserID(c.ID))
}

// post sends a message. A classic one is given a cid.
func (s *Session) post(ctx actor.Context, c call, conv persistence.Conv, body, cid string) {
	if cid == "" {
		cid = s.env.NewID()
	}
	s.ask(ctx, c, s.home, func(ref uint64) any { return Post{ref, conv, body, cid} }, func(ctx actor.Context, value any) {
		out := value.(persistence.Outcome)
		s.finish(ctx, c, wire.Stored{Seq: out.Seq, At: out.At, Dup: out.Dup})
	})
}

func (s *Session) mark(ctx actor.Context, c call, req wire.Mark) {
	s.hinted(ctx, c, func(ref uint64) any { return Come{ref, s.conv(req.Conv), req.Delivered, req.Read} })
}

// hinted asks the user for what is answered only where the client wants it, or it fails.
func (s *Session) hinted(ctx actor.Context, c call, make func(ref uint64) any) {
	s.ask(ctx, c, s.home, make, func(ctx actor.Context, _ any) {
		if c.re.RID == "" {
			s.done(ctx, c)
			return
		}
		s.finish(ctx, c, wire.Done{})
	})
}

// change asks the user for something that later requests may build on.
func (s *Session) change(ctx actor.Context, c call) {
	do, err := s.changeOf(c.req)
	if err != nil {
		s.reject(ctx, c, err)
		return
	}
	c = s.hold(c)
	s.ask(ctx, c, s.home, func(ref uint64) any { return Change{ref, do} }, func(ctx actor.Context, value any) {
		s.changed(ctx, c, value)
	})
}

// changeOf is what the store is asked for a request that changes something.
func (s *Session) changeOf(req wire.Request) (query, error) {
	group := func(id int64) persistence.GroupID { return persistence.GroupID(id) }
	user := func(id int64) persistence.UserID { return persistence.UserID(id) }
	switch req := req.(type) {
	case wire.AddFriend:
		return befriend{s.user, user(req.Friend)}, s.other(req.Friend, "friendid: you cannot be on your own list")
	case wire.DelFriend:
		return unfriend{s.user, user(req.Friend)}, nil
	case wire.Block:
		return block{s.user, user(req.User)}, s.other(req.User, "userid: you cannot block yourself")
	case wire.Unblock:
		return unblock{s.user, user(req.User)}, nil
	case wire.CreateGroup:
		return s.founding(req)
	case wire.AddGroup:
		return join{group(req.Group), s.user}, nil
	case wire.LeaveGroup:
		return leave{group(req.Group), s.user}, nil
	case wire.Kick:
		return kick{group(req.Group), s.user, user(req.User)}, s.other(req.User, "userid: leave the group instead")
	case wire.Ban:
		return ban{group(req.Group), s.user, user(req.User)}, s.other(req.User, "userid: you cannot ban yourself")
	case wire.Unban:
		return unban{group(req.Group), s.user, user(req.User)}, nil
	case wire.Invite:
		return invite{group(req.Group), s.user, user(req.User)}, nil
	case wire.SetRole:
		return setRole{group(req.Group), s.user, user(req.User), persistence.Role(req.Role)}, s.other(req.User, "userid: make somebody else the creator instead")
	case wire.GroupSet:
		return s.setting(req)
	}
	return nil, &wire.Fault{Errno: wire.Unknown, Text: "this server does not know " + req.MsgID().String()}
}

// other refuses what nobody can do to oneself.
func (s *Session) other(id int64, text string) error {
	if persistence.UserID(id) == s.user {
		return &wire.Fault{Errno: wire.Invalid, Text: text}
	}
	return nil
}

func (s *Session) founding(req wire.CreateGroup) (query, error) {
	name, key, err := groupName(req.Name)
	if err != nil {
		return nil, err
	}
	desc, err := groupDesc(req.Desc)
	return found{s.user, name, desc, key}, err
}

func (s *Session) setting(req wire.GroupSet) (query, error) {
	id := persistence.GroupID(req.Group)
	if req.Delete {
		return disband{id, s.user}, nil
	}
	var change persistence.GroupChange
	if req.Name != nil {
		name, key, err := groupName(*req.Name)
		if err != nil {
			return nil, err
		}
		change.Name, change.Key = &name, key
	}
	if req.Desc != nil {
		desc, err := groupDesc(*req.Desc)
		if err != nil {
			return nil, err
		}
		change.Desc = &desc
	}
	if req.Join != nil {
		closed := *req.Join == joinByInvite
		change.Closed = &closed
	}
	return setGroup{id, s.user, change}, nil
}

func groupName(text string) (name string, key []byte, err error) {
	if name, key, err = account.GroupName(text); err != nil {
		err = &wire.Fault{Errno: wire.Invalid, Text: "groupname: " + err.Error()}
	}
	return name, key, err
}

func groupDesc(text string) (string, error) {
	desc, err := account.GroupDesc(text)
	if err != nil {
		err = &wire.Fault{Errno: wire.Invalid, Text: "groupdesc: " + err.Error()}
	}
	return desc, err
}
