package wire

import (
	"bytes"
	"strconv"
)

// field is one key of an object and its value.
type field struct {
	key   []byte // unescaped
	value []byte // JSON, as it was sent
}

// fields are the top level of one object, in the order sent. Its methods read a field each and
// answer with the zero value where they find a fault.
type fields struct {
	list []field
	*verdict
}

// verdict keeps the first fault. It is apart from fields so that they never leave the stack.
type verdict struct{ fault *Fault }

func (v *verdict) fail(errno Errno, text string) {
	if v.fault == nil {
		v.fault = &Fault{Errno: errno, Text: text}
	}
}

// split appends the top level of an object, which is valid JSON, to list. A fault that closes
// comes with no fields.
func split(object []byte, list []field) ([]field, *Fault) {
	var odd *Fault
	for at := skipSpace(object, 1); object[at] != '}'; {
		keyEnd := stringEnd(object, at)
		colon := skipSpace(object, keyEnd)
		start := skipSpace(object, colon+1)
		end, deep := valueEnd(object, start)
		if deep != nil {
			return nil, deep
		}
		key, ok := unquote(object[at:keyEnd])
		if !ok {
			odd = &Fault{Errno: Malformed, Text: "a key must be valid UTF-8 once unescaped"}
		}
		list = append(list, field{key, object[start:end]})
		if at = skipSpace(object, end); object[at] == ',' {
			at = skipSpace(object, at+1)
		}
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

// skipSpace returns where the first byte at or after at stands that is no white space.
func skipSpace(object []byte, at int) int {
	for object[at] == ' ' || object[at] == '\n' || object[at] == '\t' || object[at] == '\r' {
		at++
	}
	return at
}

// stringEnd returns where the string that starts at at has ended.
func stringEnd(object []byte, at int) int {
	for at++; object[at] != '"'; at++ {
		if object[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// valueEnd returns where the value that starts at at has ended.
func valueEnd(object []byte, at int) (int, *Fault) {
	switch object[at] {
	case '"':
		return stringEnd(object, at), nil
	case '{', '[':
		inside := scanner{depth: 1} // in the object itself
		n, _, fault := inside.scan(object[at:], 1)
		return at + n, fault
	}
	for !endsScalar(object[at]) {
		at++
	}
	return at, nil
}

// endsScalar says whether c may come behind a number, true, false or null in an object.
func endsScalar(c byte) bool {
	return c == ',' || c == '}' || c == ' ' || c == '\n' || c == '\t' || c == '\r'
}

// get returns the value of a field, of the first one where it repeats, nil where there is none.
func (f *fields) get(name string) []byte {
	for i := range f.list {
		if string(f.list[i].key) == name {
			return f.list[i].value
		}
	}
	return nil
}

// integer reads a whole number from lo to hi.
func (f *fields) integer(name string, lo, hi int64) int64 {
	value := f.get(name)
	switch {
	case value == nil:
		f.fail(Invalid, name+" is missing")
		return 0
	case value[0] != '-' && (value[0] < '0' || value[0] > '9'):
		f.fail(Malformed, name+" must be an integer")
		return 0
	}
	n, err := strconv.ParseInt(string(value), 10, 64) // refuses a fraction and an exponent
	if err != nil || n < lo || n > hi {
		f.fail(Invalid, name+" must be an integer from "+strconv.FormatInt(lo, 10)+" to "+
			strconv.FormatInt(hi, 10)+", without fraction or exponent")
		return 0
	}
	return n
}

// text reads a string.
func (f *fields) text(name string) string {
	value := f.get(name)
	switch {
	case value == nil:
		f.fail(Invalid, name+" is missing")
		return ""
	case value[0] != '"':
		f.fail(Malformed, name+" must be a string")
		return ""
	}
	text, ok := unquote(value)
	if !ok {
		f.fail(Malformed, name+" must be valid UTF-8 once unescaped")
		return ""
	}
	return string(text)
}
