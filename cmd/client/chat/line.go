package chat

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// line is a text being typed, cut in two at the cursor. It is edited by what a reader takes for
// one character, however many code points that has.
type line struct{ before, after string }

func (l line) text() string { return l.before + l.after }

// insert puts text in at the cursor. Of control characters only line breaks stay.
func (l *line) insert(text string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(text)
	l.before += strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}

// The moves of the cursor.
func (l *line) left() {
	c := lastCharacter(l.before)
	l.before, l.after = strings.TrimSuffix(l.before, c), c+l.after
}

func (l *line) right() {
	c := firstCharacter(l.after)
	l.before, l.after = l.before+c, strings.TrimPrefix(l.after, c)
}

func (l *line) home() { l.before, l.after = "", l.text() }
func (l *line) end()  { l.before, l.after = l.text(), "" }

func (l *line) wordLeft() {
	word := lastWord(l.before)
	l.before, l.after = strings.TrimSuffix(l.before, word), word+l.after
}

func (l *line) wordRight() {
	word := firstWord(l.after)
	l.before, l.after = l.before+word, strings.TrimPrefix(l.after, word)
}

// What deletes.
func (l *line) backspace()  { l.before = strings.TrimSuffix(l.before, lastCharacter(l.before)) }
func (l *line) remove()     { l.after = strings.TrimPrefix(l.after, firstCharacter(l.after)) }
func (l *line) removeWord() { l.before = strings.TrimSuffix(l.before, lastWord(l.before)) }
func (l *line) removeHead() { l.before = "" }
func (l *line) removeTail() { l.after = "" }

// rows lays the text out in rows of width cells, and says where the cursor is.
func (l line) rows(m ansi.Method, width int) (rows []string, x, y int) {
	row, used := "", 0
	flow := func(text string) {
		for text != "" {
			c, cells := ansi.FirstGraphemeCluster(text, m)
			text = text[len(c):]
			if c == "\n" || used+cells > width {
				rows, row, used = append(rows, row), "", 0
			}
			if c != "\n" {
				row, used = row+c, used+cells
			}
		}
	}
	flow(l.before)
	if used >= width {
		rows, row, used = append(rows, row), "", 0
	}
	x, y = used, len(rows)
	flow(l.after)
	return append(rows, row), x, y
}

// firstCharacter is what a reader takes for the first character of s.
func firstCharacter(s string) string {
	c, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return c
}

func lastCharacter(s string) (last string) {
	for s != "" {
		last = firstCharacter(s)
		s = s[len(last):]
	}
	return last
}

// lastWord is the last word of s with what follows it.
func lastWord(s string) string {
	words := strings.TrimRightFunc(s, unicode.IsSpace)
	return s[strings.LastIndexFunc(words, unicode.IsSpace)+1:]
}

// firstWord is the first word of s with what comes before it.
func firstWord(s string) string {
	lead := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	if end := strings.IndexFunc(s[lead:], unicode.IsSpace); end >= 0 {
		return s[:lead+end]
	}
	return s
}

// remembered is how many lines Up brings back.
const remembered = 200

// past is what was typed before, for Up and Down.
type past struct {
	lines []string
	at    int    // which one is shown; len(lines): the draft
	draft string // what was being typed before Up
}

// keep remembers a line, once where it is repeated.
func (p *past) keep(text string) {
	if n := len(p.lines); n == 0 || p.lines[n-1] != text {
		p.lines = append(p.lines, text)
	}
	p.lines = p.lines[max(0, len(p.lines)-remembered):]
	p.at = len(p.lines)
}

// up and down return what to show in the place of now.
func (p *past) up(now string) string {
	if p.at == len(p.lines) {
		p.draft = now
	}
	p.at = max(0, p.at-1)
	return p.shown()
}

func (p *past) down(now string) string {
	if p.at == len(p.lines) {
		return now
	}
	p.at++
	return p.shown()
}

func (p *past) shown() string {
	if p.at == len(p.lines) {
		return p.draft
	}
	return p.lines[p.at]
}
