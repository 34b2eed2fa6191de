package chat

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"chatserver/net/wire"
)

// screen is the face for people: a list of conversations, the history of one, a line to type in.
// It is a bubbletea model; bubbletea's goroutine owns it and the shell.
type screen struct {
	shell      *shell
	spawn      func(task) tea.Cmd
	width      int
	height     int
	cells      ansi.Method // how bubbletea counts cells on this terminal, which it finds out
	look       look
	line       line
	at         wire.Conv // the conversation that line is for
	unseen     line      // a password
	past       past
	completion *completion
	bottom     *item // the last one shown of the history; nil: it stays at its end
	below      int   // how many lines of bottom are hidden
	shown      *item // the last search hit that was scrolled to
	away       bool  // the terminal is not looked at
	warned     bool  // Ctrl-C was pressed; once more leaves
	ticking    bool
	crash      string // a panic and its stack; "": none
}

type (
	finished func()   // what a task brought
	ticked   struct{} // a second went by
)

// runScreen is Run on a terminal.
func runScreen(ctx context.Context, w world, o Options, more ...tea.ProgramOption) int {
	tasks, stop := context.WithCancel(ctx)
	defer stop()
	u := newScreen(w, func(t task) tea.Cmd {
		return func() tea.Msg { return finished(t.run(tasks)) }
	})
	if o.Account != "" {
		u.shell.resume()
	}
	program := tea.NewProgram(u, append([]tea.ProgramOption{
		tea.WithoutSignalHandler(), tea.WithInput(o.In), tea.WithOutput(o.Out),
	}, more...)...)
	defer context.AfterFunc(ctx, program.Quit)() // its own way, WithContext, does not wait for its reader
	_, err := program.Run()
	waits := u.shell.waiting()
	u.shell.close()
	if waits > 0 {
		fmt.Fprintln(o.Out, left(waits))
	}
	switch {
	case ctx.Err() != nil:
		return interrupted
	case u.crash != "":
		fmt.Fprintln(o.Out, "this client has a bug and had to end; please report what follows\n"+u.crash)
		return failed
	case err != nil:
		fmt.Fprintln(o.Out, Clean(err.Error()))
		return failed
	}
	return allWell
}

func newScreen(w world, spawn func(task) tea.Cmd) *screen {
	u := &screen{shell: newShell(w, true), spawn: spawn, width: 80, height: 24, look: newLook()}
	u.shell.keys = keyHelp
	return u
}

func (u *screen) Init() tea.Cmd { return u.settle() }

// Update takes in one thing that happened. A panic leaves as a quit does, so that the terminal is
// restored and the session is closed in order.
func (u *screen) Update(msg tea.Msg) (same tea.Model, next tea.Cmd) {
	defer func() {
		if bug := recover(); bug != nil {
			u.crash = fmt.Sprintf("%v\n%s", bug, debug.Stack())
			same, next = u, tea.Quit
		}
	}()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		u.width, u.height = msg.Width, msg.Height
	case tea.ModeReportMsg:
		u.measure(msg)
	case tea.FocusMsg:
		u.away = false
	case tea.BlurMsg:
		u.leave()
	case tea.PasteMsg:
		u.typed(msg.Content)
	case tea.KeyPressMsg:
		u.press(msg)
	case finished:
		msg()
	case ticked:
		u.ticking = false
	}
	return u, u.settle()
}

// measure follows bubbletea, which counts by characters rather than code points where the
// terminal says that it does.
func (u *screen) measure(m tea.ModeReportMsg) {
	if m.Mode == ansi.ModeUnicodeCore && (m.Value == ansi.ModeReset || m.Value == ansi.ModeSet || m.Value == ansi.ModePermanentlySet) {
		u.cells = ansi.GraphemeWidth
	}
}

// leave is when the terminal is not looked at any more: what comes now is unread.
func (u *screen) leave() {
	u.away = true
	c := u.shell.here()
	c.divider = c.last() + 1
}

// settle does what follows from any change, and returns what has to run.
func (u *screen) settle() tea.Cmd {
	if u.shell.over {
		return tea.Quit
	}
	u.turn()
	u.follow()
	u.markRead()
	u.fill()
	if u.bottom == nil {
		u.shell.here().trim()
	}
	var commands []tea.Cmd
	for _, t := range u.shell.take() {
		commands = append(commands, u.spawn(t))
	}
	if !u.ticking && u.moving() {
		u.ticking = true
		commands = append(commands, tea.Tick(time.Second, func(time.Time) tea.Msg { return ticked{} }))
	}
	return tea.Batch(commands...)
}

// turn shows the conversation that is open now. What was being typed stays with the one before.
func (u *screen) turn() {
	now := u.shell.here()
	if u.at == now.Conv {
		return
	}
	if before := u.shell.convs[u.at]; before != nil {
		before.draft = u.line
	}
	u.at, u.line, now.draft = now.Conv, now.draft, line{}
	u.bottom, u.below, u.completion = nil, 0, nil
}

// follow scrolls to what was searched for.
func (u *screen) follow() {
	if hit := u.shell.hit; hit != u.shown {
		u.shown = hit
		if hit != nil {
			u.bottom, u.below = hit, 0
		}
	}
}

// markRead tells that the conversation was read as far as it is shown.
func (u *screen) markRead() {
	c := u.shell.here()
	if last := c.last(); u.shell.session != nil && !u.away && u.bottom == nil && last > c.Read {
		c.read(last)
		u.shell.session.Read(c.Conv, last)
	}
}

// fill reads the end of a history that is shown for the first time on this connection.
func (u *screen) fill() {
	if c := u.shell.here(); u.shell.online && !c.filled && len(c.items) < page {
		c.filled = true
		u.shell.earlier(c, page, func() {})
	}
}

// moving says whether the screen changes as time goes by: a countdown, or somebody writing.
func (u *screen) moving() bool {
	return u.shell.session != nil && !u.shell.online || len(u.shell.typers(u.shell.here())) > 0
}
