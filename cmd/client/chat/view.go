package chat

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// The sizes of the screen's parts, in cells.
const (
	narrow   = 50 // a screen below that has no list
	low      = 8  // a screen below that has no title
	listMost = 24 // a list is a quarter of the screen and at most this
	typeMost = 5  // lines that are shown of what is being typed
)

// View draws the screen.
func (u *screen) View() tea.View {
	typing, x, y := u.typingLines()
	height := u.bodyHeight(len(typing))
	var lines []string
	if u.height >= low {
		lines = append(lines, u.look.bar.Render(u.title()))
	}
	lines = append(lines, u.body(height)...)
	lines = append(lines, u.status())
	y += len(lines)
	lines = append(lines, typing...)
	view := tea.NewView(strings.Join(lines, "\n"))
	view.AltScreen = true
	view.ReportFocus = true
	view.Cursor = tea.NewCursor(x, y)
	return view
}

// bodyHeight is what list and history have of the screen.
func (u *screen) bodyHeight(typing int) int {
	height := u.height - 1 - typing
	if u.height >= low {
		height--
	}
	return max(0, height)
}

func (u *screen) listWidth() int {
	if u.width < narrow {
		return 0
	}
	return min(u.width/4, listMost)
}

func (u *screen) historyWidth() int {
	if list := u.listWidth(); list > 0 {
		return u.width - list - 1
	}
	return u.width
}

// page is how far a page key goes: all but one line.
func (u *screen) page() int {
	typing, _, _ := u.typingLines()
	return max(1, u.bodyHeight(len(typing))-1)
}

// body is the list beside the history.
func (u *screen) body(height int) []string {
	lines := u.visible(u.historyWidth(), height)
	width := u.listWidth()
	if width == 0 {
		return lines
	}
	for n, entry := range u.list(width, height) {
		lines[n] = entry + u.look.faint.Render("│") + lines[n]
	}
	return lines
}

// list is the part of the list of conversations around the one that is shown.
func (u *screen) list(width, height int) []string {
	list := u.shell.listed()
	first := min(max(0, u.place(list)-height/2), max(0, len(list)-height))
	lines := make([]string, height)
	for row := range lines {
		lines[row] = strings.Repeat(" ", width)
		if n := first + row; n < len(list) {
			lines[row] = u.entry(list[n], n, width)
		}
	}
	return lines
}

// entry is a conversation in the list: the number that Alt takes, the name, who is online, and
// how much is unread.
func (u *screen) entry(c *conversation, n, width int) string {
	left := "  "
	if 1 <= n && n <= 9 {
		left = fmt.Sprintf("%d ", n)
	}
	left += u.shell.book.title(c.Conv)
	if p := u.shell.book.people[c.Conv.ID]; !c.Conv.Group && p.friend && p.Online {
		left += " ●"
	}
	unread, right := c.unread(), " "
	if unread > 0 {
		right = fmt.Sprintf(" %d ", unread)
	}
	text := ends(u.cells, left, right, width)
	switch {
	case c.Conv == u.shell.current:
		return u.look.current.Render(text)
	case unread > 0:
		return u.look.unread.Render(text)
	}
	return text
}

// title says which conversation is shown, and who one is.
func (u *screen) title() string {
	s, conv := u.shell, u.shell.current
	left := " " + s.book.title(conv)
	switch group := s.book.groups[conv.ID]; {
	case conv.Group:
		left += fmt.Sprintf(" [%d]  %s", conv.ID, Clean(group.Desc))
	case conv != console && s.book.people[conv.ID].friend: // of others no presence is told
		left += fmt.Sprintf(" [%d] %s", conv.ID, state(s.book.people[conv.ID].Online))
	case conv != console:
		left += fmt.Sprintf(" [%d]", conv.ID)
	}
	right := "not logged in "
	if s.me.ID != 0 {
		right = who(s.me.Name, s.me.ID) + " "
	}
	return ends(u.cells, left, right, u.width)
}

// status is one line: what matters most now at the left, what waits at the right.
func (u *screen) status() string {
	var waits []string
	if n := u.shell.waiting(); n > 0 && !u.shell.online {
		waits = append(waits, counted(n, "message waits", "messages wait")+" to be sent")
	}
	if n := u.unreadElsewhere(); n > 0 {
		waits = append(waits, fmt.Sprintf("%d unread (Alt-A)", n))
	}
	now, style := u.now(), u.look.faint
	if u.warned || u.shell.session != nil && !u.shell.online {
		style = u.look.alert
	}
	return style.Render(ends(u.cells, " "+now, strings.Join(waits, ", ")+" ", u.width))
}

// now is what matters most at this moment.
func (u *screen) now() string {
	s := u.shell
	switch typers := s.typers(s.here()); {
	case u.warned:
		return "Ctrl-C once more leaves"
	case u.completion != nil:
		return strings.Join(u.completion.candidates[u.completion.at:], "  ")
	case s.session == nil:
		return "not logged in: /login NAME, or /register NAME"
	case !s.online && !s.retry.IsZero():
		return fmt.Sprintf("reconnecting in %v s…", math.Ceil(max(0, s.retry.Sub(s.now())).Seconds()))
	case !s.online:
		return "connecting to " + Clean(s.dialled) + "…"
	case u.bottom != nil:
		return "scrolled back: PgDn or Esc goes to the end"
	case len(typers) > 0:
		return strings.Join(typers, ", ") + " is writing…"
	}
	return "/help"
}

// unreadElsewhere is how many messages are unread in conversations that are not shown.
func (u *screen) unreadElsewhere() (n int) {
	for conv, c := range u.shell.convs {
		if conv != u.shell.current {
			n += c.unread()
		}
	}
	return n
}

// typingLines are the lines that are typed in, and where among them the cursor is.
func (u *screen) typingLines() (lines []string, x, y int) {
	prompt, l := "> ", u.line
	if s := u.shell.secret; s != nil {
		prompt = s.prompt + ": "
		l = line{strings.Repeat("*", len([]rune(u.unseen.before))), strings.Repeat("*", len([]rune(u.unseen.after)))}
	}
	prompt = u.cells.Truncate(prompt, max(0, u.width-4), ": ")
	indent := u.cells.StringWidth(prompt)
	rows, x, y := l.rows(u.cells, max(2, u.width-indent-1))
	for n := range rows {
		if n > 0 {
			prompt = strings.Repeat(" ", indent)
		}
		rows[n] = prompt + Clean(rows[n])
	}
	most := max(1, min(typeMost, u.height/3))
	first := max(0, min(y-most+1, len(rows)-most))
	if len(rows) > most {
		rows = rows[first : first+most]
	}
	return rows, x + indent, y - first
}
