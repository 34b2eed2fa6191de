package chat

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// look is how parts of the screen stand out. It has the terminal's own sixteen colours, so it
// suits light and dark ones, and nothing is told by colour alone.
type look struct {
	bar, current, unread, alert, faint, hit lipgloss.Style
	names                                   []lipgloss.Style
}

func newLook() look {
	plain := lipgloss.NewStyle()
	l := look{
		bar:     plain.Reverse(true),
		current: plain.Reverse(true),
		unread:  plain.Bold(true),
		alert:   plain.Foreground(lipgloss.Red).Bold(true),
		faint:   plain.Faint(true),
		hit:     plain.Reverse(true),
	}
	for _, c := range []ansi.BasicColor{lipgloss.Cyan, lipgloss.Green, lipgloss.Magenta, lipgloss.Blue, lipgloss.Yellow} {
		l.names = append(l.names, plain.Foreground(c).Bold(true))
	}
	return l
}

// name is the style of a user's name, always the same one.
func (l look) name(id int64) lipgloss.Style { return l.names[id%int64(len(l.names))] }

// fit makes a text exactly width cells wide.
func fit(m ansi.Method, text string, width int) string {
	text = m.Truncate(text, max(0, width), "…")
	return text + strings.Repeat(" ", max(0, width-m.StringWidth(text)))
}

// ends puts one text at the left and one at the right end of width cells; the left one gives way.
func ends(m ansi.Method, left, right string, width int) string {
	right = m.Truncate(right, width, "…")
	return fit(m, left, width-m.StringWidth(right)) + right
}
