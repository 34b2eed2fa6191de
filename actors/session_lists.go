package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/account"
)

// How a group is joined, as GROUP_SET and GROUPS say it.
const (
	joinOpen     = "open"
	joinByInvite = "invite"
)

// changed ends a call that changed something. ADD_FRIEND, CREATE_GROUP and ADD_GROUP say more.
func (s *Session) changed(ctx actor.Context, c call, value any) {
	switch c.req.(type) {
	case wire.AddFriend:
		s.shown(ctx, c, []persistence.Peer{value.(persistence.Peer)}, func(peers []wire.Peer) wire.Reply {
			return wire.Befriended{Friend: peers[0]}
		})
	case wire.CreateGroup:
		s.finish(ctx, c, wire.Founded{Group: int64(value.(persistence.GroupID))})
	case wire.AddGroup:
		m := value.(persistence.Membership)
		s.finish(ctx, c, wire.Joined{Group: wire.JoinedGroup{Membership: membership(m), Since: m.Since, Head: m.Since}})
	default:
		s.finish(ctx, c, wire.Done{})
	}
}

// shown ends a call with a reply that shows people. A classic client is shown nothing.
func (s *Session) shown(ctx actor.Context, c call, people []persistence.Peer, show func([]wire.Peer) wire.Reply) {
	if c.re.In == wire.Classic {
		s.done(ctx, c)
		return
	}
	ids := make([]persistence.UserID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	s.ask(ctx, c, s.at.users, func(ref uint64) any { return Who{ref, ids} }, func(ctx actor.Context, value any) {
		online := value.(map[persistence.UserID]bool)
		peers := []wire.Peer{}
		for _, p := range people {
			peers = append(peers, peer(p, online, ""))
		}
		s.finish(ctx, c, show(peers))
	})
}

// peer is somebody as the client may see it.
func peer(p persistence.Peer, online map[persistence.UserID]bool, role persistence.Role) wire.Peer {
	return wire.Peer{ID: int64(p.ID), Name: p.Name, Online: online[p.ID] && !p.Hides, Role: string(role)}
}

func membership(m persistence.Membership) wire.Membership {
	join := joinOpen
	if m.Closed {
		join = joinByInvite
	}
	return wire.Membership{ID: int64(m.Group.ID), Name: m.Group.Name, Desc: m.Desc, Role: string(m.Role), Join: join, Members: m.Size}
}

func memberships(groups []persistence.Membership) []wire.Membership {
	all := []wire.Membership{}
	for _, g := range groups {
		all = append(all, membership(g))
	}
	return all
}

func convState(c persistence.ConvState, user persistence.UserID) wire.ConvState {
	return wire.ConvState{
		Conv: convOf(c.Conv, user), Head: c.Head, Since: c.Since, Delivered: c.Delivered, Read: c.Read,
		PeerDelivered: c.PeerDelivered, PeerRead: c.PeerRead,
	}
}

// someConvs are at most limit, as user names them, and whether there are more.
func someConvs(convs []persistence.ConvState, user persistence.UserID, limit int) (some []wire.ConvState, more bool) {
	some = []wire.ConvState{}
	for _, c := range convs[:min(limit, len(convs))] {
		some = append(some, convState(c, user))
	}
	return some, len(convs) > limit
}

// convs asks for one more than the client wants, to know whether there are more. It remembers who
// asks: by the time of the answer another user may be logged in.
func (s *Session) convs(ctx actor.Context, c call, req wire.Convs) {
	user, after := s.user, persistence.Conv(0)
	if (req.After != wire.Conv{}) {
		after = s.conv(req.After)
	}
	s.ask(ctx, c, s.home, func(ref uint64) any { return ListConvs{ref, after, req.Limit + 1} }, func(ctx actor.Context, value any) {
		some, more := someConvs(value.([]persistence.ConvState), user, req.Limit)
		s.finish(ctx, c, wire.ConvList{Convs: some, More: more})
	})
}

// sync reads a part of a conversation, one at a time.
func (s *Session) sync(ctx actor.Context, c call, req wire.Sync) {
	if s.syncing {
		s.reject(ctx, c, &wire.Fault{Errno: wire.SlowDown, Text: "one SYNC at a time: wait for the answer to the last one", Retry: retry})
		return
	}
	s.syncing = true
	q := read{s.user, s.conv(req.Conv), persistence.Span{After: req.After, Before: req.Before, Limit: req.Limit}}
	ref := s.asks.add(ctx, s.env, func(ctx actor.Context, a Answer) {
		s.syncing = false
		if a.Err != nil {
			s.reject(ctx, c, a.Err)
			return
		}
		s.finish(ctx, c, s.syncAck(req, a.Value.(persistence.Slice)))
	})
	ctx.Request(s.at.store, Query{ref, q})
}

// syncAck holds as many messages as one reply may, those nearest to where the client reads on from.
func (s *Session) syncAck(req wire.Sync, slice persistence.Slice) wire.SyncAck {
	ack := wire.SyncAck{Conv: req.Conv, Head: slice.Head, Since: slice.Since, More: slice.More}
	messages := slice.Messages
	if req.Before != 0 {
		slices.Reverse(messages)
	}
	size := 0
	for _, m := range messages {
		p := s.env.parcel(m)
		if size += len(p.Object); size > wire.MaxSync && len(ack.Msgs) > 0 {
			ack.More = true
			break
		}
		ack.Msgs = append(ack.Msgs, p.Push)
	}
	if req.Before != 0 {
		slices.Reverse(ack.Msgs)
	}
	return ack
}

func (s *Session) lookup(ctx actor.Context, c call, req wire.Lookup) {
	q := find{reader: s.user, id: persistence.UserID(req.ID)}
	if req.ID == 0 {
		key, err := nameKey(req.Name)
		if err != nil {
			s.reject(ctx, c, err)
			return
		}
		q.key = key
	}
	s.query(ctx, c, q, func(ctx actor.Context, value any) {
		s.shown(ctx, c, []persistence.Peer{value.(persistence.Peer)}, func(peers []wire.Peer) wire.Reply {
			return wire.Found{User: peers[0]}
		})
	})
}

func (s *Session) friends(ctx actor.Context, c call) {
	s.query(ctx, c, friendsOf{s.user}, func(ctx actor.Context, value any) {
		s.shown(ctx, c, value.([]persistence.Peer), func(peers []wire.Peer) wire.Reply {
			return wire.FriendList{Friends: peers}
		})
	})
}

func (s *Session) groups(ctx actor.Context, c call) {
	s.query(ctx, c, groupsOf{s.user}, func(ctx actor.Context, value any) {
		s.finish(ctx, c, wire.GroupList{Groups: memberships(value.([]persistence.Membership))})
	})
}

// members asks for one more than the client wants, to know whether there are more.
func (s *Session) members(ctx actor.Context, c call, req wire.Members) {
	q := rollOf{persistence.GroupID(req.Group), s.user, persistence.UserID(req.After), req.Limit + 1}
	s.query(ctx, c, q, func(ctx actor.Context, value any) {
		roll := value.([]persistence.Member)
		some := roll[:min(len(roll), req.Limit)]
		people := make([]persistence.Peer, len(some))
		for i, m := range some {
			people[i] = m.Peer
		}
		s.shown(ctx, c, people, func(peers []wire.Peer) wire.Reply {
			for i, m := range some {
				peers[i].Role = string(m.Role)
			}
			return wire.MemberList{Members: peers, More: len(roll) > len(some)}
		})
	})
}

// nameKey is what the store knows a name by. Nobody has a name that is none.
func nameKey(name string) ([]byte, error) {
	_, key, err := account.Name(name)
	if err != nil {
		return nil, persistence.ErrNotFound
	}
	return key, nil
}
