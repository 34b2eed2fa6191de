package wire

import (
	"math"
	"strconv"
)

// What follows reads the fields that several messages have.

func (f *fields) msgid() MsgID { return MsgID(f.integer("msgid", math.MinInt, math.MaxInt)) }

func (f *fields) user(name string) int64 { return f.integer(name, 1, MaxID) }

func (f *fields) group() int64 { return f.integer("groupid", 1, MaxGroupID) }

func (f *fields) seq(name string) uint64 { return uint64(f.integer(name, 0, MaxSeq)) }

// optionalSeq is 0 where the field is missing.
func (f *fields) optionalSeq(name string, lo int64) uint64 {
	return uint64(f.optional(name, lo, MaxSeq))
}

func (f *fields) conv(name string) Conv {
	conv, ok := ParseConv(f.text(name))
	if !ok {
		f.fail(Invalid, name+` must be "u:" with the id of a user or "g:" with that of a group`)
	}
	return conv
}

// rid is what the sender knows the reply by, "" where it sent none or a faulty one.
func (f *fields) rid() RID {
	value := f.get("rid")
	if value == nil {
		return ""
	}
	if !isRID(value) {
		f.fail(Invalid, "rid must be a string of at most "+strconv.Itoa(MaxRID)+" bytes or an integer")
		return ""
	}
	return RID(value)
}

func isRID(value []byte) bool {
	if value[0] == '"' {
		text, ok := unquote(value)
		return ok && len(text) <= MaxRID
	}
	_, err := strconv.ParseInt(string(value), 10, 64)
	return err == nil
}

// t is what PING carries to see it again, "" where that is nothing.
func (f *fields) t() RawJSON {
	value := f.get("t")
	switch {
	case value == nil:
	case value[0] == '{' || value[0] == '[':
		f.fail(Malformed, "t must be no object and no array")
	case len(value) > MaxPing:
		f.fail(Invalid, "t may have "+strconv.Itoa(MaxPing)+" bytes")
	}
	return RawJSON(value)
}
