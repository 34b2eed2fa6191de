package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// computer is where somebody uses the client, which keeps what it has to in a folder of the test's.
type computer struct {
	t    *testing.T
	addr string
	env  []string
}

func newComputer(t *testing.T, n *node) *computer {
	return &computer{t, n.addr, append(homeless(t), "CHAT_PASSWORD="+password)}
}

// command is a client of the node, which is killed with the test.
func (c *computer) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(c.t.Context(), clientBinary, append([]string{"--addr", c.addr}, args...)...)
	cmd.Env = c.env
	return cmd
}

// ends runs a command, which must exit with code, and returns what it printed and what it said besides.
func (c *computer) ends(code int, args ...string) (stdout, stderr string) {
	c.t.Helper()
	var out, errs bytes.Buffer
	cmd := c.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		c.t.Fatalf("client %q exits with %d, want %d; it printed %q and said %q", args, got, code, &out, &errs)
	}
	return out.String(), errs.String()
}

// printed is a line of --json, any of them.
type printed struct {
	ID   int64  `json:"id"`
	Conv string `json:"conv"`
	Seq  uint64 `json:"seq"`
	Text string `json:"text"`
	CID  string `json:"cid"`
	Dup  bool   `json:"dup"`
}

// does runs a command that must succeed and returns the one line that it prints.
func (c *computer) does(args ...string) (p printed) {
	c.t.Helper()
	stdout, _ := c.ends(0, append(args, "--json")...)
	if err := json.Unmarshal([]byte(stdout), &p); err != nil {
		c.t.Fatalf("client %q printed %q: %v", args, stdout, err)
	}
	return p
}

// texts are those of the lines that a command prints.
func (c *computer) texts(args ...string) string {
	c.t.Helper()
	stdout, _ := c.ends(0, append(args, "--json")...)
	var texts []string
	for lines := json.NewDecoder(strings.NewReader(stdout)); ; {
		var p printed
		if err := lines.Decode(&p); err == io.EOF {
			return strings.Join(texts, " ")
		} else if err != nil {
			c.t.Fatalf("client %q printed %q: %v", args, stdout, err)
		}
		texts = append(texts, p.Text)
	}
}

// follower is a tail that goes on.
type follower struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
	said  *bufio.Scanner // on standard error
}

