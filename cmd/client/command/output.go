package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"chatserver/cmd/client/chat"
)

// record is one thing that was asked for. In JSON it is as its tags say.
type record interface{ cells() []string } // for people, one for each heading

// list prints records, for people as a table. Columns are as wide as what a terminal shows of them.
func (a *app) list(headings []string, records []record) error {
	if a.json {
		for _, r := range records {
			if err := a.object(r); err != nil {
				return err
			}
		}
		return nil
	}
	rows := [][]string{headings}
	for _, r := range records {
		row := r.cells()
		for i := range row {
			row[i] = chat.Clean(row[i])
		}
		rows = append(rows, row)
	}
	_, err := io.WriteString(a.Out, aligned(rows))
	return err
}

// aligned puts rows below each other.
func aligned(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	var text strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
		}
		text.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return text.String()
}

// line prints one record at once, for people as the text that its cells are.
func (a *app) line(r record) error {
	if a.json {
		return a.object(r)
	}
	_, err := fmt.Fprintln(a.Out, chat.Clean(strings.Join(r.cells(), " ")))
	return err
}

// object prints a record as JSON in one write. What a terminal would obey in a text is escaped, so
// it means the same.
func (a *app) object(r record) error {
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return err
	}
	_, err := io.WriteString(a.Out, escaped(line.String()))
	return err
}

// escaped is JSON without characters that a terminal would obey; it has no control characters
// of ASCII but its line break.
func escaped(object string) string {
	var out strings.Builder
	for _, r := range object {
		if r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Bidi_Control) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// say tells something besides what was asked for.
func (a *app) say(format string, args ...any) {
	fmt.Fprintln(a.Err, chat.Clean(fmt.Sprintf(format, args...)))
}

// millis is a time as JSON has it, 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// local is a time as people read it.
func local(ms int64) string {
	if ms == 0 {
		return "never"
	}
	return time.UnixMilli(ms).Format(time.DateTime)
}
