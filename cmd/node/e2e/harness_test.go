package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"chatserver/configs/servers"
)

// patience is how long a test waits for what must come; only one that fails waits so long.
const patience = 20 * time.Second

// Where the binaries are, and the MariaDB that clusters share. TestMain sets them once.
var nodeBinary, clientBinary, clusterBinary, mariadb string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	mariadb = filepath.Join(dir, "mariadb")
	defer servers.End(mariadb)
	build := exec.Command("go", "build", "-o", dir, "chatserver/cmd/node", "chatserver/cmd/client", "chatserver/cmd/cluster")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %v\n%s", build, err, out)
		return 1
	}
	nodeBinary, clientBinary = filepath.Join(dir, "node"), filepath.Join(dir, "client")
	clusterBinary = filepath.Join(dir, "cluster")
	return m.Run()
}

// node is a running server.
type node struct {
	t       *testing.T
	cmd     *exec.Cmd
	addr    string        // where clients connect
	home    []string      // the environment of clients; what they keep is shared by all of the node
	stderr  *bytes.Buffer // read it after exited only
	served  chan string   // where it says that it serves
	exited  chan struct{}
	reaping error // what Wait said
}

// database is a path for a node's store in a folder that ends with the test.
func database(t *testing.T) string { return filepath.Join(t.TempDir(), "chat.db") }

// pace is the pause of a node between two objects: far longer than a busy machine keeps a reader
// from a core, for the peer takes one read for one object, as the original does.
const pace = 150 * time.Millisecond

// nodeCommand is a node on a free port, with a file as its store.
func nodeCommand(db string, flags ...string) *exec.Cmd {
	return command(append([]string{"--listen", "tcp://127.0.0.1:0", "--store", "sqlite:" + db}, flags...)...)
}

// command is a node whose hashes are as cheap as they may be.
func command(flags ...string) *exec.Cmd {
	args := []string{
		"--admin", "", "--auth.argon2", "m=64,t=1,p=1", "--classic.pace", pace.String(), "--time-zone", "UTC", "--log-level", "debug",
	}
	return exec.Command(nodeBinary, append(args, flags...)...)
}

// startNode starts a node and waits until it serves. It is killed when the test ends.
func startNode(t *testing.T, db string, flags ...string) *node {
	t.Helper()
	n := launch(t, nodeCommand(db, flags...))
	n.awaitServing()
	return n
}

// launch starts the process of a node. It is killed when the test ends.
func launch(t *testing.T, cmd *exec.Cmd) *node {
	t.Helper()
	n := &node{t: t, cmd: cmd, home: homeless(t), stderr: &bytes.Buffer{}, served: make(chan string, 1), exited: make(chan struct{})}
	n.cmd.Stderr = n.stderr
	stdout, err := n.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.end)
	go n.watch(stdout)
	return n
}

// awaitServing returns once the node serves.
func (n *node) awaitServing() {
	n.t.Helper()
	select {
	case n.addr = <-n.served:
	case <-n.exited:
	case <-time.After(patience):
	}
	if n.addr == "" {
		n.t.Fatal("the node does not say where it serves")
	}
}

var address = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// watch reads what the node prints, to its end.
func (n *node) watch(stdout io.Reader) {
	defer close(n.exited)
	lines := bufio.NewScanner(stdout)
	if lines.Scan() {
		n.served <- address.FindString(lines.Text())
	}
	io.Copy(io.Discard, stdout)
	n.reaping = n.cmd.Wait()
}

// kill ends the node as a power cut would, as far as a process can tell.
func (n *node) kill() {
	n.t.Helper()
	n.signal(syscall.SIGKILL)
	n.wait()
}

// terminate asks the node to end and returns its exit code.
func (n *node) terminate() int {
	n.t.Helper()
	n.signal(syscall.SIGTERM)
	n.wait()
	return n.cmd.ProcessState.ExitCode()
}

func (n *node) signal(s syscall.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) wait() {
	n.t.Helper()
	select {
	case <-n.exited:
	case <-time.After(patience):
		n.t.Fatalf("the node did not end within %v", patience)
	}
}

// end kills a node that still runs, and shows what it logged where the test failed.
func (n *node) end() {
	if err := n.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		n.t.Error(err)
	}
	<-n.exited
	if n.t.Failed() {
		n.t.Logf("the node ended with %v and logged:\n%s", n.reaping, n.stderr)
	}
}
