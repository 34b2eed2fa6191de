package servers_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
)

func TestServerIsEndedByWhoKnowsItsFolderOnly(t *testing.T) {
	redis := servertest.Redis(t)
	if pid, err := servers.Running(redis.Dir()); err != nil || pid == 0 {
		t.Fatalf("its process is %d (%v)", pid, err)
	}

	if err := servers.End(redis.Dir()); err != nil {
		t.Fatal(err)
	}

	if pid, err := servers.Running(redis.Dir()); err != nil || pid != 0 {
		t.Errorf("process %d still runs (%v)", pid, err)
	}
	if err := servers.End(redis.Dir()); err != nil {
		t.Errorf("to end it again is %v", err)
	}
}

func TestServerThatIsPausedEndsAsWell(t *testing.T) {
	redis := servertest.Redis(t)
	if err := redis.Pause(); err != nil {
		t.Fatal(err)
	}

	if err := servers.End(redis.Dir()); err != nil {
		t.Error(err)
	}
}

func TestProcessWithTheSameIDIsNotTakenForTheServer(t *testing.T) {
	other := exec.Command("cat")
	stdin, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pid"), fmt.Appendf(nil, "%d 1 6379\n", other.Process.Pid), 0o644); err != nil {
		t.Fatal(err)
	}

	if err := servers.End(dir); err != nil {
		t.Error(err)
	}

	stdin.Close()
	if err := other.Wait(); err != nil {
		t.Errorf("it was ended: %v", err)
	}
}

func TestServerDoesNotStartWhereAnotherListens(t *testing.T) {
	redis := servertest.Redis(t)
	_, port, _ := strings.Cut(redis.Addr(), ":")
	var taken int
	if _, err := fmt.Sscan(port, &taken); err != nil {
		t.Fatal(err)
	}

	_, err := servers.StartRedis(t.Context(), t.TempDir(), servers.OnPort(taken))

	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("it says %v", err)
	}
}

func TestServerThatDoesNotStartShowsTheEndOfItsLog(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}

	_, err := servers.StartMariaDB(t.Context(), dir) // on a folder that is not of a MariaDB

	if err == nil || !strings.Contains(err.Error(), "Aborting") {
		t.Errorf("it says %v", err)
	}
}

func TestPortIsGivenOutOnce(t *testing.T) {
	given := map[int]bool{}
	for range 20 {
		port, err := servers.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		if given[port] {
			t.Fatalf("port %d is given out twice", port)
		}
		given[port] = true
	}
}
