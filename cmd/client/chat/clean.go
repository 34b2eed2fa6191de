package chat

import (
	"strings"
	"unicode/utf8"
)

// Clean makes what others wrote harmless to a terminal, and visibly so. The result is valid
// UTF-8 of one line: a line break is shown as ⏎, so nobody can forge a line of somebody
// else's. All other text, emoji and scripts that run right to left among it, stays as it is.
func Clean(s string) string {
	return strings.Map(visible, strings.ReplaceAll(s, "\r\n", "\n"))
}

// cleanLines is Clean for a place that shows lines so that none can be taken for another's: line
// breaks stay, and a tab is as wide everywhere.
func cleanLines(s string) string {
	s = strings.ReplaceAll(s, "\t", "    ")
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\n")
}

// visible is r itself, or a picture of r where a terminal would obey it.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\u2028', r == '\u2029': // line feed, line and paragraph separator
		return '⏎'
	case r < ' ':
		return '\u2400' + r // the picture of each C0 control
	case r == 0x7f:
		return '\u2421' // the picture of DEL
	case 0x80 <= r && r <= 0x9f: // C1: escape sequences of one character
		return utf8.RuneError
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return utf8.RuneError // would turn around the text beside it
	}
	return r // also RuneError, which is what a broken byte reads as
}
