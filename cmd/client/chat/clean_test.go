package chat

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanShowsWhatATerminalWouldObey(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain text stays":              {"hello, it's 5°", "hello, it's 5°"},
		"scripts and emoji stay":        {"你好 שלום مرحبا 👩‍👩‍👧", "你好 שלום مرحبا 👩‍👩‍👧"},
		"clear screen":                  {"\x1b[2Jhi", "␛[2Jhi"},
		"window title":                  {"\x1b]0;root\x07", "␛]0;root␇"},
		"the same in C1":                {"\u009b2J\u009d0;x\u009c", "�2J�0;x�"},
		"C1 as a bare byte":             {"\x9b2J", "�2J"},
		"overwriting what stands there": {"bob\rann\b\b\bhi", "bob␍ann␈␈␈hi"},
		"null and delete":               {"\x00\x7f", "␀␡"},
		"a tab":                         {"a\tb", "a␉b"},
		"lines":                         {"a\nb\r\nc\u2028d\u2029e", "a⏎b⏎c⏎d⏎e"},
		"overrides":                     {"\u202egnp.exe\u202c \u2066x\u2069", "�gnp.exe� �x�"},
		"broken UTF-8":                  {"a\xff\xe4\xbdb", "a���b"},
		"nothing":                       {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := Clean(c.in)

			if got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func FuzzCleanLeavesNothingToObey(f *testing.F) {
	for _, seed := range []string{"hi", "\x1b[31m", "\u009b", "\xff", "a\r\nb", "\u202e", "👩‍👩‍👧"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)

		if !utf8.ValidString(got) {
			t.Errorf("Clean(%q) = %q is not UTF-8", s, got)
		}
		if i := strings.IndexFunc(got, obeyed); i >= 0 {
			t.Errorf("Clean(%q) = %q: at byte %d stands what a terminal obeys", s, got, i)
		}
		if again := Clean(got); again != got {
			t.Errorf("Clean(%q) = %q, and clean of that is %q", s, got, again)
		}
		if utf8.ValidString(s) && strings.IndexFunc(s, obeyed) < 0 && got != s {
			t.Errorf("Clean(%q) = %q, though it was harmless", s, got)
		}
	})
}

// obeyed says by Unicode's own tables what clean says by ranges.
func obeyed(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) ||
		unicode.In(r, unicode.Bidi_Control) && r != '\u061c' && r != '\u200e' && r != '\u200f' // those three are marks
}
