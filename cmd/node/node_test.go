package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chatserver/persistence/sqlstore"
)

// local is a configuration of free ports and a store of the test's own.
func local(t *testing.T) Config {
	t.Helper()
	cfg := Default()
	cfg.Listen = []string{"tcp://127.0.0.1:0"}
	cfg.Admin = "127.0.0.1:0"
	cfg.Store = "sqlite:" + filepath.Join(t.TempDir(), "chat.db")
	return cfg
}

// started starts a node that the test has to end.
func started(t *testing.T) *node {
	t.Helper()
	n, err := start(t.Context(), local(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNodeSaysHowToConnectAndServesUntilItsEnd(t *testing.T) {
	cfg := local(t)
	ctx, terminate := context.WithCancel(t.Context())
	defer terminate()
	printed, stdout := io.Pipe()
	code := make(chan int)
	go func() {
		code <- run(ctx, []string{"--listen", cfg.Listen[0], "--admin", "", "--store", cfg.Store}, stdout, io.Discard)
	}()

	line, err := bufio.NewReader(printed).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`^chatserver is listening on (127\.0\.0\.1:\d+): go run \./cmd/client --addr (127\.0\.0\.1:\d+)\n$`).FindStringSubmatch(line)
	if said == nil || said[1] != said[2] {
		t.Fatalf("printed %q", line)
	}
	client, err := net.Dial("tcp", said[1])
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()

	terminate()
	if got := <-code; got != allWell {
		t.Errorf("exit code %d", got)
	}
	if late, err := net.Dial("tcp", said[1]); err == nil {
		late.Close()
		t.Error("a node that has ended still listens")
	}
}

func TestNodeThatEndsIsNotReady(t *testing.T) {
	n := started(t)
	answer, err := http.Get("http://" + n.adminAddress() + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("a node that serves says %s", answer.Status)
	}

	if err := n.end(); err != nil {
		t.Fatal(err)
	}
	if _, err := n.ready(t.Context()); err == nil {
		t.Error("a node that has ended says it is ready")
	}
}

func TestActorThatNothingWorksWithoutEndsTheNode(t *testing.T) {
	n := started(t)
	defer n.end()
	n.die("sessions", "boom")
	n.die("root", "its child died")

	err := n.live(t.Context())
	if err == nil || !strings.Contains(err.Error(), "sessions died") {
		t.Errorf("the node lives on with %v", err)
	}
}

func TestAddressInUseIsSaidInASentence(t *testing.T) {
	n := started(t)
	defer n.end()
	for key, address := range map[string]string{"listen": "tcp://" + n.listeners[0].Addr().String(), "admin": n.adminAddress()} {
		cfg := local(t)
		args := []string{"--listen", cfg.Listen[0], "--admin", cfg.Admin, "--store", cfg.Store, "--" + key, address}
		if key == "listen" {
			args = args[2:]
		}
		var stderr bytes.Buffer
		code := run(t.Context(), args, io.Discard, &stderr)
		if want := "is in use: stop what uses it or choose another with --" + key; code != failed || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit code %d and %q", key, code, &stderr)
		}
	}
}

func TestCommandsEndByThemselves(t *testing.T) {
	store := local(t).Store
	for _, command := range []string{"migrate", "check", "restored", "version", "help"} {
		var stderr bytes.Buffer
		if code := run(t.Context(), []string{command, "--store", store, "--log-level", "error"}, io.Discard, &stderr); code != allWell || stderr.Len() > 0 {
			t.Errorf("%s: exit code %d, %s", command, code, &stderr)
		}
	}
}

func TestCheckSaysWhatItFindsAndChangesNothing(t *testing.T) {
	running, missing := started(t), local(t).Store
	defer running.end()
	for store, want := range map[string]string{
		running.cfg.Store: " has schema 3, which is this node's\n",
		missing:           " is not there yet and will be created\n",
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), []string{"check", "--store", store}, &stdout, &stderr)

		path := strings.TrimPrefix(store, "sqlite:")
		if got := stdout.String(); code != allWell || got != "the configuration is right; the store "+path+want || stderr.Len() > 0 {
			t.Errorf("exit code %d, %q, %q", code, got, &stderr)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(strings.TrimPrefix(missing, "sqlite:"))); err != nil || len(left) > 0 {
		t.Errorf("check made %v, %v", left, err)
	}
}

func TestRestoredGivesAStoreThatNoNodeRunsOnANewEpoch(t *testing.T) {
	stopped, running, missing := local(t).Store, started(t), local(t).Store
	defer running.end()
	if code := run(t.Context(), []string{"migrate", "--store", stopped}, io.Discard, io.Discard); code != allWell {
		t.Fatalf("exit code %d", code)
	}
	before := epoch(t, stopped)
	for store, want := range map[string]struct {
		code int
		says string
	}{
		stopped:           {allWell, "the store " + stopped + " has a new epoch: clients will read its conversations anew\n"},
		running.cfg.Store: {failed, "another node uses " + strings.TrimPrefix(running.cfg.Store, "sqlite:") + ": stop it"},
		missing:           {failed, "there is no store at " + strings.TrimPrefix(missing, "sqlite:") + ": put the backup back first\n"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), []string{"restored", "--store", store}, &out, &out); code != want.code || !strings.Contains(out.String(), want.says) {
			t.Errorf("exit code %d, %q; want %d, %q", code, &out, want.code, want.says)
		}
	}
	if after := epoch(t, stopped); after == before {
		t.Errorf("the epoch is %q still", after)
	}
}

// epoch is that of a store that nobody uses.
func epoch(t *testing.T, url string) string {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), url, sqlstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	name, err := s.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestMisuseAndFailureHaveExitCodesOfTheirOwn(t *testing.T) {
	for want, args := range map[int][]string{misused: {"--no-such-flag"}, failed: {"--listen", "tcp://192.0.2.1:1", "--admin", ""}} {
		var stderr bytes.Buffer
		if got := run(t.Context(), args, io.Discard, &stderr); got != want || !strings.HasPrefix(stderr.String(), "chatserver: ") {
			t.Errorf("%q: exit code %d, %s", args, got, &stderr)
		}
	}
}
