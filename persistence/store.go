package persistence

import (
	"context"
	"errors"
	"time"
)

// What a store refuses. All others are faults of the store itself: nothing was
// stored, or its fate is unknown.
var (
	ErrNotFound  = errors.New("not found")            // no such user, group or conversation
	ErrExists    = errors.New("exists already")       // name taken, friend or member already
	ErrForbidden = errors.New("not allowed")          // not a member, blocked
	ErrConflict  = errors.New("cid stands elsewhere") // cid used for another body or conversation
)

// Store is the truth. Its methods may be called from any goroutine, block until they are
// done, and end early with the context's error when its time is up.
type Store interface {
	Users
	Friends
	Groups
	Messages
	Marks
	Ping(ctx context.Context) error // nil: a write could be made now
	Close() error
}

// Users keeps the accounts.
type Users interface {
	// Register makes an account. key is the folded name and unique: ErrExists.
	Register(ctx context.Context, name string, key []byte, hash string) (UserID, error)
	// Credentials returns what a login of id is checked against, or ErrNotFound.
	Credentials(ctx context.Context, id UserID) (Credentials, error)
	// Roster reads what user sees at login. Over all groups together it reads at most others
	// members besides the user itself, which is in every group's Membership. ErrNotFound.
	Roster(ctx context.Context, user UserID, others int) (Roster, error)
}

// Friends keeps who is on whose list.
type Friends interface {
	// Befriend puts friend on user's list: one way. ErrNotFound, ErrExists.
	Befriend(ctx context.Context, user, friend UserID) (User, error)
	// Block refuses by's later direct messages to user; Unblock takes it back. Both may be repeated.
	// ErrNotFound where there is no such user.
	Block(ctx context.Context, user, by UserID) error
	Unblock(ctx context.Context, user, by UserID) error
}

// Groups keeps groups and who is in them. Every change of a membership locks the
// conversation, raises its version and stamps that on the member's row, so an Append
// comes wholly before it or wholly after it.
type Groups interface {
	// Found makes a group with its first member, the creator. key is the folded name and unique: ErrExists.
	Found(ctx context.Context, creator UserID, name string, key []byte, desc string) (GroupID, error)
	// Join makes user a normal member who reads from the next message on, also when it was one
	// before. ErrNotFound, ErrExists.
	Join(ctx context.Context, group GroupID, user UserID) (Member, error)
	// Leave ends a membership: a leaving creator is followed by the longest-serving admin, else
	// member. ErrNotFound, ErrForbidden where user is no member.
	Leave(ctx context.Context, group GroupID, user UserID) error
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
	// History returns at most limit messages of conv after seq, in seq order.
	History(ctx context.Context, conv Conv, after uint64, limit int) ([]Message, error)
	// Backlog returns the oldest messages, at most limit, that user may read, did not write, but for
	// notes to oneself, and was not handed: above its delivered mark. Oldest first; within a
	// conversation in seq order.
	Backlog(ctx context.Context, user UserID, limit int) ([]Message, error)
	// Head returns a conversation's last seq, 0 where nothing was written yet.
	Head(ctx context.Context, conv Conv) (uint64, error)
	// Changed returns the heads of all conversations with a message stored since.
	Changed(ctx context.Context, since time.Time) ([]Head, error)
}

// Marks keeps how far each user has come.
type Marks interface {
	// Mark moves marks forward, never back and never above the head. A mark of somebody who is not
	// in the conversation is ignored.
	Mark(ctx context.Context, marks []Mark) error
	// Convs returns every conversation the user is in, in the order of Conv.
	Convs(ctx context.Context, user UserID) ([]ConvState, error)
}
