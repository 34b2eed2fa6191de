package wire

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	idleBuffer = 1 << 10 // bytes; what is held between two objects
	restBuffer = 16      // bytes; what is held after Rest
	emptyReads = 100     // reads in a row that bring neither bytes nor an error
)

// Reader cuts a stream of bytes into objects. It looks at each byte once, whatever the pieces
// in which they come, and at brackets and strings only: Decode tells whether it is JSON.
// It is for one goroutine.
type Reader struct {
	src  io.Reader
	max  int
	buf  []byte
	from int  // where the object under way starts
	next int  // the first byte that was not looked at
	end  int  // of what was read
	rest bool // the next read is into a small buffer
	scan scanner
	err  error // what Next returns once the bytes are used up
}

// NewReader returns a Reader of the objects in src, none of which may be longer than max bytes (at least 1).
// It holds 1 KiB between two objects, more only while one needs it, and never more than the larger
// of max and 1 KiB. It reads ahead as far as its buffer goes.
func NewReader(src io.Reader, max int) *Reader {
	return &Reader{src: src, max: max}
}

// Next returns the next object, from its { to its }. The bytes are good until the next call.
//
// An os.ErrDeadlineExceeded of src is passed on, and the next call reads on. Any other error is
// for good: io.EOF where src ended between two objects, io.ErrUnexpectedEOF where it ended inside
// one, any other error of src as it is, and a *Fault that says how the connection closes where
// what comes is no object (Malformed) or a longer one than max (TooLarge).
func (r *Reader) Next() ([]byte, error) {
	for {
		if object := r.cut(); object != nil {
			return object, nil
		}
		if r.err == io.EOF && r.scan.depth > 0 {
			r.err = io.ErrUnexpectedEOF
		}
		if err := r.err; err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				r.err = nil
			}
			return nil, err
		}
		r.fill()
	}
}

// Rest lets go of the buffer, unless an object is under way: for a source that is quiet. What comes
// next is read into 16 bytes first, which costs it one more read.
func (r *Reader) Rest() {
	if r.scan.depth == 0 && r.next == r.end {
		r.buf, r.from, r.next, r.end, r.rest = nil, 0, 0, 0, true
	}
}

// cut returns an object that ends in what was read, nil where none does.
func (r *Reader) cut() []byte {
	if r.scan.depth == 0 {
		for r.next < r.end && separates(r.buf[r.next]) {
			r.next++
		}
		r.from = r.next
		if r.next < r.end && r.buf[r.next] != '{' {
			return r.fail(broken("send JSON objects, each in { and }"))
		}
	}
	n, closed, fault := r.scan.scan(r.buf[r.next:min(r.end, r.from+r.max)])
	r.next += n
	switch {
	case fault != nil:
		return r.fail(fault)
	case closed:
		return r.buf[r.from:r.next]
	case r.next-r.from == r.max:
		text := fmt.Sprintf("an object may have %d bytes", r.max)
		return r.fail(&Fault{Errno: TooLarge, Text: text, Close: FrameTooBig})
	}
	return nil
}

// separates says whether c may stand between two objects.
func separates(c byte) bool {
	return c == 0 || c == '\n' || c == '\r' || c == ' ' || c == '\t'
}

// fail makes fault the end of it: what was read is void.
func (r *Reader) fail(fault *Fault) []byte {
	r.buf, r.from, r.next, r.end, r.err = nil, 0, 0, 0, fault
	return nil
}

// fill reads once behind what is held.
func (r *Reader) fill() {
	r.makeRoom()
	for range emptyReads {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		r.err = err
		if n > 0 || err != nil {
			return
		}
	}
	r.err = io.ErrNoProgress
}

// makeRoom moves the object under way to the front, into a larger buffer where it fills this one,
// into a small one where that will do. An object is moved once before it fills a buffer, then each
// time the buffer doubles: the work stays in proportion to its bytes.
func (r *Reader) makeRoom() {
	held, size := r.buf[r.from:r.end], len(r.buf)
	switch {
	case r.rest:
		size, r.rest = restBuffer, false
	case len(held) < idleBuffer:
		size = idleBuffer
	case len(held) == size:
		size = min(2*size, r.max)
	}
	if size != len(r.buf) {
		r.buf = make([]byte, size)
	}
	r.end = copy(r.buf, held)
	r.next -= r.from
	r.from = 0
}
