package actors

import (
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// attached is a session of this user. A v2 session is live from its LOGIN_ACK on: it gets each
// message above the heads it was told as it comes. A classic one goes through two states: first it
// catches up, page by page, with what no device of the user was handed; once a page comes back empty
// it is live.
type attached struct {
	pid    *actor.PID
	number uint64 // the session's own count of its attachments; it drops what carries another
	in     wire.Dialect
	token  persistence.TokenID // that it logged in with, 0 for none
	gen    uint64              // of the password that it logged in with, where there is no token
	turn   uint64              // of its login among all nodes', where login.policy is replace
	live   bool
	paging bool                        // the next page is being read
	had    map[persistence.Conv]uint64 // how far its pages went, or the user's devices before it; of v2 the heads it was told
	hints  [][]byte                    // of v2, that came while it attached
	since  []*Parcel                   // let through, beyond its pages; they follow the last page
	lost   bool                        // more was let through: only another page can tell
}

// more goes on with a session's backlog, unless it is being read.
func (u *User) more(ctx actor.Context, msg More) {
	session := ctx.Sender()
	at := slices.IndexFunc(u.sessions, func(s *attached) bool { return s.pid.Equal(session) && s.number == msg.Number })
	switch {
	case at < 0:
		ctx.Respond(Displaced{msg.Number, wire.Crashed})
	case !u.sessions[at].live && !u.sessions[at].paging:
		u.page(ctx, u.sessions[at])
	}
}

// page reads what then still was not handed to any device, after what was is written down.
func (u *User) page(ctx actor.Context, s *attached) {
	if !slices.Contains(u.sessions, s) {
		return
	}
	s.paging, s.lost = true, false
	u.saveMarks(ctx, func(ctx actor.Context, a Answer) {
		if a.Err != nil {
			u.paged(ctx, s, a)
			return
		}
		u.ask(ctx, backlog{u.id, u.env.Limits.Page}, func(ctx actor.Context, a Answer) { u.paged(ctx, s, a) })
	})
}

func (u *User) paged(ctx actor.Context, s *attached, a Answer) {
	if !slices.Contains(u.sessions, s) {
		return
	}
	if a.Err != nil {
		u.env.Clock.After(retry, ctx.Self(), stalled{s})
		return
	}
	s.paging = false
	page := u.parcels(a.Value.([]persistence.Message))
	if len(page) == 0 {
		u.caughtUp(ctx, s)
		return
	}
	ctx.Send(s.pid, Page{s.number, s.fold(page)})
}

// fold puts a page together with what was let through meanwhile, each conversation in order: the
// page may lack what another device sent or was handed. What lies beyond the page stays in since.
func (s *attached) fold(page []*Parcel) (folded []*Parcel) {
	s.since = slices.DeleteFunc(s.since, s.has)
	since := map[persistence.Conv][]*Parcel{}
	for _, p := range s.since {
		since[p.Conv] = append(since[p.Conv], p)
	}
	for _, p := range page {
		earlier := since[p.Conv]
		for ; len(earlier) > 0 && earlier[0].Seq <= p.Seq; earlier = earlier[1:] {
			if earlier[0].Seq < p.Seq {
				folded = append(folded, earlier[0])
			}
		}
		since[p.Conv] = earlier
		folded = append(folded, p)
		s.had[p.Conv] = p.Seq
	}
	s.since = slices.DeleteFunc(s.since, s.has)
	return folded
}

// has tells whether the session's pages, or the user's devices before it, went as far as p.
func (s *attached) has(p *Parcel) bool { return p.Seq <= s.had[p.Conv] }

// parcels are messages of the backlog, as many as a client may have queued with room to spare.
func (u *User) parcels(messages []persistence.Message) (page []*Parcel) {
	size := 0
	for _, m := range messages {
		p := u.env.parcel(m)
		if size += len(p.Object); size > u.env.Limits.Outbound/2 && len(page) > 0 {
			break
		}
		page = append(page, p)
	}
	return page
}

// caughtUp makes a session live whose last page was empty.
func (u *User) caughtUp(ctx actor.Context, s *attached) {
	if s.lost {
		u.page(ctx, s)
		return
	}
	s.live = true
	for _, p := range s.since {
		ctx.Send(s.pid, Push{s.number, p})
	}
	for _, object := range s.hints {
		ctx.Send(s.pid, Tell{s.number, object})
	}
	s.since, s.hints = nil, nil
}
