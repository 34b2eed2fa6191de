package actors

import (
	"context"

	"chatserver/persistence"
)

// query is one call of the store, as a message.
type query interface {
	run(context.Context, persistence.Store) (any, error)
}

type (
	befriend struct{ user, friend persistence.UserID } // persistence.User
	found    struct {                                  // persistence.GroupID
		creator    persistence.UserID
		name, desc string
		key        []byte
	}
	join struct { // persistence.Member
		group persistence.GroupID
		user  persistence.UserID
	}
	rosterOf struct { // persistence.Roster
		user   persistence.UserID
		others int
	}
	history struct { // []persistence.Message
		conv  persistence.Conv
		after uint64
		limit int
	}
	backlog struct { // []persistence.Message
		user  persistence.UserID
		limit int
	}
	standing     struct{ backlog }               // standings
	headOf       struct{ conv persistence.Conv } // uint64
	membersSince struct {                        // []persistence.Member
		group persistence.GroupID
		ver   uint64
	}
)

// standings are where a user stands: its conversations, and the first page of its backlog. The
// heads were read first, so what came between is in the backlog and not below a head.
type standings struct {
	convs   []persistence.ConvState
	backlog []persistence.Message
}

func (q befriend) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Befriend(ctx, q.user, q.friend)
}

func (q found) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Found(ctx, q.creator, q.name, q.key, q.desc)
}

func (q join) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Join(ctx, q.group, q.user)
}

func (q rosterOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Roster(ctx, q.user, q.others)
}

func (q history) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.History(ctx, q.conv, q.after, q.limit)
}

func (q backlog) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Backlog(ctx, q.user, q.limit)
}

func (q standing) run(ctx context.Context, s persistence.Store) (any, error) {
	convs, err := s.Convs(ctx, q.user)
	if err != nil {
		return nil, err
	}
	backlog, err := s.Backlog(ctx, q.user, q.limit)
	return standings{convs, backlog}, err
}

func (q headOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Head(ctx, q.conv)
}

func (q membersSince) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Members(ctx, q.group, q.ver)
}
