package actors

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chatserver/persistence"
)

// proof is what a program logs in with: a token, or else a password.
type proof struct {
	token    persistence.TokenID
	password string
	changes  int  // of the password, when it was shown
	good     bool // it was good then
}

// caller is what all programs have: a user, a connection, and how the user logs in over it.
type caller struct {
	t      *trial
	user   int64
	link   *line // nil: none
	in     bool  // logged in
	denied int   // logins, since the last that was not
	proof  proof // that was shown last
	next   *host // to connect to; nil: any
	away   bool  // does not connect
}

// What program asks of both.

func (c *caller) line() *line  { return c.link }
func (c *caller) owner() int64 { return c.user }
func (c *caller) here() bool   { return c.in && c.link != nil && !c.link.gone() }

// stayAway is program's.
func (c *caller) stayAway(away bool) { c.away = away }

// move is program's.
func (c *caller) move(to *host) {
	if c.link != nil {
		c.link.reset()
	}
	c.next = to
}

// dial connects to the node that comes next.
func (c *caller) dial(addr int) {
	at := c.next
	if c.next = nil; at == nil {
		at = c.t.host(c.t.w.Rand().IntN(len(c.t.hosts)))
	}
	c.link = at.dial(addr)
}

// letGo lets a connection go that nothing is to be expected of.
func (c *caller) letGo() {
	if c.link != nil && c.link.gone() {
		c.link = nil
	}
}

// password is the one that is tried next.
func (c *caller) password() string {
	all := c.t.passwords[c.user]
	return all[(len(all)-1+c.denied)%len(all)]
}

// logins is what of a ledger is about who may log in.
type logins struct {
	passwords map[persistence.UserID][]string // hashes of all that a user ever had; the last one is good
	issued    map[string]persistence.TokenID  // by the hash that it was issued with
}

// show is a proof that is about to be shown.
func (l *ledger) show(user int64, p proof) proof {
	p.changes = len(l.passwords[persistence.UserID(user)])
	p.good = l.proves(user, p)
	return p
}

// proves tells whether a proof is good now.
func (l *ledger) proves(user int64, p proof) bool {
	if p.token == 0 {
		all := l.passwords[persistence.UserID(user)]
		return plain{}.Verify(all[len(all)-1], p.password)
	}
	tokens, err := l.Tokens(context.Background(), persistence.UserID(user), l.t.w.Now())
	if err != nil {
		l.t.Fatal(err)
	}
	return slices.ContainsFunc(tokens, func(t persistence.Token) bool { return t.ID == p.token })
}

// wasGood tells whether a proof was good at some time since it was shown.
func (l *ledger) wasGood(user int64, p proof) bool {
	since := l.passwords[persistence.UserID(user)][p.changes:]
	return p.good || p.token == 0 && slices.ContainsFunc(since, func(hash string) bool { return plain{}.Verify(hash, p.password) })
}

// stayedGood tells whether a proof has been good ever since it was shown.
func (l *ledger) stayedGood(user int64, p proof) bool {
	changed := p.token == 0 && len(l.passwords[persistence.UserID(user)]) > p.changes
	return p.good && !changed && l.proves(user, p)
}

// admitted fails the test where a user was let in with what had been no good.
func (t *trial) admitted(user int64, p proof) {
	if !t.store.wasGood(user, p) {
		t.Errorf("user %d was let in with %+v", user, p)
	}
}

// denied fails the test where a user was kept out though what it showed was good all the time.
func (t *trial) denied(user int64, p proof) {
	if t.store.stayedGood(user, p) {
		t.Errorf("user %d was kept out with %+v", user, p)
	}
}

// policyOf is what a seed has of two logins of one user.
func policyOf(seed uint64) LoginPolicy {
	switch seed / 8 % 16 {
	case 7, 13:
		return Replace
	case 15:
		return Reject
	}
	return Multi
}

// yields tells whether a program leaves its user to another one that is logged in.
func (t *trial) yields(d program) bool { return t.policy != Multi && !d.here() && t.online(d.owner()) }

// judgeLogins fails the test where two programs of a user are logged in that must not be. That is promised while
// nodes hear each other.
func (t *trial) judgeLogins() {
	for i, d := range t.devices {
		for _, other := range t.devices[:i] {
			if t.policy != Multi && t.mood <= slow && other.owner() == d.owner() && other.here() && d.here() {
				t.Errorf("two programs of user %d are logged in", d.owner())
			}
		}
	}
}

// outlives tells of a session that is there still though what let it in is not good any more; "": it is.
func (t *trial) outlives(user int64, p proof) string {
	if t.store.proves(user, p) {
		return ""
	}
	return fmt.Sprintf("user %d is logged in still, with %+v", user, p)
}

func (l *ledger) Register(ctx context.Context, name string, key []byte, hash string) (persistence.UserID, error) {
	id, err := l.Store.Register(ctx, name, key, hash)
	if err == nil {
		l.passwords[id] = []string{hash}
	}
	return id, l.told(err)
}

func (l *ledger) SetPassword(ctx context.Context, user persistence.UserID, hash string, keep persistence.TokenID) error {
	err := l.Store.SetPassword(ctx, user, hash, keep)
	if err == nil {
		l.passwords[user] = append(l.passwords[user], hash)
	}
	return l.told(err)
}

func (l *ledger) Issue(ctx context.Context, user persistence.UserID, device string, hash []byte, expires time.Time) (persistence.TokenID, error) {
	id, err := l.Store.Issue(ctx, user, device, hash, expires)
	if err == nil {
		l.issued[string(hash)] = id
	}
	return id, l.told(err)
}

func (l *ledger) Redeem(ctx context.Context, hash, next, seed []byte, now, expires time.Time) (persistence.Redeemed, error) {
	r, err := l.Store.Redeem(ctx, hash, next, seed, now, expires)
	return r, l.told(err)
}

func (l *ledger) Revoke(ctx context.Context, user persistence.UserID, id persistence.TokenID) error {
	return l.told(l.Store.Revoke(ctx, user, id))
}

func (l *ledger) CloseAccount(ctx context.Context, user persistence.UserID) ([]persistence.Leaving, error) {
	left, err := l.Store.CloseAccount(ctx, user)
	for _, g := range left {
		l.audit(g.Group)
	}
	if err == nil {
		l.passwords[user] = append(l.passwords[user], "nobody's")
		l.closed++
	}
	return left, l.told(err)
}
