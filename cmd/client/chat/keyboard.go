package chat

import (
	"bufio"
	"errors"
	"io"
)

// longestLine is how much of one line is kept, in bytes: a message of any size that may be
// sent, and one that is too long by enough to be told so.
const longestLine = 16 << 10

var errLongLine = errors.New("the line is too long and was left out")

// keyboard reads what is typed, a line each time it is asked for one. It reads nothing ahead
// of that from a terminal, so a password can be read in between with the echo off.
type keyboard struct {
	in     *bufio.Reader
	unseen func() (string, error) // reads a line without echo; nil where in is no terminal
	asks   chan wanted
	lines  chan typed
}

// wanted is what the keyboard is asked for.
type wanted int

const (
	aLine wanted = iota
	aPassword
)

// typed is the answer to an ask.
type typed struct {
	text string
	err  error // errLongLine: ask again; any other: it was the last
}

// newKeyboard reads from in. Its goroutine ends with close or with the first error of in; one
// that waits for a person cannot be stopped and ends with the process.
func newKeyboard(in io.Reader, unseen func() (string, error)) *keyboard {
	k := &keyboard{
		in:     bufio.NewReaderSize(in, longestLine),
		unseen: unseen,
		asks:   make(chan wanted, 1), // one is asked at a time, so nobody
		lines:  make(chan typed, 1),  // ever waits to be heard
	}
	go k.read()
	return k
}

func (k *keyboard) close() { close(k.asks) }

func (k *keyboard) read() {
	for what := range k.asks {
		var t typed
		if what == aPassword {
			t.text, t.err = k.unseen()
		} else {
			t.text, t.err = k.line()
		}
		k.lines <- t
	}
}

// line reads one line without its end.
func (k *keyboard) line() (string, error) {
	text, more, err := k.in.ReadLine()
	if !more {
		return string(text), err
	}
	for more && err == nil {
		_, more, err = k.in.ReadLine()
	}
	return "", errLongLine
}
