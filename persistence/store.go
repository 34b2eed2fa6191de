package persistence

import (
	"context"
	"errors"
	"time"
)

// ErrLost says that the store is of no use any more: only a new start of the process helps.
var ErrLost = errors.New("the store is lost until this node is started again")

// What a store refuses. All others are faults of the store itself: nothing was
// stored, or its fate is unknown.
var (
	ErrNotFound  = errors.New("not found")            // no such user, group or conversation
	ErrExists    = errors.New("exists already")       // name taken, friend or member already
	ErrForbidden = errors.New("not allowed")          // not a member, blocked, banned, too low a role
	ErrConflict  = errors.New("cid stands elsewhere") // cid used for another body or conversation
	ErrFull      = errors.New("too many already")     // MaxFriends, MaxGroups
)

// Store is the truth. Its methods may be called from any goroutine, block until they are
// done, and end early with the context's error when its time is up.
type Store interface {
	Users
	Friends
	Groups
	Messages
	Marks
	Tokens
	// Epoch names this store's history. After a restore from a backup it is another one: positions
	// that were kept outside the store are void.
	Epoch(ctx context.Context) (string, error)
	Ping(ctx context.Context) error // nil: a write could be made now
	Close() error
}

// Users keeps the accounts.
type Users interface {
	// Register makes an account. key is the folded name and unique: ErrExists.
	Register(ctx context.Context, name string, key []byte, hash string) (UserID, error)
	// Credentials returns what a login of id is checked against, CredentialsOf that of the account
	// whose folded name is key. ErrNotFound, also where the account was closed.
	Credentials(ctx context.Context, id UserID) (Credentials, error)
	CredentialsOf(ctx context.Context, key []byte) (Credentials, error)
	// Find returns the account with id as reader sees it, FindName the one whose folded name is key.
	// ErrNotFound.
	Find(ctx context.Context, reader, id UserID) (Peer, error)
	FindName(ctx context.Context, reader UserID, key []byte) (Peer, error)
	// SetPassword replaces the hash, raises the account's Gen and revokes all the user's tokens but
	// keep. ErrNotFound.
	SetPassword(ctx context.Context, user UserID, hash string, keep TokenID) error
	// CloseAccount removes all that is known of a person but for the messages it wrote: name,
	// password, lists, marks, tokens, and its place in every group as Leave does. What it wrote has
	// from then on a sender named ClosedName; nobody can log in as, befriend or write to it, and its id
	// and messages stay. It returns the groups that it left, with an error as well: the account is
	// then open, and to close it again does the rest. ErrNotFound.
	CloseAccount(ctx context.Context, user UserID) ([]Leaving, error)
	// Roster reads what user sees at login. Over all groups together it reads at most others
	// members besides the user itself, which is in every group's Membership. ErrNotFound.
	Roster(ctx context.Context, user UserID, others int) (Roster, error)
}

// How long the lists are that a login shows whole.
const (
	MaxFriends = 2000 // on one user's list
	MaxGroups  = 500  // that one user is in
)

// Friends keeps who is on whose list.
type Friends interface {
	// Befriend puts friend on user's list: one way. ErrNotFound, ErrExists, ErrFull.
	Befriend(ctx context.Context, user, friend UserID) (Peer, error)
	// Unfriend takes friend off user's list. ErrNotFound where it is not on it.
	Unfriend(ctx context.Context, user, friend UserID) error
	// Friends returns user's list, in the order they were added.
	Friends(ctx context.Context, user UserID) ([]Peer, error)
	// Watchers returns users who have user on their list and whom it does not block, in the order of
	// their ids, at most limit.
	Watchers(ctx context.Context, user UserID, limit int) ([]UserID, error)
	// Block refuses by's later direct messages to user; Unblock takes it back. Both may be repeated.
	// ErrNotFound where there is no such user.
	Block(ctx context.Context, user, by UserID) error
	Unblock(ctx context.Context, user, by UserID) error
}

