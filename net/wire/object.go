package wire

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// field is one key of an object and its value.
type field struct {
	key   []byte // unescaped
	value []byte // JSON, as it was sent
}

// split appends the top level of an object, with or without white space around it, to list. A
// fault that closes comes with no fields.
func split(object []byte, list []field) ([]field, *Fault) {
	if !utf8.Valid(object) {
		return nil, broken("send UTF-8")
	}
	var odd *Fault
	c := cursor{b: object}
	c.space()
	for more := c.open('{', '}', MaxDepth); more; more = c.next('}') {
		quoted, value := c.member(MaxDepth)
		if c.bad {
			break
		}
		key, ok := unquote(quoted)
		if !ok {
			odd = &Fault{Errno: Malformed, Text: "a key must be valid UTF-8 once unescaped"}
		}
		list = append(list, field{key, value})
	}
	c.space()
	if c.bad || c.at < len(object) {
		return nil, broken("send JSON objects, nested at most " + strconv.Itoa(MaxDepth) + " deep")
	}
	if odd == nil && repeats(list) {
		odd = &Fault{Errno: Malformed, Text: "send each key once"}
	}
	return list, odd
}

// repeats says whether two fields have the same key. A client may send ten thousand keys.
func repeats(list []field) bool {
	const few = 16
	if len(list) > few {
		seen := make(map[string]bool, len(list))
		for _, f := range list {
			seen[string(f.key)] = true
		}
		return len(seen) < len(list)
	}
	for i := range list {
		for j := range i {
			if bytes.Equal(list[i].key, list[j].key) {
				return true
			}
		}
	}
	return false
}
