package wire

import (
	"strconv"
	"time"
)

// Errno says why a request failed.
type Errno int

// The errnos of the protocol. 1 and 2 are the original's.
const (
	OK          Errno = 0
	Denied      Errno = 1   // LOGIN: wrong id or password, never which. REG: name taken or not allowed
	InUse       Errno = 2   // login policy refuses another session
	Malformed   Errno = 100 // not a JSON object, bad type, bad UTF-8, too deep
	Unknown     Errno = 101 // no such msgid
	LoginFirst  Errno = 102
	Invalid     Errno = 103 // a field is missing or out of range; errmsg names it
	NotFound    Errno = 104 // no such user, group, conversation
	Exists      Errno = 105 // already a friend, already a member, group name taken, logged in already
	Forbidden   Errno = 106 // not a member, blocked, not allowed for this role
	Conflict    Errno = 107 // cid reused for something else
	TooLarge    Errno = 108
	SlowDown    Errno = 109 // rate limited; retry_ms
	Unavailable Errno = 110 // a part behind the node is down; nothing was stored or its fate is unknown; retry_ms
	Version     Errno = 111 // protocol version not served
	NotYou      Errno = 112 // id is not the session's
)

// String is the errno's name, as logs and metrics show it.
func (e Errno) String() string {
	switch e {
	case OK:
		return "OK"
	case Denied:
		return "DENIED"
	case InUse:
		return "IN_USE"
	case Malformed:
		return "MALFORMED"
	case Unknown:
		return "UNKNOWN"
	case LoginFirst:
		return "LOGIN_FIRST"
	case Invalid:
		return "INVALID"
	case NotFound:
		return "NOT_FOUND"
	case Exists:
		return "EXISTS"
	case Forbidden:
		return "FORBIDDEN"
	case Conflict:
		return "CONFLICT"
	case TooLarge:
		return "TOO_LARGE"
	case SlowDown:
		return "SLOW_DOWN"
	case Unavailable:
		return "UNAVAILABLE"
	case Version:
		return "VERSION"
	case NotYou:
		return "NOT_YOU"
	}
	return strconv.Itoa(int(e))
}

// Fault is a request's failure as the client is told of it. Text is a sentence that says what to do.
type Fault struct {
	Errno Errno
	Text  string
	Retry time.Duration // when trying again helps; 0: no word of it
	Close Reason        // why the connection has to close after it; empty: it lives on
}

func (f *Fault) Error() string { return f.Errno.String() + ": " + f.Text }