func (c *computer) follows(args ...string) *follower {
	c.t.Helper()
	cmd := c.command(append([]string{"tail", "--follow", "--json"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	said, err := cmd.StderrPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	late := time.AfterFunc(3*patience, func() { cmd.Process.Kill() }) // ends what waits in sees
	c.t.Cleanup(func() { late.Stop() })
	return &follower{c.t, cmd, bufio.NewScanner(out), bufio.NewScanner(said)}
}

// sees wants the next line to be a message.
func (f *follower) sees(text string, seq uint64) {
	f.t.Helper()
	var p printed
	if !f.lines.Scan() || json.Unmarshal(f.lines.Bytes(), &p) != nil || p.Text != text || p.Seq != seq {
		f.t.Fatalf("the tail printed %q, want %q as %d", f.lines.Text(), text, seq)
	}
}

// interrupted is the exit code after Ctrl-C.
func (f *follower) interrupted() int {
	f.t.Helper()
	if err := f.cmd.Process.Signal(syscall.SIGINT); err != nil {
		f.t.Fatal(err)
	}
	if f.lines.Scan() {
		f.t.Errorf("the tail printed %q as well", f.lines.Text())
	}
	f.cmd.Wait()
	return f.cmd.ProcessState.ExitCode()
}

func TestScriptRegistersSendsAndReads(t *testing.T) {
	n := startNode(t, database(t))
	anns, bobs := newComputer(t, n), newComputer(t, n)
	anns.does("register", "ann")
	bob := bobs.does("register", "bob")
	group := anns.does("group", "create", "gophers", "a: b")
	bobs.does("group", "join", "g:1")

	first := anns.does("send", "@bob", "--cid", "c1", "hello")
	again := anns.does("send", "@bob", "--cid", "c1", "hello")
	anns.does("send", "#gophers", "to all")

	if first.Seq != 1 || first.Dup || again.Seq != 1 || !again.Dup || again.CID != "c1" || bob.ID != 2 || group.ID != 1 {
		t.Errorf("sent %+v, then %+v; bob is %+v, the group %+v", first, again, bob, group)
	}
	if got := bobs.texts("tail"); got != "hello to all" {
		t.Errorf("bob reads %q", got)
	}
	if got := bobs.texts("tail"); got != "" {
		t.Errorf("bob reads %q once more", got)
	}
	if got := bobs.texts("history", "@ann"); got != "hello" {
		t.Errorf("the history is %q", got)
	}
}

func TestExitCodesTellAScriptWhatFailed(t *testing.T) {
	n := startNode(t, database(t))
	anns := newComputer(t, n)

	anns.ends(3, "friends")
	anns.does("register", "ann")
	_, said := anns.ends(4, "send", "@nobody", "hi")
	anns.ends(2, "send", "nobody", "hi")
	anns.does("send", "u:1", "--cid", "c1", "a note")
	anns.ends(4, "send", "u:1", "--cid", "c1", "another one")
	anns.ends(0, "logout")
	anns.ends(3, "friends")
	anns.does("login", "ann")
	n.terminate()
	anns.ends(1, "friends")
	anns.ends(1, "send", "u:1", "hi", "--timeout", "100ms")

	if said != "nobody is called \"nobody\": check the name\n" {
		t.Errorf("said %q", said)
	}
}

func TestFollowingTailLosesNothingOverARestartOfTheNode(t *testing.T) {
	db := database(t)
	n := startNode(t, db)
	anns, bobs := newComputer(t, n), newComputer(t, n)
	anns.does("register", "ann")
	bobs.does("register", "bob")
	anns.does("send", "@bob", "one")
	tail := bobs.follows("@ann")
	tail.sees("one", 1)

	n.kill()
	tail.said.Scan() // it has noticed
	startNode(t, db, "--listen", "tcp://"+n.addr)
	anns.does("send", "@bob", "two")
	bobs.does("send", "@ann", "three") // beside the tail
	tail.sees("two", 2)
	tail.sees("three", 3)

	if code := tail.interrupted(); code != 0 {
		t.Errorf("the tail exits with %d", code)
	}
	anns.does("send", "@bob", "four")
	if got := bobs.texts("tail", "@ann"); got != "four" {
		t.Errorf("the next tail prints %q", got)
	}
}

func TestManyCommandsOfOneAccountRunAtOnce(t *testing.T) {
	n := startNode(t, database(t))
	anns := newComputer(t, n)
	anns.does("register", "ann")
	const many = 8
	var cmds []*exec.Cmd
	for range many {
		cmd := anns.command("send", "u:1", "hi")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", cmd, err)
		}
	}

	if last := anns.does("send", "u:1", "the last one"); last.Seq != many+1 {
		t.Errorf("the last message is %d", last.Seq)
	}
}

// Only bash is sure to be here. The scripts are cobra's; what matters is that each shell is told of
// this program.
func TestCompletionScriptsTellTheirShellOfTheClient(t *testing.T) {
	c := &computer{t, "127.0.0.1:0", homeless(t)}
	for shell, registers := range map[string]string{
		"bash": "__start_client client", "zsh": "#compdef client", "fish": "complete -c client",
	} {
		if script, _ := c.ends(0, "completion", shell); !strings.Contains(script, registers) {
			t.Errorf("the script for %s does not have %q", shell, registers)
		}
	}
	script, _ := c.ends(0, "completion", "bash")
	check := exec.CommandContext(t.Context(), "bash", "-n")
	check.Stdin = strings.NewReader(script)
	if said, err := check.CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("%v: %s", err, said)
	}
}
