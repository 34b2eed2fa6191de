package actors

import (
	"context"
	"errors"
	"time"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// ledger is the store of a trial. It writes down what was stored and who was in which group when, holds
// the store to its own contract, and fails calls that took effect when it is told to.
type ledger struct {
	persistence.Store
	t *trial

	log   map[persistence.Conv][]persistence.Message
	cids  map[author]persistence.Head
	stays map[seatOf][]stay
	logins

	blocks  map[blocking]time.Time
	changed map[persistence.Conv]int // how often it changed who may write there
	closed  int                      // accounts
}

type (
	author struct {
		user persistence.UserID
		cid  string
	}
	seatOf struct {
		group persistence.GroupID
		user  persistence.UserID
	}
	blocking struct{ user, by persistence.UserID } // user is written to by whom it blocks in vain
	markOf   struct {
		user persistence.UserID
		conv persistence.Conv
	}
	// stay is what a member may read between a join and an end: what comes after since, and where it is
	// over up to until.
	stay struct {
		since, until uint64
		over         bool
	}
)

var errUnsure = errors.New("the connection broke, nobody knows what became of it")

func newLedger(t *trial, store persistence.Store) *ledger {
	return &ledger{
		Store: store, t: t, log: map[persistence.Conv][]persistence.Message{}, cids: map[author]persistence.Head{},
		stays:  map[seatOf][]stay{},
		blocks: map[blocking]time.Time{}, changed: map[persistence.Conv]int{},
		logins: logins{map[persistence.UserID][]string{}, map[string]persistence.TokenID{}},
	}
}

// told is what the caller of something that was done is told.
func (l *ledger) told(err error) error {
	if err == nil && l.t.strikes(l.t.storeUnsure) {
		l.t.happened["unsure-store"]++
		return errUnsure
	}
	return err
}

func (l *ledger) Append(ctx context.Context, drafts []persistence.Draft) ([]persistence.Outcome, error) {
	outcomes, err := l.Store.Append(ctx, drafts)
	if err != nil {
		return nil, err
	}
	l.note(drafts, outcomes)
	if l.t.strikes(l.t.storeTwice) { // as sqlstore does that was not told whether it was committed
		l.t.happened["commit-twice"]++
		outcomes, err = l.Store.Append(ctx, drafts)
		l.note(drafts, outcomes)
	}
	if err = l.told(err); err != nil {
		return nil, err
	}
	return outcomes, nil
}

func (l *ledger) note(drafts []persistence.Draft, outcomes []persistence.Outcome) {
	for i, out := range outcomes {
		if out.Err == nil {
			l.stored(drafts[i], out)
		}
	}
}

func (l *ledger) stored(d persistence.Draft, out persistence.Outcome) {
	before, again := l.cids[author{d.Sender, d.CID}]
	switch {
	case again != out.Dup, again && before != persistence.Head{Conv: d.Conv, Seq: out.Seq}:
		l.t.Errorf("user %d's cid %s was stored as %v, then as %d of %v, again: %v", d.Sender, d.CID, before, out.Seq, d.Conv, out.Dup)
	case again:
	case out.Seq != uint64(len(l.log[d.Conv]))+1:
		l.t.Errorf("after message %d of %v comes %d", len(l.log[d.Conv]), d.Conv, out.Seq)
	default:
		l.cids[author{d.Sender, d.CID}] = persistence.Head{Conv: d.Conv, Seq: out.Seq}
		l.log[d.Conv] = append(l.log[d.Conv], persistence.Message{Conv: d.Conv, Seq: out.Seq, Sender: persistence.User{ID: d.Sender}, CID: d.CID, Body: d.Body})
	}
}

// has tells whether a message is stored as somebody was told.
func (l *ledger) has(conv persistence.Conv, seq uint64, sender persistence.UserID, cid, body string) bool {
	if seq == 0 || seq > uint64(len(l.log[conv])) {
		return false
	}
	m := l.log[conv][seq-1]
	return m.Sender.ID == sender && m.CID == cid && m.Body == body
}

// Changes of memberships.

func (l *ledger) Found(ctx context.Context, creator persistence.UserID, name string, key []byte, desc string) (persistence.GroupID, error) {
	id, err := l.Store.Found(ctx, creator, name, key, desc)
	l.audit(id)
	return id, l.told(err)
}

func (l *ledger) Join(ctx context.Context, group persistence.GroupID, user persistence.UserID) (persistence.Membership, error) {
	m, err := l.Store.Join(ctx, group, user)
	l.audit(group)
	return m, l.told(err)
}

func (l *ledger) Leave(ctx context.Context, group persistence.GroupID, user persistence.UserID) (persistence.UserID, error) {
	heir, err := l.Store.Leave(ctx, group, user)
	l.audit(group)
	return heir, l.told(err)
}

func (l *ledger) Kick(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) error {
	err := l.Store.Kick(ctx, group, by, user)
	l.audit(group)
	return l.told(err)
}

func (l *ledger) Ban(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) (bool, error) {
	was, err := l.Store.Ban(ctx, group, by, user)
	l.audit(group)
	return was, l.told(err)
}

func (l *ledger) Disband(ctx context.Context, group persistence.GroupID, by persistence.UserID) ([]persistence.UserID, error) {
	were, err := l.Store.Disband(ctx, group, by)
	l.audit(group)
	return were, l.told(err)
}

// audit notes who is in a group now.
func (l *ledger) audit(group persistence.GroupID) {
	if group == 0 {
		return
	}
	l.changed[persistence.GroupConv(group)]++
	members, err := l.Store.Members(context.Background(), group, 0)
	if err != nil {
		return // there is no such group
	}
	for _, m := range members {
		seat := seatOf{group, m.ID}
		stays := l.stays[seat]
		in := len(stays) > 0 && !stays[len(stays)-1].over
		head := uint64(len(l.log[persistence.GroupConv(group)]))
		switch {
		case in && m.Gone:
			stays[len(stays)-1].until, stays[len(stays)-1].over = head, true
		case !in && !m.Gone:
			l.stays[seat] = append(stays, stay{since: m.Since})
		}
	}
}

// mayRead tells whether a message was, at one time, for a user to read, and in which of its stays.
func (l *ledger) mayRead(user persistence.UserID, conv persistence.Conv, seq uint64) (stay int, ok bool) {
	group, is := conv.Group()
	if !is {
		lo, hi := conv.Users()
		return 0, user == lo || user == hi
	}
	for i, s := range l.stays[seatOf{group, user}] {
		if s.since < seq && (!s.over || seq <= s.until) {
			return i, true
		}
	}
	return 0, false
}

// reads is what a user has to have read when all is said: what comes after since, of each conversation
// that it is in.
func (l *ledger) reads(user persistence.UserID) map[persistence.Conv]uint64 {
	in := map[persistence.Conv]uint64{}
	for conv := range l.log {
		if _, group := conv.Group(); !group {
			if _, ok := l.mayRead(user, conv, 1); ok {
				in[conv] = 0
			}
		}
	}
	for seat, stays := range l.stays {
		if last := stays[len(stays)-1]; seat.user == user && !last.over {
			in[persistence.GroupConv(seat.group)] = last.since
		}
	}
	return in
}

func (l *ledger) Mark(ctx context.Context, marks []persistence.Mark) error {
	return l.told(l.Store.Mark(ctx, marks))
}

// Other calls that may take effect without a word of it.

func (l *ledger) Befriend(ctx context.Context, user, friend persistence.UserID) (persistence.Peer, error) {
	p, err := l.Store.Befriend(ctx, user, friend)
	return p, l.told(err)
}

func (l *ledger) Unfriend(ctx context.Context, user, friend persistence.UserID) error {
	return l.told(l.Store.Unfriend(ctx, user, friend))
}

func (l *ledger) Block(ctx context.Context, user, by persistence.UserID) error {
	err := l.Store.Block(ctx, user, by)
	if _, already := l.blocks[blocking{user, by}]; err == nil && !already {
		l.blocks[blocking{user, by}] = l.t.w.Now()
		l.changed[persistence.Direct(user, by)]++
	}
	return l.told(err)
}

func (l *ledger) Unblock(ctx context.Context, user, by persistence.UserID) error {
	err := l.Store.Unblock(ctx, user, by)
	if err == nil {
		delete(l.blocks, blocking{user, by})
		l.changed[persistence.Direct(user, by)]++
	}
	return l.told(err)
}

func (l *ledger) Unban(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) error {
	return l.told(l.Store.Unban(ctx, group, by, user))
}

func (l *ledger) SetGroup(ctx context.Context, group persistence.GroupID, by persistence.UserID, change persistence.GroupChange) error {
	return l.told(l.Store.SetGroup(ctx, group, by, change))
}

func (l *ledger) Invite(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) error {
	return l.told(l.Store.Invite(ctx, group, by, user))
}

func (l *ledger) SetRole(ctx context.Context, group persistence.GroupID, by, user persistence.UserID, role persistence.Role) error {
	return l.told(l.Store.SetRole(ctx, group, by, user, role))
}

// convIs is a conversation as one of its users names it.
func convIs(user int64, c wire.Conv) persistence.Conv {
	if c.Group {
		return persistence.GroupConv(persistence.GroupID(c.ID))
	}
	return persistence.Direct(persistence.UserID(user), persistence.UserID(c.ID))
}
