package sim

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// Verdict is what became of a test that was tried.
type Verdict struct {
	Complaints []string // each a text of Error or Fatal, or a panic with its stack; none where it passed
	Logs       []string // the texts of Log and Skip
}

// Try runs a test on a stand-in for t, to its end and that of its cleanups, and fails t by nothing that
// it does. Variables of the environment that it sets are t's, and last as long.
func Try(t testing.TB, run func(t testing.TB)) Verdict {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	s := &standIn{TB: t, ctx: ctx}
	s.apart(func() { run(s) })
	end()
	for cleanup := s.cleanup(); cleanup != nil; cleanup = s.cleanup() {
		s.apart(cleanup)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed && len(s.verdict.Complaints) == 0 {
		s.verdict.Complaints = []string{"it failed without a word"}
	}
	return s.verdict
}

// standIn is the testing.TB of a test that is tried. As in one that is not, several goroutines may use it.
type standIn struct {
	testing.TB
	ctx context.Context

	mu       sync.Mutex
	verdict  Verdict
	failed   bool
	skipped  bool
	cleanups []func()
}

// apart runs f on a goroutine of its own, which FailNow may end, and waits for its end.
func (s *standIn) apart(f func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer func() {
			if reason := recover(); reason != nil {
				s.complain(fmt.Sprintf("panic: %v\n%s", reason, debug.Stack()))
			}
		}()
		f()
	}()
	<-ended
}

// cleanup takes the one that was declared last from those left.
func (s *standIn) cleanup() (f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.cleanups) - 1; last >= 0 {
		f, s.cleanups = s.cleanups[last], s.cleanups[:last]
	}
	return f
}

func (s *standIn) complain(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed, s.verdict.Complaints = true, append(s.verdict.Complaints, text)
}

func (s *standIn) log(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verdict.Logs = append(s.verdict.Logs, text)
}

func line(args []any) string { return strings.TrimSuffix(fmt.Sprintln(args...), "\n") }

func (s *standIn) Helper()                  {}
func (s *standIn) Context() context.Context { return s.ctx }

func (s *standIn) Log(args ...any)                   { s.log(line(args)) }
func (s *standIn) Logf(format string, args ...any)   { s.log(fmt.Sprintf(format, args...)) }
func (s *standIn) Error(args ...any)                 { s.complain(line(args)) }
func (s *standIn) Errorf(format string, args ...any) { s.complain(fmt.Sprintf(format, args...)) }

func (s *standIn) Fatal(args ...any) {
	s.Error(args...)
	runtime.Goexit()
}

func (s *standIn) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	runtime.Goexit()
}

func (s *standIn) Fail() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = true
}

func (s *standIn) FailNow() {
	s.Fail()
	runtime.Goexit()
}

func (s *standIn) Failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

func (s *standIn) Skip(args ...any) {
	s.Log(args...)
	s.SkipNow()
}

func (s *standIn) Skipf(format string, args ...any) {
	s.Logf(format, args...)
	s.SkipNow()
}

func (s *standIn) SkipNow() {
	s.mu.Lock()
	s.skipped = true
	s.mu.Unlock()
	runtime.Goexit()
}

func (s *standIn) Skipped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.skipped
}

func (s *standIn) TempDir() string {
	dir, err := os.MkdirTemp("", "try-")
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			s.Error(err)
		}
	})
	return dir
}

func (s *standIn) Cleanup(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cleanups = append(s.cleanups, f)
}