// Groups keeps groups and who is in them. Every change of a membership locks the
// conversation, raises its version and stamps that on the member's row, so an Append
// comes wholly before it or wholly after it.
type Groups interface {
	// Found makes a group with its first member, the creator. key is the folded name and unique:
	// ErrExists. ErrFull.
	Found(ctx context.Context, creator UserID, name string, key []byte, desc string) (GroupID, error)
	// Join makes user a normal member who reads from the next message on, also when it was one
	// before. ErrNotFound, ErrExists, ErrForbidden for who is banned, or was not invited to a closed
	// group, ErrFull.
	Join(ctx context.Context, group GroupID, user UserID) (Membership, error)
	// Leave ends a membership: a leaving creator is followed by the longest-serving admin, else
	// member, whom it returns; the last one to leave ends the group. ErrNotFound, ErrForbidden where
	// user is no member.
	Leave(ctx context.Context, group GroupID, user UserID) (heir UserID, err error)
	// Kick ends user's membership on by's behalf, who is the creator, or an admin where user is a
	// normal member, and not user itself. ErrNotFound also where user is no member, ErrForbidden.
	Kick(ctx context.Context, group GroupID, by, user UserID) error
	// Ban keeps user from joining until Unban, and ends its membership if it has one, which it
	// tells. Who may is as in Kick; both may be repeated. ErrNotFound, ErrForbidden.
	Ban(ctx context.Context, group GroupID, by, user UserID) (was bool, err error)
	Unban(ctx context.Context, group GroupID, by, user UserID) error
	// Invite lets user join the group once while it is closed. by is the creator or an admin. May be
	// repeated. ErrNotFound, ErrForbidden, ErrExists where user is a member.
	Invite(ctx context.Context, group GroupID, by, user UserID) error
	// SetRole gives a member another role on behalf of the creator, who becomes an admin by making
	// somebody else the creator and cannot change its own role otherwise. ErrNotFound also where user
	// is no member, ErrForbidden.
	SetRole(ctx context.Context, group GroupID, by, user UserID, role Role) error
	// SetGroup changes the group on behalf of its creator or an admin. ErrNotFound, ErrForbidden,
	// ErrExists where the name is taken.
	SetGroup(ctx context.Context, group GroupID, by UserID, change GroupChange) error
	// Disband ends all memberships and the group, on behalf of its creator. It returns who was in it,
	// in order. ErrNotFound, ErrForbidden.
	Disband(ctx context.Context, group GroupID, by UserID) ([]UserID, error)
	// GroupsOf returns the groups that user is in, in the order of their ids, without Others. ErrNotFound.
	GroupsOf(ctx context.Context, user UserID) ([]Membership, error)
	// Roll returns members with ids above after in the order of their ids, at most limit, as reader
	// sees them. ErrNotFound, ErrForbidden where reader is no member.
	Roll(ctx context.Context, group GroupID, reader, after UserID, limit int) ([]Member, error)
	// Members returns the rows of the group that changed after version ver, the gone ones too,
	// in the order of their user ids.
	Members(ctx context.Context, group GroupID, ver uint64) ([]Member, error)
}

// Messages keeps every message for good.
type Messages interface {
	// Append stores a batch in one transaction and returns one Outcome a draft, in their order.
	// Those of one conversation get the next numbers in the order given, without a hole; what is
	// refused takes none. The same cid again, in this batch or any time after, has the Outcome of
	// the first with Dup set. Whether a sender may write is decided under the lock that the
	// numbers are taken under. When it returns nil all of it is flushed; on an error the fate of
	// each draft is unknown, and to Append it again is safe.
	Append(ctx context.Context, drafts []Draft) ([]Outcome, error)
	// Read returns the part of conv that span names, as far as user may read it. ErrNotFound where
	// there is no such group or user, ErrForbidden where user is not in the group. A direct conversation
	// in which nothing was written is empty.
	Read(ctx context.Context, user UserID, conv Conv, span Span) (Slice, error)
	// Backlog returns the oldest messages, at most limit, that user may read, did not write, but for
	// notes to oneself, and was not handed: above its delivered mark. Oldest first; within a
	// conversation in seq order.
	Backlog(ctx context.Context, user UserID, limit int) ([]Message, error)
	// Head returns a conversation's last seq, 0 where nothing was written yet.
	Head(ctx context.Context, conv Conv) (uint64, error)
	// Range returns the messages of conv after a seq, in seq order, at most limit, for those who hand
	// them on to whoever may read them.
	Range(ctx context.Context, conv Conv, after uint64, limit int) ([]Message, error)
	// Changed returns what changed within the last ago, by the store's own clock, at the least.
	Changed(ctx context.Context, ago time.Duration) (Changes, error)
}

// Marks keeps how far each user has come.
type Marks interface {
	// Mark moves marks forward, never back and never above the head. A mark of somebody who is not
	// in the conversation is ignored.
	Mark(ctx context.Context, marks []Mark) error
	// Convs returns the conversations above after that the user is in, in the order of Conv, at most
	// limit.
	Convs(ctx context.Context, user UserID, after Conv, limit int) ([]ConvState, error)
}

// ClosedName is the name of every account that was closed. It is none that an account may take.
const ClosedName = "(closed)"

// Tokens keeps the logins of devices. hash and next are SHA-256 hashes of secrets that are never stored.
type Tokens interface {
	// Issue makes a token for a device. Where device is not empty it takes the place of the token
	// that user's device of that name had; beyond MaxTokens the one that was used longest ago goes.
	// Where one goes Changed names the user. ErrNotFound.
	Issue(ctx context.Context, user UserID, device string, hash []byte, expires time.Time) (TokenID, error)
	// Redeem finds the token by its hash, or by that of its successor, which from then on is the only
	// hash it has, and makes next the successor's, which was made from seed. A Redeem by the same hash
	// again changes neither and returns the seed that counts: in whatever order they come, all are
	// told one successor, and a secret is good until that was used. ErrNotFound where there is none at
	// the time now, or the account was closed.
	Redeem(ctx context.Context, hash, next, seed []byte, now, expires time.Time) (Redeemed, error)
	// Tokens returns the user's tokens that have not expired at the time now, in the order of their ids.
	Tokens(ctx context.Context, user UserID, now time.Time) ([]Token, error)
	// Revoke ends a token. ErrNotFound where user has none with that id.
	Revoke(ctx context.Context, user UserID, id TokenID) error
}

// MaxTokens is how many tokens one user has at the most.
const MaxTokens = 64

// Redeemed is what a token logs in.
type Redeemed struct {
	User
	Token  TokenID
	Device string
	Seed   []byte // of the successor
}
