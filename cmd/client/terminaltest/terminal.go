package terminaltest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// patience is how long a test waits for what must come; only one that fails waits so long.
const patience = 20 * time.Second

// Terminal is a person at a pseudo-terminal in which a program runs. Its methods end the test when
// what must come does not come within twenty seconds.
type Terminal struct {
	t       testing.TB
	keys    *os.File // the person's side
	tty     *os.File // the program's side
	before  *term.State
	stop    context.CancelFunc
	exit    chan int // the program's exit code; made by Run
	changed chan struct{}

	mu     sync.Mutex
	screen *vt.Emulator
	modes  map[ansi.Mode]bool // that the program switched; screen's own are not those of a whole terminal
}

// Open opens a terminal of a size in cells. A program that still runs in it when the test ends is
// stopped.
func Open(t testing.TB, width, height int) *Terminal {
	t.Helper()
	keys, tty := openPty(t)
	c := &Terminal{t: t, keys: keys, tty: tty, stop: func() {},
		changed: make(chan struct{}, 1), screen: vt.NewEmulator(width, height), modes: map[ansi.Mode]bool{}}
	c.screen.SetCallbacks(vt.Callbacks{
		EnableMode:  func(mode ansi.Mode) { c.modes[mode] = true },
		DisableMode: func(mode ansi.Mode) { c.modes[mode] = false },
	})
	c.size(width, height)
	var err error
	if c.before, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() { io.Copy(keys, c.screen) }) // what the terminal answers to questions
	work.Go(c.show)
	t.Cleanup(func() {
		c.stop()
		if c.exit != nil {
			<-c.exit
		}
		c.screen.InputPipe().(io.Closer).Close()
		keys.Close() // tty stays open: a program that is a function may look at it a little longer
		work.Wait()
	})
	return c
}

// openPty opens a pseudo-terminal. A Read of the person's side ends with its Close.
func openPty(t testing.TB) (keys, tty *os.File) {
	t.Helper()
	blocking, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer blocking.Close()
	fd, err := syscall.Dup(int(blocking.Fd()))
	if err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), blocking.Name()), tty
}

// show is the terminal's own work: it draws what the program writes.
func (c *Terminal) show() {
	for buf := make([]byte, 4096); ; {
		n, err := c.keys.Read(buf)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.screen.Write(buf[:n])
		c.mu.Unlock()
		select {
		case c.changed <- struct{}{}:
		default:
		}
	}
}

// Run runs a function as the terminal's program. It ends when ctx does, and returns its exit code.
func (c *Terminal) Run(program func(ctx context.Context, tty *os.File) int) {
	var ctx context.Context
	ctx, c.stop = context.WithCancel(context.Background())
	c.exit = make(chan int, 1)
	go func() { c.exit <- program(ctx, c.tty) }()
}

// Start runs a binary as the terminal's program, in an environment to which TERM is added.
func (c *Terminal) Start(env []string, binary string, args ...string) {
	c.Run(func(ctx context.Context, tty *os.File) int {
		cmd := exec.CommandContext(ctx, binary, args...)
		cmd.Env = append(env[:len(env):len(env)], "TERM=xterm-256color", "NO_COLOR=")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = patience
		err := cmd.Run()
		if cmd.ProcessState == nil {
			c.t.Errorf("%s does not start: %v", binary, err)
		}
		return cmd.ProcessState.ExitCode() // -1 where there was no process
	})
}

// Stop asks the program to end: it ends the context of a function, and sends SIGTERM to a binary.
func (c *Terminal) Stop() { c.stop() }

// size makes the terminal another size.
func (c *Terminal) size(width, height int) {
	c.t.Helper()
	if err := pty.Setsize(c.tty, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		c.t.Fatal(err)
	}
}

// Resize makes the terminal another size while the program runs. A binary is told by the system,
// a function by a signal, as it has the test's own terminal.
func (c *Terminal) Resize(width, height int) {
	c.t.Helper()
	c.mu.Lock()
	c.screen.Resize(width, height)
	c.mu.Unlock()
	c.size(width, height)
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		c.t.Fatal(err)
	}
}

// Types presses keys, as the bytes that a terminal makes of them.
func (c *Terminal) Types(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, keys); err != nil {
		c.t.Fatal(err)
	}
}

// Screen is what the terminal shows, its lines without the blanks at their ends.
func (c *Terminal) Screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, l := range strings.Split(c.screen.String(), "\n") {
		lines = append(lines, strings.TrimRight(l, " "))
	}
	return strings.Join(lines, "\n") + "\n"
}

// Sees waits until the terminal shows a text.
func (c *Terminal) Sees(want string) {
	c.t.Helper()
	if got, ok := c.Until(func(screen string) bool { return strings.Contains(screen, want) }); !ok {
		c.t.Fatalf("the terminal does not show %q but\n%s", want, got)
	}
}

// Until waits for a screen that will do, and returns the last one. false: none came.
func (c *Terminal) Until(ok func(screen string) bool) (string, bool) {
	for late := time.After(patience); ; {
		screen := c.Screen()
		if ok(screen) {
			return screen, true
		}
		select {
		case <-c.changed:
		case <-late:
			return screen, false
		}
	}
}

// Quiet waits until nothing was drawn for a while. Only what records screens needs it.
func (c *Terminal) Quiet() {
	for {
		select {
		case <-c.changed:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}

// Exits requires that the program ends with a code.
func (c *Terminal) Exits(want int) {
	c.t.Helper()
	select {
	case code := <-c.exit:
		if code != want {
			c.t.Errorf("the program exits with %d, want %d", code, want)
		}
		c.exit <- code
	case <-time.After(patience):
		c.t.Fatalf("the program does not end; it shows\n%s", c.Screen())
	}
}

// Restored requires that the terminal is as it was before the program ran.
func (c *Terminal) Restored() {
	c.t.Helper()
	after, err := term.GetState(int(c.tty.Fd()))
	if err != nil || *after != *c.before {
		c.t.Errorf("the terminal's modes are %v, %v; before they were %v", after, err, c.before)
	}
	if _, ok := c.Until(func(string) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return !c.screen.IsAltScreen() && c.modes[ansi.ModeTextCursorEnable] &&
			!c.modes[ansi.ModeBracketedPaste] && !c.modes[ansi.ModeFocusEvent]
	}); !ok {
		c.t.Errorf("the terminal was left in the program's screen")
	}
}
