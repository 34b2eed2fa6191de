package e2e

import (
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"chatserver/configs/servers"
)

// ownCluster is a cluster that the command starts, in a folder of its own.
type ownCluster struct {
	t    *testing.T
	dir  string
	base int
}

func TestClusterCommandStartsWhatIsMissingAndStopsAll(t *testing.T) {
	t.Parallel()
	c := newOwnCluster(t)
	out := c.wants("start")
	if !strings.Contains(out, "clients connect to "+c.addr()) {
		t.Errorf("start says:\n%s", out)
	}
	front := &node{t: t, addr: c.addr()}
	ann := register(t, front, "ann")

	if out := c.wants("start"); !strings.Contains(out, "runs already") {
		t.Errorf("a second start says:\n%s", out)
	}
	c.kill("n2")
	if out := c.wants("start"); strings.Contains(out, "runs already") {
		t.Errorf("a start after a crash says:\n%s", out)
	}
	if pid := c.pid("n2"); pid == 0 {
		t.Error("the node that was killed does not run again")
	}
	if out := c.wants("stop"); !strings.Contains(out, "6 servers ended") {
		t.Errorf("stop says:\n%s", out)
	}
	for _, part := range []string{"mariadb", "redis", "n1", "n2", "n3", "nginx"} {
		if pid := c.pid(part); pid != 0 {
			t.Errorf("%s still runs as process %d", part, pid)
		}
	}

	c.wants("start", "--nodes", "1")
	logInV2(t, front, ann)
}

func TestClusterThatIsHalfStartedSaysWhyAndStops(t *testing.T) {
	t.Parallel()
	c := newOwnCluster(t)
	taken, err := net.Listen("tcp", c.addr())
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()

	out, err := c.run("start", "--nodes", "1")

	if err == nil || !strings.Contains(out, c.addr()+": address already in use") {
		t.Errorf("start says %v:\n%s", err, out)
	}
	if out := c.wants("stop"); !strings.Contains(out, "3 servers ended") {
		t.Errorf("stop says:\n%s", out)
	}
}

// newOwnCluster finds a place for a cluster, which is stopped when the test ends.
func newOwnCluster(t *testing.T) *ownCluster {
	t.Helper()
	c := &ownCluster{t: t, dir: filepath.Join(t.TempDir(), "cluster")}
	for range 100 {
		c.base = 2000 + rand.IntN(7000) // below what servers.FreePort gives to others
		if c.fits() {
			t.Cleanup(func() {
				if out, err := c.run("stop"); err != nil {
					t.Errorf("stop: %v\n%s", err, out)
				}
			})
			return c
		}
	}
	t.Fatal("there is no place for a cluster among the ports from 2000 to 9400")
	return nil
}

// fits says whether all ports of the cluster are free.
func (c *ownCluster) fits() bool {
	for _, above := range []int{0, 1, 2, 3, 61, 62, 63, 306, 380} {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.base+above)))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}

func (c *ownCluster) addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.base)) }

func (c *ownCluster) run(args ...string) (out string, err error) {
	own := []string{"--dir", c.dir, "--base", strconv.Itoa(c.base), "--port", strconv.Itoa(c.base), "--node-flag=--auth.argon2=m=64,t=1,p=1"}
	said, err := exec.Command(clusterBinary, append(args, own...)...).CombinedOutput()
	return string(said), err
}

// wants is run that succeeds.
func (c *ownCluster) wants(args ...string) string {
	c.t.Helper()
	out, err := c.run(args...)
	if err != nil {
		c.t.Fatalf("%q: %v\n%s", args, err, out)
	}
	return out
}

func (c *ownCluster) pid(part string) int {
	c.t.Helper()
	pid, err := servers.Running(filepath.Join(c.dir, part))
	if err != nil {
		c.t.Fatal(err)
	}
	return pid
}

// kill has a part crash, and returns when it is gone.
func (c *ownCluster) kill(part string) {
	c.t.Helper()
	if err := syscall.Kill(c.pid(part), syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	if err := servers.End(filepath.Join(c.dir, part)); err != nil {
		c.t.Fatal(err)
	}
}
