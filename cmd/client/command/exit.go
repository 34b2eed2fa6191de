package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chatserver/cmd/client/bench"
	"chatserver/cmd/client/chat"
	"chatserver/cmd/client/home"
	"chatserver/net/client"
	"chatserver/net/wire"
)

// The exit codes.
const (
	allWell      = 0
	failed       = 1
	misused      = 2
	unauthorised = 3
	refused      = 4
	unknown      = 5
	interrupted  = 130 // as shells have it for SIGINT
)

// failure is an error with an exit code of its own.
type failure struct {
	code int
	error
}

func (f failure) Unwrap() error { return f.error }

// fail is a failure that says why, and what to do about it.
func fail(code int, format string, args ...any) error {
	return failure{code, fmt.Errorf(format, args...)}
}

// exitCode is what the process ends with after err.
func exitCode(err error) int {
	var f failure
	var fault *wire.Fault
	switch {
	case err == nil:
		return allWell
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, bench.ErrFlags):
		return misused
	case errors.Is(err, context.Canceled):
		return interrupted
	case errors.Is(err, home.ErrNoAccount), errors.Is(err, client.ErrKicked):
		return unauthorised
	case errors.Is(err, client.ErrUnknown):
		return unknown
	case errors.As(err, &fault):
		return faultCode(fault.Errno)
	}
	return failed
}

// faultCode is the exit code for a request that the server turned down.
func faultCode(e wire.Errno) int {
	switch e {
	case wire.LoginFirst, wire.InUse:
		return unauthorised
	case wire.Unavailable: // nothing was stored, or its fate is unknown
		return unknown
	}
	return refused
}

// sentence is an error as people are told of it, harmless to a terminal.
func sentence(err error) string {
	var fault *wire.Fault
	text := err.Error()
	switch {
	case errors.As(err, &fault):
		text = strings.Replace(text, fault.Error(), fault.Text, 1) // without the errno's name
	case errors.Is(err, home.ErrNoAccount):
		text += ": client login NAME logs in, client accounts shows who is"
	case errors.Is(err, context.Canceled):
		text = "interrupted"
	case errors.Is(err, client.ErrUnknown) && errors.Is(err, context.DeadlineExceeded):
		text = "no answer came within --timeout; look whether it was done before you ask again"
	}
	return chat.Clean(strings.ReplaceAll(text, "\n", "; ")) // as errors.Join has several
}
