package wire

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes holds how ASCII is written inside a string, empty where as it is.
var escapes = func() (table [utf8.RuneSelf]string) {
	for c := range ' ' {
		table[c] = `\u00` + strconv.FormatInt(int64(c)>>4, 16) + strconv.FormatInt(int64(c)&15, 16)
	}
	table['\b'], table['\f'], table['\n'], table['\r'], table['\t'] = `\b`, `\f`, `\n`, `\r`, `\t`
	table['"'], table['\\'] = `\"`, `\\`
	return table
}()

// appendString appends s as a JSON string.
func appendString[S ~string | ~[]byte](dst []byte, s S) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

// appendEscaped appends s as it stands inside a JSON string. What is no UTF-8 becomes U+FFFD.
func appendEscaped[S ~string | ~[]byte](dst []byte, s S) []byte {
	done := 0
	for i := 0; i < len(s); {
		escaped, size := "", 1
		if c := s[i]; c < utf8.RuneSelf {
			escaped = escapes[c]
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
			if r == utf8.RuneError {
				escaped = "\uFFFD"
			}
		}
		if escaped != "" {
			dst = append(append(dst, s[done:i]...), escaped...)
			done = i + size
		}
		i += size
	}
	return append(dst, s[done:]...)
}

// fit returns the longest start of s, in whole characters, that takes at most room bytes inside
// a JSON string.
func fit(s string, room int) string {
	for i, r := range s {
		size := utf8.RuneLen(r) // of U+FFFD where s is no UTF-8
		if r < utf8.RuneSelf {
			size = max(1, len(escapes[r]))
		}
		if room -= size; room < 0 {
			return s[:i]
		}
	}
	return s
}

// unquote returns what a valid JSON string says. It is not ok with half a surrogate pair, which
// no UTF-8 can say. Without escapes the result is part of quoted.
func unquote(quoted []byte) (text []byte, ok bool) {
	rest := quoted[1 : len(quoted)-1]
	i := bytes.IndexByte(rest, '\\')
	if i < 0 {
		return rest, true
	}
	text = make([]byte, 0, len(rest))
	for ; i >= 0; i = bytes.IndexByte(rest, '\\') {
		r, size := unescape(rest[i:])
		if r < 0 {
			return nil, false
		}
		text = utf8.AppendRune(append(text, rest[:i]...), r)
		rest = rest[i+size:]
	}
	return append(text, rest...), true
}

// unescape reads the valid escape that s starts with and returns its character, -1 for half a
// surrogate pair, and its length in bytes.
func unescape(s []byte) (r rune, size int) {
	switch s[1] {
	case 'u':
		return unescapeHex(s)
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	}
	return rune(s[1]), 2
}

// unescapeHex reads \uXXXX, or two of them that make a surrogate pair.
func unescapeHex(s []byte) (r rune, size int) {
	const one = len(`\uXXXX`)
	r = hex(s[2:one])
	if !utf16.IsSurrogate(r) {
		return r, one
	}
	if len(s) < 2*one || s[one] != '\\' || s[one+1] != 'u' {
		return -1, one
	}
	if r = utf16.DecodeRune(r, hex(s[one+2:2*one])); r == utf8.RuneError {
		return -1, one
	}
	return r, 2 * one
}

// hex reads four hexadecimal digits.
func hex(digits []byte) rune {
	n, _ := strconv.ParseUint(string(digits), 16, 32) // they were validated
	return rune(n)
}
