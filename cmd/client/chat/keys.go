package chat

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// keyHelp is what help says of keys.
const keyHelp = `Keys:
Ctrl-N, Ctrl-P            next and previous conversation; Alt-1 to Alt-9 by number
Alt-A                     next conversation with something unread
PgUp, PgDn                scroll; PgUp at the top shows what was said before
Up, Down                  what was typed before
Tab                       complete a command, a name, a group; again: the next one; Esc: back
Alt-Enter                 a line break in a message
Ctrl-C twice              leave`

// press does what a key says.
func (u *screen) press(key tea.KeyPressMsg) {
	name := key.String()
	if name != "ctrl+c" {
		u.warned = false
	}
	if name != "tab" && name != "shift+tab" && name != "esc" {
		u.completion = nil
	}
	switch {
	case u.move(name), u.edit(u.typing(), name), key.Text == "":
	default:
		u.typed(key.Text)
	}
}

// typing is the line that keys go to.
func (u *screen) typing() *line {
	if u.shell.secret != nil {
		return &u.unseen
	}
	return &u.line
}

// typed puts text into the line.
func (u *screen) typed(text string) {
	u.typing().insert(text)
	if u.shell.secret == nil && u.shell.session != nil && u.shell.current != console && !strings.HasPrefix(u.line.before, "/") {
		u.shell.session.Typing(u.shell.current)
	}
}

// move does the keys that are about the screen, and says whether name is one.
func (u *screen) move(name string) bool {
	switch name {
	case "ctrl+c":
		u.shell.over, u.warned = u.warned, true
	case "enter":
		u.enter()
	case "pgup":
		u.scrollUp(u.page())
	case "pgdown":
		u.scrollDown(u.page())
	case "ctrl+n":
		u.step(1)
	case "ctrl+p":
		u.step(-1)
	case "alt+a":
		u.nextUnread()
	case "tab":
		u.complete(1)
	case "shift+tab":
		u.complete(-1)
	case "esc":
		u.escape()
	case "up":
		u.recall(u.past.up)
	case "down":
		u.recall(u.past.down)
	default:
		digit, alt := strings.CutPrefix(name, "alt+")
		if !alt || len(digit) != 1 || digit < "1" || digit > "9" {
			return false
		}
		u.pick(int(digit[0] - '0'))
	}
	return true
}

// edit does the keys that change a line, and says whether name is one.
func (u *screen) edit(l *line, name string) bool {
	edits := map[string]func(){
		"left": l.left, "ctrl+b": l.left,
		"right": l.right, "ctrl+f": l.right,
		"home": l.home, "ctrl+a": l.home,
		"end": l.end, "ctrl+e": l.end,
		"alt+left": l.wordLeft, "ctrl+left": l.wordLeft, "alt+b": l.wordLeft,
		"alt+right": l.wordRight, "ctrl+right": l.wordRight, "alt+f": l.wordRight,
		"backspace": l.backspace, "ctrl+h": l.backspace,
		"delete": l.remove, "ctrl+d": l.remove,
		"ctrl+w": l.removeWord, "alt+backspace": l.removeWord,
		"ctrl+u": l.removeHead, "ctrl+k": l.removeTail,
		"alt+enter": func() { l.insert("\n") }, "ctrl+j": func() { l.insert("\n") },
	}
	edit, ok := edits[name]
	if ok {
		edit()
	}
	return ok
}

// enter hands over what was typed.
func (u *screen) enter() {
	if u.shell.secret != nil {
		password := u.unseen.text()
		u.unseen = line{}
		u.shell.answer(password)
		return
	}
	text := u.line.text()
	u.line = line{}
	if text != "" && !tellsPassword(text) {
		u.past.keep(text)
	}
	u.bottom, u.below = nil, 0
	u.shell.enter(text)
}

// tellsPassword says whether a line may have a password in it, which no key shall bring back.
func tellsPassword(text string) bool {
	for _, verb := range []string{"/login", "/register", "login", "register"} {
		if strings.HasPrefix(strings.TrimSpace(text), verb) {
			return true
		}
	}
	return false
}

func (u *screen) recall(from func(now string) string) {
	if u.shell.secret == nil {
		u.line = line{before: from(u.line.text())}
	}
}

// escape takes back a completion, a question for a password, or a search.
func (u *screen) escape() {
	switch {
	case u.completion != nil:
		u.line, u.completion = u.completion.typed, nil
	case u.shell.secret != nil:
		u.unseen = line{}
		u.shell.answer("")
	default:
		u.shell.search, u.shell.hit = "", nil
		u.bottom, u.below = nil, 0
	}
}

// step shows the next conversation of the list, or the one before with by -1, around its ends.
func (u *screen) step(by int) {
	list := u.shell.listed()
	u.shell.open(list[(u.place(list)+by+len(list))%len(list)].Conv)
}

// nextUnread shows the next conversation with something unread.
func (u *screen) nextUnread() {
	list := u.shell.listed()
	here := u.place(list)
	for i := range list {
		if c := list[(here+1+i)%len(list)]; c.unread() > 0 {
			u.shell.open(c.Conv)
			return
		}
	}
}

// pick shows the conversation with a number.
func (u *screen) pick(number int) {
	if list := u.shell.listed(); number < len(list) {
		u.shell.open(list[number].Conv)
	}
}

// place is where the shown conversation stands in the list.
func (u *screen) place(list []*conversation) int {
	for i, c := range list {
		if c.Conv == u.shell.current {
			return i
		}
	}
	return 0
}
