package wire_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"chatserver/net/wire"
)

// readAll returns all that comes before the error, and the error.
func readAll(r *wire.Reader) (objects []string, err error) {
	for {
		object, err := r.Next()
		if err != nil {
			return objects, err
		}
		objects = append(objects, string(object))
	}
}

// told is what a client or operator sees of an error.
func told(err error) string {
	if fault, ok := errors.AsType[*wire.Fault](err); ok {
		return fault.Errno.String() + " " + string(fault.Close)
	}
	return err.Error()
}

// pieces reads s in pieces of random length.
type pieces struct {
	s    string
	rand *rand.Rand
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.s == "" {
		return 0, io.EOF
	}
	n := copy(b, p.s[:min(len(p.s), 1+p.rand.IntN(40))])
	p.s = p.s[n:]
	return n, nil
}

var streams = []struct {
	name, in string
	max      int
	objects  []string
	end      string
}{
	{"nothing", "", 64, nil, "EOF"},
	{"only separators", "\x00\n\r \t\x00", 64, nil, "EOF"},
	{"one object", `{"a":1}`, 64, []string{`{"a":1}`}, "EOF"},
	{"nothing between two", `{}{"a":1}`, 64, []string{`{}`, `{"a":1}`}, "EOF"},
	{"separators around", "\x00\n{}\x00{} \r\n\t{}\x00", 64, []string{`{}`, `{}`, `{}`}, "EOF"},
	{"nested", `{"a":[{"b":{}},[]]}{}`, 64, []string{`{"a":[{"b":{}},[]]}`, `{}`}, "EOF"},
	{"brackets in strings", `{"a":"}]{["}{}`, 64, []string{`{"a":"}]{["}`, `{}`}, "EOF"},
	{"escaped quotes", `{"a":"\"}\\"}{}`, 64, []string{`{"a":"\"}\\"}`, `{}`}, "EOF"},
	{"NUL inside", "{\"a\":\x001}", 64, []string{"{\"a\":\x001}"}, "EOF"}, // for Decode to refuse
	{"end inside", `{}{"a":`, 64, []string{`{}`}, "unexpected EOF"},
	{"end inside a string", `{"a}`, 64, nil, "unexpected EOF"},
	{"a word", `{} hello`, 64, []string{`{}`}, "MALFORMED bad_frame"},
	{"an array", `[{}]`, 64, nil, "MALFORMED bad_frame"},
	{"a comma between", `{},{}`, 64, []string{`{}`}, "MALFORMED bad_frame"},
	{"a byte order mark", "\ufeff{}", 64, nil, "MALFORMED bad_frame"},
	{"wrong bracket", `{]}`, 64, nil, "MALFORMED bad_frame"},
	{"wrong bracket inside", `{"a":[1}`, 64, nil, "MALFORMED bad_frame"},
	{"as long as may be", `{"a":"12"}{"a":"12"}`, 10, []string{`{"a":"12"}`, `{"a":"12"}`}, "EOF"},
	{"one byte too long", `{}{"a":"123"}`, 10, []string{`{}`}, "TOO_LARGE frame_too_big"},
	{"never ending", `{"` + strings.Repeat("a", 9000), 4000, nil, "TOO_LARGE frame_too_big"},
	{"as deep as may be", deep(16), 64, []string{deep(16)}, "EOF"},
	{"one too deep", deep(17), 64, nil, "MALFORMED bad_frame"},
}

// deep is an object with brackets n deep.
func deep(n int) string {
	return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
}

func TestAnySplitOfTheBytesMeansTheSame(t *testing.T) {
	for _, test := range streams {
		t.Run(test.name, func(t *testing.T) {
			splits := map[string]io.Reader{
				"whole":       strings.NewReader(test.in),
				"one by one":  iotest.OneByteReader(strings.NewReader(test.in)),
				"end at once": iotest.DataErrReader(strings.NewReader(test.in)),
				"pieces":      &pieces{test.in, rand.New(rand.NewPCG(1, 2))},
			}
			for split, in := range splits {
				objects, err := readAll(wire.NewReader(in, test.max))
				if !slices.Equal(objects, test.objects) || told(err) != test.end {
					t.Errorf("%s: got %q, %q; want %q, %q", split, objects, told(err), test.objects, test.end)
				}
			}
		})
	}
}

