package e2e

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// terminal is a person at a running client.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	keys  io.WriteCloser
	lines chan string // what the client prints; closed once it ended
}

// openTerminal starts a client of the node. It is killed when the test ends.
func openTerminal(t *testing.T, n *node) *terminal {
	t.Helper()
	cmd := exec.Command(clientBinary, "--addr", n.addr)
	cmd.Env = n.home
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	screen, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	term := &terminal{t, cmd, keys, make(chan string, 1000)}
	go func() {
		defer close(term.lines)
		for s := bufio.NewScanner(screen); s.Scan(); {
			term.lines <- s.Text()
		}
		cmd.Wait()
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		for range term.lines {
		}
	})
	return term
}

func (c *terminal) types(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// sees reads on to the line that matches and returns what its groups hold.
func (c *terminal) sees(pattern string) []string {
	c.t.Helper()
	want := regexp.MustCompile("^" + pattern + "$")
	var before []string
	for late := time.After(patience); ; {
		select {
		case line, more := <-c.lines:
			if found := want.FindStringSubmatch(line); found != nil {
				return found[1:]
			}
			if !more {
				c.t.Fatalf("the client ended; %s was due after\n%s", want, strings.Join(before, "\n"))
			}
			before = append(before, line)
		case <-late:
			c.t.Fatalf("the client does not print %s after\n%s", want, strings.Join(before, "\n"))
		}
	}
}

// quits leaves: when it returns, all that was typed is done.
func (c *terminal) quits() {
	c.t.Helper()
	c.types("quit")
	for range c.lines {
	}
	if code := c.cmd.ProcessState.ExitCode(); code != 0 {
		c.t.Fatalf("the client exits with %d", code)
	}
}

// registers makes an account and returns its id.
func (c *terminal) registers(name string) string {
	c.t.Helper()
	c.types("register:" + name + ":" + password)
	return c.sees(`your id is (\d+): .*`)[0]
}

// logsIn becomes the user id, whose name must be name.
func (c *terminal) logsIn(id, name string) {
	c.t.Helper()
	c.types("login:" + id + ":" + password)
	c.sees("you are " + name + ` \[` + id + `\]`)
}

// pipe runs a client whose input is a script, to its end, and returns what it printed.
func pipe(t *testing.T, n *node, script string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), clientBinary, "--addr", n.addr)
	cmd.Env = n.home
	cmd.Stdin = strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v, having printed:\n%s", err, out)
	}
	return string(out)
}

// homeless is an environment in which a client finds nothing that another one kept.
func homeless(t *testing.T) []string {
	dir := t.TempDir()
	return append(os.Environ(), "XDG_STATE_HOME="+dir, "XDG_CONFIG_HOME="+dir)
}
