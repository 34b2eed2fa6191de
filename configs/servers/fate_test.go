package servers_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"chatserver/configs/servers"
)

// The environment of a process that is to start a Redis in a folder, say where, and do nothing more.
const (
	startIn  = "SERVERS_TEST_START_IN"
	detached = "SERVERS_TEST_DETACHED"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(startIn); dir != "" {
		start(dir, os.Getenv(detached) != "")
	}
	os.Exit(m.Run())
}

// start starts a Redis and waits to be killed.
func start(dir string, stays bool) {
	var opts []servers.Option
	if stays {
		opts = append(opts, servers.Detached())
	}
	redis, err := servers.StartRedis(context.Background(), dir, opts...)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(redis.Addr())
	select {}
}

func TestServerEndsWithTheProcessThatStartedIt(t *testing.T) {
	starter, addr := startElsewhere(t, t.TempDir())
	c := dialed(t, addr)

	kill(t, starter)

	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes came, not the end", n)
	}
}

func TestDetachedServerOutlivesTheProcessThatStartedIt(t *testing.T) {
	dir := t.TempDir()
	starter, addr := startElsewhere(t, dir, detached+"=1")
	t.Cleanup(func() {
		if err := servers.End(dir); err != nil {
			t.Error(err)
		}
	})
	c := dialed(t, addr)

	kill(t, starter)

	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		t.Fatal(err)
	}
	if got := line(t, c); got != "+PONG" {
		t.Error(got)
	}
	found, err := servers.StartRedis(t.Context(), dir)
	if err != nil || found.Addr() != addr {
		t.Errorf("who starts it again finds it at %v (%v), not at %s", found.Addr(), err, addr)
	}
}

// startElsewhere has another process start a Redis in dir and returns it with the server's address.
func startElsewhere(t *testing.T, dir string, env ...string) (*exec.Cmd, string) {
	t.Helper()
	if err := servers.Install(t.Context(), os.Stderr, "redis-server"); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), startIn+"="+dir), env...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(addr)
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // it says that it was killed
}
