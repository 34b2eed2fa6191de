package wire

import (
	"errors"
	"strconv"
)

// Conv names a conversation from the session's own side: "u:42" is the direct one with user 42,
// "g:7" that of group 7. The zero Conv is none.
type Conv struct {
	Group bool
	ID    int64 // a user's, or where Group is set a group's
}

// WithUser is the direct conversation with a user.
func WithUser(id int64) Conv { return Conv{false, id} }

// InGroup is the conversation of a group.
func InGroup(id int64) Conv { return Conv{true, id} }

// ParseConv reads what String writes. It is not ok with anything else: one conversation has one
// name. Nor is it with none.
func ParseConv(s string) (c Conv, ok bool) {
	if len(s) < len("u:1") || s[1] != ':' || s[2] < '1' || s[2] > '9' {
		return Conv{}, false
	}
	id, err := strconv.ParseInt(s[2:], 10, 64)
	switch {
	case err != nil:
	case s[0] == 'u' && id <= MaxID:
		return WithUser(id), true
	case s[0] == 'g' && id <= MaxGroupID:
		return InGroup(id), true
	}
	return Conv{}, false
}

// String is the conversation as the wire has it, "" for none.
func (c Conv) String() string { return string(c.append(nil)) }

func (c Conv) append(dst []byte) []byte {
	switch {
	case c == Conv{}:
		return dst
	case c.Group:
		dst = append(dst, "g:"...)
	default:
		dst = append(dst, "u:"...)
	}
	return strconv.AppendInt(dst, c.ID, 10)
}

// MarshalText is String, for encoding/json and flags.
func (c Conv) MarshalText() ([]byte, error) { return c.append(nil), nil }

// UnmarshalText is ParseConv.
func (c *Conv) UnmarshalText(text []byte) error {
	conv, ok := ParseConv(string(text))
	if !ok {
		return errors.New(`a conversation is "u:" with the id of a user or "g:" with that of a group`)
	}
	*c = conv
	return nil
}
