package actors

import (
	"context"
	"math"
	"slices"
	"time"

	"chatserver/persistence"
)

// query is one call of the store, as a message.
type query interface {
	run(context.Context, persistence.Store) (any, error)
}

// What the store is asked to change. Where nothing is said, the answer has no value.
type (
	befriend struct{ user, friend persistence.UserID } // persistence.Peer
	unfriend struct{ user, friend persistence.UserID }
	block    struct{ user, other persistence.UserID }
	unblock  struct{ user, other persistence.UserID }
	found    struct { // persistence.GroupID
		creator    persistence.UserID
		name, desc string
		key        []byte
	}
	join struct { // persistence.Membership
		group persistence.GroupID
		user  persistence.UserID
	}
	leave struct { // persistence.UserID: who is the creator now; 0 where that did not change
		group persistence.GroupID
		user  persistence.UserID
	}
	kick struct {
		group    persistence.GroupID
		by, user persistence.UserID
	}
	ban struct { // bool: the user was a member
		group    persistence.GroupID
		by, user persistence.UserID
	}
	unban struct {
		group    persistence.GroupID
		by, user persistence.UserID
	}
	invite struct {
		group    persistence.GroupID
		by, user persistence.UserID
	}
	setRole struct {
		group    persistence.GroupID
		by, user persistence.UserID
		role     persistence.Role
	}
	setGroup struct {
		group  persistence.GroupID
		by     persistence.UserID
		change persistence.GroupChange
	}
	disband struct { // []persistence.UserID
		group persistence.GroupID
		by    persistence.UserID
	}
	redeem struct { // persistence.Redeemed
		hash, next, seed []byte
		now, expires     time.Time
	}
)

// What the store is asked to tell.
type (
	rosterOf struct { // persistence.Roster
		user   persistence.UserID
		others int
	}
	backlog struct { // []persistence.Message
		user  persistence.UserID
		limit int
	}
	standing struct { // standings; ErrNotFound where the token is none any more
		user  persistence.UserID
		limit int                 // of the backlog; 0 for none
		token persistence.TokenID // that the session logged in with, 0 for none
		now   time.Time
	}
	convsOf struct { // []persistence.ConvState
		user  persistence.UserID
		after persistence.Conv
		limit int
	}
	read struct { // persistence.Slice
		user persistence.UserID
		conv persistence.Conv
		span persistence.Span
	}
	rangeOf struct { // []persistence.Message
		conv  persistence.Conv
		after uint64
		limit int
	}
	headOf       struct{ conv persistence.Conv } // uint64
	membersSince struct {                        // []persistence.Member
		group persistence.GroupID
		ver   uint64
	}
	selfOf struct { // self
		user persistence.UserID
		now  time.Time
	}
	find struct { // persistence.Peer
		reader, id persistence.UserID
		key        []byte // of the name, where id is 0
	}
	friendsOf  struct{ user persistence.UserID } // []persistence.Peer
	watchersOf struct {                          // []persistence.UserID
		user  persistence.UserID
		limit int
	}
	groupsOf struct{ user persistence.UserID } // []persistence.Membership
	rollOf   struct {                          // []persistence.Member
		group         persistence.GroupID
		reader, after persistence.UserID
		limit         int
	}
	tokensOf struct { // []persistence.Token
		user persistence.UserID
		now  time.Time
	}
)

// standings are where a user stands: its conversations, and the first page of its backlog. The
// heads were read first, so what came between is in the backlog and not below a head.
type standings struct {
	epoch   string // where there is no backlog
	convs   []persistence.ConvState
	backlog []persistence.Message
}

// self is what a user has to know of itself.
type self struct {
	roster persistence.Roster // without others
	tokens []persistence.Token
}

func (q befriend) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Befriend(ctx, q.user, q.friend)
}

func (q unfriend) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.Unfriend(ctx, q.user, q.friend)
}

func (q block) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.Block(ctx, q.user, q.other)
}

func (q unblock) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.Unblock(ctx, q.user, q.other)
}

func (q found) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Found(ctx, q.creator, q.name, q.key, q.desc)
}

func (q join) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Join(ctx, q.group, q.user)
}

func (q leave) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Leave(ctx, q.group, q.user)
}

func (q kick) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.Kick(ctx, q.group, q.by, q.user)
}

func (q ban) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Ban(ctx, q.group, q.by, q.user)
}

func (q unban) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.Unban(ctx, q.group, q.by, q.user)
}

func (q invite) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.Invite(ctx, q.group, q.by, q.user)
}

func (q setRole) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.SetRole(ctx, q.group, q.by, q.user, q.role)
}

func (q setGroup) run(ctx context.Context, s persistence.Store) (any, error) {
	return nil, s.SetGroup(ctx, q.group, q.by, q.change)
}

func (q disband) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Disband(ctx, q.group, q.by)
}

func (q redeem) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Redeem(ctx, q.hash, q.next, q.seed, q.now, q.expires)
}

func (q rosterOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Roster(ctx, q.user, q.others)
}

func (q backlog) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Backlog(ctx, q.user, q.limit)
}

func (q standing) run(ctx context.Context, s persistence.Store) (any, error) {
	if err := q.admitted(ctx, s); err != nil {
		return nil, err
	}
	convs, err := s.Convs(ctx, q.user, 0, math.MaxInt)
	if err != nil {
		return nil, err
	}
	stand := standings{convs: convs}
	if q.limit > 0 {
		stand.backlog, err = s.Backlog(ctx, q.user, q.limit)
	} else {
		stand.epoch, err = s.Epoch(ctx)
	}
	return stand, err
}

// admitted looks whether the token still is one: it may have been revoked before those who had to
// be told knew of the session.
func (q standing) admitted(ctx context.Context, s persistence.Store) error {
	if q.token == 0 {
		return nil
	}
	tokens, err := s.Tokens(ctx, q.user, q.now)
	if err == nil && !slices.ContainsFunc(tokens, func(t persistence.Token) bool { return t.ID == q.token }) {
		err = persistence.ErrNotFound
	}
	return err
}

func (q convsOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Convs(ctx, q.user, q.after, q.limit)
}

func (q read) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Read(ctx, q.user, q.conv, q.span)
}

func (q rangeOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Range(ctx, q.conv, q.after, q.limit)
}

func (q headOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Head(ctx, q.conv)
}

func (q membersSince) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Members(ctx, q.group, q.ver)
}

func (q selfOf) run(ctx context.Context, s persistence.Store) (any, error) {
	roster, err := s.Roster(ctx, q.user, 0)
	if err != nil {
		return nil, err
	}
	tokens, err := s.Tokens(ctx, q.user, q.now)
	return self{roster, tokens}, err
}

func (q find) run(ctx context.Context, s persistence.Store) (any, error) {
	if q.id != 0 {
		return s.Find(ctx, q.reader, q.id)
	}
	return s.FindName(ctx, q.reader, q.key)
}

func (q friendsOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Friends(ctx, q.user)
}

func (q watchersOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Watchers(ctx, q.user, q.limit)
}

func (q groupsOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.GroupsOf(ctx, q.user)
}

func (q rollOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Roll(ctx, q.group, q.reader, q.after, q.limit)
}

func (q tokensOf) run(ctx context.Context, s persistence.Store) (any, error) {
	return s.Tokens(ctx, q.user, q.now)
}