func TestObjectsOfAllSizesArriveWholeInPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var want []string
	for range 200 {
		want = append(want, `{"a":"`+strings.Repeat("x", random.IntN(5000))+`"}`)
	}

	got, err := readAll(wire.NewReader(&pieces{strings.Join(want, "\x00"), random}, 8192))

	if !slices.Equal(got, want) || err != io.EOF {
		t.Errorf("got %d objects and %v", len(got), err)
	}
}

func TestReaderGivesTheSameErrorForEver(t *testing.T) {
	broken := errors.New("network broke")
	inputs := map[string]io.Reader{
		"end":        strings.NewReader(`{}`),
		"end inside": strings.NewReader(`{`),
		"fault":      strings.NewReader(`{}x{}{}`),
		"too long":   strings.NewReader(`{"a":"1234567890"}{}`),
		"network":    io.MultiReader(strings.NewReader(`{}{`), iotest.ErrReader(broken)),
		"no bytes":   stuck{},
	}
	for name, in := range inputs {
		r := wire.NewReader(in, 10)
		_, first := readAll(r)
		for range 3 {
			if object, err := r.Next(); object != nil || err != first {
				t.Errorf("%s: first %v, then %q, %v", name, first, object, err)
			}
		}
		if name == "network" && first != broken {
			t.Errorf("got %v of the network's error", first)
		}
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// meter notes how much its reader asks for.
type meter struct {
	io.Reader
	asked, given int
}

func (m *meter) Read(b []byte) (int, error) {
	m.asked = len(b)
	n, err := m.Reader.Read(b)
	m.given += n
	return n, err
}

func TestReaderHoldsLittleOnceALargeObjectIsOver(t *testing.T) {
	large := `{"a":"` + strings.Repeat("x", 60000) + `"}`
	in := &meter{Reader: strings.NewReader(large + `{}`)}
	r := wire.NewReader(in, wire.MaxObject)

	objects, _ := readAll(r)

	if len(objects) != 2 || in.asked > 1024 {
		t.Errorf("%d objects, then a buffer of %d bytes", len(objects), in.asked)
	}
}

func TestReaderHoldsNoMoreThanItsBound(t *testing.T) {
	const bound = 5000
	in := &meter{Reader: strings.NewReader(`{"a":"` + strings.Repeat("x", 3*bound))}
	r := wire.NewReader(in, bound)

	_, err := r.Next()

	if told(err) != "TOO_LARGE frame_too_big" || in.given > bound {
		t.Errorf("got %v after %d bytes", err, in.given)
	}
}

// halting has a deadline that passes behind each byte.
type halting struct {
	s   string
	due bool
}

func (h *halting) Read(b []byte) (int, error) {
	if h.due = !h.due; h.due {
		return 0, os.ErrDeadlineExceeded
	}
	if h.s == "" {
		return 0, io.EOF
	}
	n := copy(b[:1], h.s)
	h.s = h.s[n:]
	return n, nil
}

func TestReaderThatRestsAtEveryDeadlineLosesNothing(t *testing.T) {
	for _, test := range streams {
		t.Run(test.name, func(t *testing.T) {
			r := wire.NewReader(&halting{s: test.in}, test.max)
			objects, err := readAll(r)
			for errors.Is(err, os.ErrDeadlineExceeded) {
				r.Rest()
				var more []string
				more, err = readAll(r)
				objects = append(objects, more...)
			}
			if !slices.Equal(objects, test.objects) || told(err) != test.end {
				t.Errorf("got %q, %q; want %q, %q", objects, told(err), test.objects, test.end)
			}
		})
	}
}

func TestReaderThatRestsHoldsNextToNothing(t *testing.T) {
	quiet := &meter{Reader: iotest.ErrReader(os.ErrDeadlineExceeded)}
	r := wire.NewReader(quiet, wire.MaxObject)
	r.Rest()

	if _, err := r.Next(); err != os.ErrDeadlineExceeded || quiet.asked > 16 {
		t.Errorf("got %v with a buffer of %d bytes", err, quiet.asked)
	}
}
