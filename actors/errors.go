package actors

import (
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

// errnos maps the errors that tell a client what is wrong; with any other its request is Unavailable.
var errnos = map[error]wire.Errno{
	persistence.ErrNotFound:  wire.NotFound,
	persistence.ErrExists:    wire.Exists,
	persistence.ErrForbidden: wire.Forbidden,
	persistence.ErrConflict:  wire.Conflict,
	errBusy:                  wire.SlowDown,
	errDenied:                wire.Denied,
	errInUse:                 wire.InUse,
}

// retry is what clients are told to wait where trying again helps.
const retry = time.Second

// fault tells the sender of req why it failed.
func fault(req wire.Request, err error) *wire.Fault {
	var f *wire.Fault
	if errors.As(err, &f) {
		return f
	}
	errno := wire.Unavailable
	for known, e := range errnos {
		if errors.Is(err, known) {
			errno = e
		}
	}
	if _, ok := req.(wire.Reg); ok && errno == wire.Exists {
		errno = wire.Denied // the published protocol has one errno for every name that will not do
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
		return "id or password is invalid!"
	case wire.InUse:
		return "this account is using, input another!"
	case wire.SlowDown:
		return "too much at once, try again in a moment"
	case wire.Unavailable:
		return "the server cannot tell whether this was done, try again in a moment"
	case wire.Conflict:
		return "this cid was used for another message, take a new one"
	}
	switch req := req.(type) {
	case wire.OneChat:
		return pick(errno, fmt.Sprintf("there is no user %d", req.To), "", fmt.Sprintf("user %d does not take messages from you", req.To))
	case wire.AddFriend:
		return pick(errno, fmt.Sprintf("there is no user %d", req.Friend), fmt.Sprintf("user %d is on your list already", req.Friend), "")
	case wire.CreateGroup:
		return pick(errno, "", "this group name is taken, choose another", "")
	case wire.AddGroup:
		return pick(errno, fmt.Sprintf("there is no group %d", req.Group), fmt.Sprintf("you are in group %d already", req.Group), "")
	case wire.GroupChat:
		return pick(errno, fmt.Sprintf("there is no group %d", req.Group), "", fmt.Sprintf("you are not in group %d, join it first", req.Group))
	}
	return errno.String()
}

func pick(errno wire.Errno, notFound, exists, forbidden string) string {
	switch errno {
	case wire.NotFound:
		return notFound
	case wire.Exists:
		return exists
	}
	return forbidden
}
