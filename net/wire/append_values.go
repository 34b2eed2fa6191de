package wire

import (
	"strconv"
	"time"
)

// What follows appends what comes before a value, and the value.

func appendInt(dst []byte, before string, n int64) []byte {
	return strconv.AppendInt(append(dst, before...), n, 10)
}

func appendSeq(dst []byte, before string, n uint64) []byte {
	return strconv.AppendUint(append(dst, before...), n, 10)
}

func appendText(dst []byte, before, s string) []byte {
	return appendString(append(dst, before...), s)
}

func appendTrue(dst []byte, before string, yes bool) []byte {
	if !yes {
		return dst
	}
	return append(append(dst, before...), "true"...)
}

// appendTime appends Unix milliseconds.
func appendTime(dst []byte, before string, t time.Time) []byte {
	return appendInt(dst, before, t.UnixMilli())
}

// appendWait appends milliseconds, rounded up.
func appendWait(dst []byte, before string, d time.Duration) []byte {
	return appendInt(dst, before, int64((d+time.Millisecond-1)/time.Millisecond))
}

func appendConv(dst []byte, before string, c Conv) []byte {
	dst = append(append(dst, before...), '"')
	return append(c.append(dst), '"')
}

func appendState(dst []byte, before string, online bool) []byte {
	if online {
		return appendText(dst, before, "online")
	}
	return appendText(dst, before, "offline")
}

func appendList[T any](dst []byte, before string, items []T, item func([]byte, T) []byte) []byte {
	dst = append(append(dst, before...), '[')
	for i := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, items[i])
	}
	return append(dst, ']')
}

// What follows appends nothing for a zero value: nothing is said then.

func maybeInt(dst []byte, before string, n int64) []byte {
	if n == 0 {
		return dst
	}
	return appendInt(dst, before, n)
}

func maybeSeq(dst []byte, before string, n uint64) []byte {
	if n == 0 {
		return dst
	}
	return appendSeq(dst, before, n)
}

func maybeText(dst []byte, before, s string) []byte {
	if s == "" {
		return dst
	}
	return appendText(dst, before, s)
}

func maybeTime(dst []byte, before string, t time.Time) []byte {
	if t.IsZero() {
		return dst
	}
	return appendTime(dst, before, t)
}

func maybeRaw[S ~string](dst []byte, before string, s S) []byte {
	if s == "" {
		return dst
	}
	return append(append(dst, before...), s...)
}
