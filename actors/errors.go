package actors

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// What goes wrong here rather than in the store.
var (
	errBusy    = errors.New("a bound is reached")
	errOverdue = errors.New("no answer in time")
	errGone    = errors.New("the session is not attached")
	errLost    = errors.New("the store actor died")
	errDenied  = errors.New("wrong id or password")
	errInUse   = errors.New("logged in elsewhere")
)

// errnos are the errors that tell a client what is wrong; with any other its request is Unavailable. Of an error that
// is several of them the first in this order counts: who is denied is told so, whatever else failed.
var errnos = []struct {
	err   error
	errno wire.Errno
}{
	{errDenied, wire.Denied},
	{errInUse, wire.InUse},
	{errBusy, wire.SlowDown},
	{persistence.ErrNotFound, wire.NotFound},
	{persistence.ErrExists, wire.Exists},
	{persistence.ErrForbidden, wire.Forbidden},
	{persistence.ErrConflict, wire.Conflict},
	{persistence.ErrFull, wire.TooLarge},
}

// errnoOf is what tells a client of err. Unavailable leaves open what was done.
func errnoOf(err error) wire.Errno {
	for _, known := range errnos {
		if errors.Is(err, known.err) {
			return known.errno
		}
	}
	return wire.Unavailable
}

// isNotFound says that the store has no such thing.
func isNotFound(err error) bool { return errors.Is(err, persistence.ErrNotFound) }

// retry is what clients are told to wait where trying again helps.
const retry = time.Second

// fault tells the sender of req why it failed.
func fault(req wire.Request, err error) *wire.Fault {
	var f *wire.Fault
	if errors.As(err, &f) {
		return f
	}
	errno := errnoOf(err)
	switch req.(type) {
	case wire.Reg:
		if errno == wire.Exists {
			errno = wire.Denied // the published protocol has one errno for every name that will not do
		}
	case wire.Login:
		if errno == wire.NotFound {
			errno = wire.Denied // it does not say which of what it was given is wrong
		}
	}
	f = &wire.Fault{Errno: errno, Text: explain(req, errno)}
	if errno == wire.SlowDown || errno == wire.Unavailable {
		f.Retry = retry
	}
	return f
}

// explain is the sentence for errno in answer to req. Two are the original's own words.
func explain(req wire.Request, errno wire.Errno) string {
	switch errno {
	case wire.Denied:
		if _, ok := req.(wire.Reg); ok {
			return "this name is taken, choose another"
		}
		if _, ok := req.(wire.Login); !ok {
			return "this is not your password"
		}
		return "id or password is invalid!"
	case wire.InUse:
		return "this account is using, input another!"
	case wire.SlowDown:
		return "too much at once, try again in a moment"
	case wire.Unavailable:
		return "the server cannot tell whether this was done, try again in a moment"
	case wire.Conflict:
		return "this cid was used for another message, take a new one"
	case wire.TooLarge:
		if _, ok := req.(wire.AddFriend); ok {
			return "your list is full, take somebody off it first"
		}
		return "you are in as many groups as one may be, leave one first"
	}
	return why(req, errno)
}

// why says what NotFound, Exists and Forbidden mean in answer to req.
func why(req wire.Request, errno wire.Errno) string {
	var about words
	switch req := req.(type) {
	case wire.OneChat:
		about = words{noUser(req.To), "", fmt.Sprintf("user %d does not take messages from you", req.To)}
	case wire.GroupChat:
		about = words{noGroup(req.Group), "", fmt.Sprintf("you are not in group %d, join it first", req.Group)}
	case wire.AddFriend:
		about = words{noUser(req.Friend), fmt.Sprintf("user %d is on your list already", req.Friend), ""}
	case wire.DelFriend:
		about = words{fmt.Sprintf("user %d is not on your list", req.Friend), "", ""}
	case wire.CreateGroup:
		about = words{"", "this group name is taken, choose another", ""}
	case wire.AddGroup:
		about = words{noGroup(req.Group), fmt.Sprintf("you are in group %d already", req.Group),
			fmt.Sprintf("group %d does not admit you, ask one of its admins to invite you", req.Group)}
	case wire.LeaveGroup:
		about = words{noGroup(req.Group), "", fmt.Sprintf("you are not in group %d", req.Group)}
	case wire.Members:
		about = words{noGroup(req.Group), "", fmt.Sprintf("only members of group %d see who is in it, join it first", req.Group)}
	case wire.Kick:
		about = words{noMember(req.User, req.Group), "", notAllowed(req.Group)}
	case wire.Ban:
		about = words{noneOf(req.User, req.Group), "", notAllowed(req.Group)}
	case wire.Unban:
		about = words{noneOf(req.User, req.Group), "", notAllowed(req.Group)}
	case wire.Invite:
		about = words{noneOf(req.User, req.Group), fmt.Sprintf("user %d is in group %d already", req.User, req.Group), notAllowed(req.Group)}
	case wire.SetRole:
		about = words{noMember(req.User, req.Group), "", notAllowed(req.Group)}
	case wire.GroupSet:
		about = words{noGroup(req.Group), "this group name is taken, choose another", notAllowed(req.Group)}
	case wire.Lookup, wire.Block, wire.Unblock:
		about = words{"there is no such user", "", ""}
	case wire.Sync, wire.Mark, wire.Typing:
		about = words{"there is no such conversation", "", "you are not in this group, join it first"}
	case wire.Revoke:
		about = words{"you have no such token, TOKENS lists those there are", "", ""}
	}
	return cmp.Or(about.of(errno), errno.String())
}

// words say what three errnos mean for one kind of request.
type words struct{ notFound, exists, forbidden string }

func (w words) of(errno wire.Errno) string {
	switch errno {
	case wire.NotFound:
		return w.notFound
	case wire.Exists:
		return w.exists
	case wire.Forbidden:
		return w.forbidden
	}
	return ""
}

func noUser(id int64) string  { return fmt.Sprintf("there is no user %d", id) }
func noGroup(id int64) string { return fmt.Sprintf("there is no group %d", id) }

func noMember(user, group int64) string {
	return fmt.Sprintf("there is no group %d, or no user %d in it", group, user)
}

// noneOf is for what is done to somebody who need not be a member.
func noneOf(user, group int64) string {
	return fmt.Sprintf("there is no group %d, or no user %d", group, user)
}

func notAllowed(group int64) string {
	return fmt.Sprintf("your role in group %d does not allow this", group)
}
