package wire

import (
	"slices"
	"strconv"
	"strings"
)

// fields are the top level of one object, in the order sent. Its methods read a field each and
// answer with the zero value where they find a fault.
type fields struct {
	list []field
	in   Dialect
	*verdict
}

// verdict keeps the first fault. It is apart from fields so that they never leave the stack.
type verdict struct{ fault *Fault }

func (v *verdict) fail(errno Errno, text string) {
	if v.fault == nil {
		v.fault = &Fault{Errno: errno, Text: text}
	}
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

func (f *fields) has(name string) bool { return f.get(name) != nil }

// only returns which one of the fields there is. Another number of them than one is a fault.
func (f *fields) only(names ...string) (found string) {
	for _, name := range names {
		switch {
		case !f.has(name):
		case found != "":
			f.fail(Invalid, "send only one of "+strings.Join(names, ", "))
		default:
			found = name
		}
	}
	if found == "" {
		f.fail(Invalid, "send one of "+strings.Join(names, ", "))
	}
	return found
}

// integer reads a whole number from lo to hi.
func (f *fields) integer(name string, lo, hi int64) int64 {
	value := f.get(name)
	switch {
	case value == nil:
		f.fail(Invalid, name+" is missing")
		return 0
	case value[0] != '-' && !isDigit(value[0]):
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

// optional reads an integer that may be missing: it is 0 then.
func (f *fields) optional(name string, lo, hi int64) int64 {
	if !f.has(name) {
		return 0
	}
	return f.integer(name, lo, hi)
}

// flag reads a boolean, false where it is missing.
func (f *fields) flag(name string) bool {
	value := f.get(name)
	if value != nil && value[0] != 't' && value[0] != 'f' {
		f.fail(Malformed, name+" must be true or false")
	}
	return value != nil && value[0] == 't'
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

// filled reads a string that is not empty.
func (f *fields) filled(name string) string {
	text := f.text(name)
	if text == "" {
		f.fail(Invalid, name+" must not be empty")
	}
	return text
}

// sized reads a string of lo..hi bytes.
func (f *fields) sized(name string, lo, hi int) string {
	text := f.text(name)
	if len(text) < lo || len(text) > hi {
		f.fail(Invalid, name+" must have "+strconv.Itoa(lo)+" to "+strconv.Itoa(hi)+" bytes")
	}
	return text
}

// word reads a string that is one of some.
func (f *fields) word(name string, words ...string) string {
	text := f.text(name)
	if !slices.Contains(words, text) {
		f.fail(Invalid, name+" must be "+strings.Join(words, " or "))
	}
	return text
}

// optionalText reads a string that may be missing: it is empty then.
func (f *fields) optionalText(name string) string {
	if !f.has(name) {
		return ""
	}
	return f.text(name)
}

// pointer reads a string that may be missing: it is nil then.
func (f *fields) pointer(name string) *string {
	if !f.has(name) {
		return nil
	}
	text := f.text(name)
	return &text
}
