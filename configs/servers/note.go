package servers

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// note is what the folder of a server says of the process that was started last.
type note struct{ pid, port int }

func noted(dir string) string { return filepath.Join(dir, "pid") }

// write notes a process that runs: its id, when it was started, its port.
func write(dir string, pid, port int) error {
	began, err := birth(pid)
	if err != nil {
		return err
	}
	return os.WriteFile(noted(dir), fmt.Appendf(nil, "%d %s %d\n", pid, began, port), 0o644)
}

// read returns the note of a process that still runs, an empty one where none does.
func read(dir string) (n note, err error) {
	text, err := os.ReadFile(noted(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return note{}, nil
	}
	if err != nil {
		return note{}, err
	}
	var began string
	if _, err := fmt.Sscan(string(text), &n.pid, &began, &n.port); err != nil {
		return note{}, fmt.Errorf("%s is not what was written there: see what runs, and remove it: %w", noted(dir), err)
	}
	if now, err := birth(n.pid); err != nil || now != began {
		return note{}, nil // it has ended, and perhaps another has its id
	}
	return n, nil
}

// Running returns the process id of the server in dir, 0 if none runs there.
func Running(dir string) (pid int, err error) {
	n, err := read(dir)
	return n.pid, err
}

// End asks the server in dir to end, whoever started it, kills it if it does not within 30 seconds, and
// returns when it is gone. Where none runs there is nothing to do.
func End(dir string) error {
	pid, err := Running(dir)
	if err != nil || pid == 0 {
		return err
	}
	// One that is paused hears the first only after the second.
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGCONT} {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("end process %d of %s: %w", pid, dir, err)
		}
	}
	if gone, err := leaves(dir, pid); err != nil || gone {
		return err
	}
	return errors.Join(fmt.Errorf("process %d of %s did not end within %v and was killed", pid, dir, farewell), kill(dir, pid))
}

// kill kills the process in dir with its children, and returns when it is gone.
func kill(dir string, pid int) error {
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("kill process %d of %s: %w", pid, dir, err)
	}
	gone, err := leaves(dir, pid)
	if err == nil && !gone {
		err = fmt.Errorf("process %d of %s was killed and is still there", pid, dir)
	}
	return err
}

// leaves waits for the end of the process in dir.
func leaves(dir string, pid int) (bool, error) {
	for end := time.Now().Add(farewell); time.Now().Before(end); time.Sleep(pause) {
		if now, err := Running(dir); err != nil || now != pid {
			return true, err
		}
	}
	return false, nil
}

// birth says when the process was started, in the kernel's ticks since boot. One that is dead and not yet
// reaped counts as gone once its last thread is, for until then its ports are taken. See proc_pid_stat(5).
func birth(pid int) (string, error) {
	const state, threads, start = 0, 17, 19 // fields 3, 20 and 22, counted behind the name
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", fmt.Errorf("ask Linux when process %d was started: %w", pid, err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // the name, in brackets, may hold anything
	if len(fields) <= start || fields[state] == "Z" && (fields[threads] == "0" || fields[threads] == "1") {
		return "", fmt.Errorf("process %d has ended", pid)
	}
	return fields[start], nil
}
