package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Bounds of what is waited for.
const (
	startup  = 60 * time.Second      // until a server answers; MariaDB repairs itself after a crash
	farewell = 30 * time.Second      // until a server has ended in order; then it is killed
	pause    = 10 * time.Millisecond // between two looks
	draws    = 5                     // ports tried where somebody was quicker
)

// Server is a program that was started, and what can happen to it. Its methods are for one goroutine.
type Server struct {
	name    string
	dir     string
	port    int
	stays   bool                            // it outlives this process
	last    syscall.Signal                  // what ends it with this process
	command func() (*exec.Cmd, error)       // made anew for each start
	asks    func(ctx context.Context) error // nil: it answers as it does when it is ready
}

// Addr is where clients connect: 127.0.0.1:PORT.
func (s *Server) Addr() string { return local(s.port) }

// Dir is the folder of the server.
func (s *Server) Dir() string { return s.dir }

// Log is the file of what the server has printed.
func (s *Server) Log() string { return filepath.Join(s.dir, "log") }

// open readies the folder for a server that is about to start.
func (s *Server) open(o options) (err error) {
	s.port, s.stays = o.port, o.detached
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return err
	}
	return os.MkdirAll(s.dir, 0o755)
}

// first starts the server, unless one runs in its folder already: then it is that one. A port of our choice
// that another was quicker to take is chosen anew; the log is the witness if it was taken since we looked.
func (s *Server) first(ctx context.Context) (err error) {
	found, err := read(s.dir)
	if err != nil {
		return err
	}
	if found.pid != 0 {
		s.port = found.port
		return nil
	}
	if s.port != 0 {
		return s.Start(ctx)
	}
	for range draws {
		if s.port, err = FreePort(); err != nil {
			return err
		}
		if err = s.Start(ctx); err == nil || !strings.Contains(strings.ToLower(err.Error()), "address already in use") {
			break
		}
	}
	return err
}

// Start starts a server that has ended, on the same port and in the same folder, and returns once it answers.
func (s *Server) Start(ctx context.Context) error {
	if pid, err := Running(s.dir); err != nil || pid != 0 {
		return errors.Join(err, fmt.Errorf("%s runs already as process %d: stop it first", s.name, pid))
	}
	if err := s.launch(); err != nil {
		return fmt.Errorf("start %s: %w", s.name, err)
	}
	if err := s.wait(ctx); err != nil {
		return fmt.Errorf("start %s: %w; the end of its log %s:\n%s", s.name, errors.Join(err, s.Kill()), s.Log(), tail(s.Log()))
	}
	return nil
}

// launch starts the process and notes it in the folder. Where another process listens already, that one
// would answer and be taken for ours.
func (s *Server) launch() error {
	if !silent(s.port) {
		return fmt.Errorf("%s: %w", s.Addr(), syscall.EADDRINUSE)
	}
	log, err := os.OpenFile(s.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd, err := s.command()
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes(s.stays, s.last)
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := write(s.dir, cmd.Process.Pid, s.port); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	go cmd.Wait() // so that it is gone when it has ended; how it ended is in its log
	return nil
}

// wait returns once the server answers.
func (s *Server) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startup)
	defer cancel()
	for {
		unready := s.asks(ctx)
		pid, err := Running(s.dir)
		switch {
		case err != nil:
			return err
		case pid == 0:
			return errors.New("it ended")
		case unready == nil:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", errors.Join(ctx.Err(), unready))
		case <-time.After(pause):
		}
	}
}

// Kill ends the server and its children with SIGKILL, as a crash would, and returns when it is gone.
func (s *Server) Kill() error {
	pid, err := Running(s.dir)
	if err != nil || pid == 0 {
		return err
	}
	return kill(s.dir, pid)
}

// Stop asks the server to end and returns when it has; see [End].
func (s *Server) Stop() error { return End(s.dir) }

// Pause stops the server in the middle of what it does, as a machine without time for it would. Its
// connections stay open.
func (s *Server) Pause() error { return s.signal(syscall.SIGSTOP) }

// Resume lets it go on.
func (s *Server) Resume() error { return s.signal(syscall.SIGCONT) }

func (s *Server) signal(signal syscall.Signal) error {
	pid, err := Running(s.dir)
	if err == nil && pid == 0 {
		err = errors.New("it does not run")
	}
	if err == nil {
		err = syscall.Kill(pid, signal)
	}
	if err != nil {
		return fmt.Errorf("send %s: %v: %w", s.name, signal, err)
	}
	return nil
}
