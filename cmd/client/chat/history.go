package chat

import (
	"strings"
)

// block lays out an item in lines of width cells: with the day where it is a new one, and with
// the mark of what is unread.
func (u *screen) block(items []*item, n, width int) (lines []string) {
	c, i := u.shell.here(), items[n]
	day := i.at.In(u.shell.zone).Format("Mon 2006-01-02")
	if i.from != 0 && (n == 0 || day != u.dayBefore(items, n)) {
		lines = append(lines, u.look.faint.Render(u.rule(day, width)))
	}
	if c.divider != 0 && i.seq >= c.divider && u.seqBefore(items, n) < c.divider {
		lines = append(lines, u.look.alert.Render(u.rule("unread", width)))
	}
	if i.from == 0 {
		return append(lines, u.noteLines(i, width)...)
	}
	return append(lines, u.messageLines(items, n, width)...)
}

// dayBefore is the day of the message before the item n.
func (u *screen) dayBefore(items []*item, n int) string {
	for n--; n >= 0; n-- {
		if items[n].from != 0 {
			return items[n].at.In(u.shell.zone).Format("Mon 2006-01-02")
		}
	}
	return ""
}

// seqBefore is the seq of the message before the item n, 0 for none.
func (u *screen) seqBefore(items []*item, n int) uint64 {
	for n--; n >= 0; n-- {
		if items[n].seq != 0 {
			return items[n].seq
		}
	}
	return 0
}

// rule is a line across the history with a word in it.
func (u *screen) rule(word string, width int) string {
	return u.cells.Truncate("── "+word+" "+strings.Repeat("─", max(0, width)), width, "")
}

func (u *screen) noteLines(i *item, width int) []string {
	lines := strings.Split(u.cells.Wrap(i.text, max(1, width-2), ""), "\n")
	for n, text := range lines {
		lines[n] = u.look.faint.Render("  " + text)
	}
	return lines
}

// messageLines are a message: the time, who, what. Lines after the first are indented, so none
// can be taken for the start of another message.
func (u *screen) messageLines(items []*item, n, width int) []string {
	i := items[n]
	clock := i.at.In(u.shell.zone).Format("15:04 ")
	name := u.shell.book.name(i.from)
	head := u.look.faint.Render(clock) + u.look.name(i.from).Render(name)
	indent := len(clock) + u.cells.StringWidth(name) + 2
	beside := indent <= width/2
	if !beside {
		indent = min(2, width/3)
	}
	fate := u.fate(items, n)
	lines := strings.Split(u.cells.Wrap(cleanLines(i.text)+fate, max(2, width-indent), ""), "\n")
	for n, text := range lines {
		lines[n] = strings.Repeat(" ", indent) + u.styled(i, text, fate)
	}
	if beside {
		lines[0] = head + "  " + lines[0][indent:]
		return lines
	}
	return append([]string{head}, lines...)
}

// styled is one line of a message's text, whose end may be its fate.
func (u *screen) styled(i *item, text, fate string) string {
	if i == u.shell.hit {
		return u.look.hit.Render(text)
	}
	if body, last := strings.CutSuffix(text, fate); last && fate != "" {
		return body + u.look.faint.Render(fate)
	}
	return text
}

// fate is how far an own message came, said at the last of those that came as far.
func (u *screen) fate(items []*item, n int) string {
	c, i := u.shell.here(), items[n]
	if i.from != u.shell.me.ID {
		return ""
	}
	fate := c.fate(i)
	for _, later := range items[n+1:] {
		if later.from == i.from && later.lost == "" {
			if i.seq != 0 && c.fate(later) == fate {
				return ""
			}
			break
		}
	}
	return "  (" + fate + ")"
}

// visible are the height lines of the history that are shown.
func (u *screen) visible(width, height int) []string {
	items := u.shell.here().all()
	n, below := u.from(items)
	var lines []string
	for up := n; up >= 0 && len(lines) < height; up-- {
		block := u.block(items, up, width)
		if up == n {
			block = block[:max(0, len(block)-below)]
		}
		lines = append(block, lines...)
	}
	if missing := height - len(lines); missing > 0 && n < len(items) {
		lines = append(lines, u.after(items, n, below, width, missing)...)
	}
	lines = lines[max(0, len(lines)-height):]
	return append(make([]string, height-len(lines)), lines...)
}

// after are up to count lines below those that end with item n, of which some lines are hidden.
func (u *screen) after(items []*item, n, below, width, count int) (lines []string) {
	if below > 0 {
		block := u.block(items, n, width)
		lines = block[max(0, len(block)-below):]
	}
	for n++; n < len(items) && len(lines) < count; n++ {
		lines = append(lines, u.block(items, n, width)...)
	}
	return lines[:min(count, len(lines))]
}

// from is the last item shown, and how many of its lines are hidden.
func (u *screen) from(items []*item) (n, below int) {
	if u.bottom != nil {
		for n := len(items) - 1; n >= 0; n-- {
			if items[n] == u.bottom {
				return n, u.below
			}
		}
	}
	return len(items) - 1, 0
}

// scrollUp goes back by a number of lines. At the top it asks for what was said before.
func (u *screen) scrollUp(count int) {
	items := u.shell.here().all()
	width := u.historyWidth()
	n, below := u.from(items)
	if n < 0 {
		return
	}
	for below += count; n > 0; n-- {
		lines := len(u.block(items, n, width))
		if below < lines {
			break
		}
		below -= lines
	}
	top := len(u.block(items, 0, width))
	if n == 0 && below >= top {
		below = top - 1
		u.shell.earlier(u.shell.here(), page, func() {})
	}
	u.bottom, u.below = items[n], below
}

// scrollDown goes forward by a number of lines, and stays at the end once that is shown.
func (u *screen) scrollDown(count int) {
	items := u.shell.here().all()
	width := u.historyWidth()
	n, below := u.from(items)
	for below -= count; below < 0; {
		if n++; n >= len(items) {
			u.bottom, u.below = nil, 0
			return
		}
		below += len(u.block(items, n, width))
	}
	u.bottom, u.below = items[n], below
	if n == len(items)-1 && below == 0 {
		u.bottom = nil
	}
}
