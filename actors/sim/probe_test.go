package sim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"chatserver/actors/sim"
)

// refused is a message with a bit of everything.
type refused struct {
	Err  error
	At   time.Time
	Body []byte
	tags map[string]int
	more any
}

func TestWantComparesContents(t *testing.T) {
	w := sim.New(t)
	ann := w.Probe("ann")
	at := time.Now() // with a monotonic reading
	got := refused{errors.New("no"), at, []byte("hi"), map[string]int{"b": 2, "a": 1}, &refused{}}
	want := refused{fmt.Errorf("%s", "no"), at.UTC().Round(0), []byte("hi"), map[string]int{"a": 1, "b": 2}, &refused{}}

	ann.Send(ann.PID(), got)
	w.Settle()

	ann.Want(want)
}

func TestWantShowsWhatDiffers(t *testing.T) {
	r := sim.Try(t, func(t testing.TB) {
		w := sim.New(t)
		ann := w.Probe("ann")
		for _, msg := range []any{1, "two", int64(3)} {
			ann.Send(ann.PID(), msg)
		}
		w.Settle()
		ann.Want(1, "two", 3, refused{Body: []byte("no")})
	})

	want := `ann got at 0s what differs (- wanted, + got):
  1
  "two"
- 3
- sim_test.refused{Body:"no"}
+ int64(3)
`
	if len(r.Complaints) != 1 || r.Complaints[0] != want {
		t.Errorf("complaints: %s", strings.Join(r.Complaints, "\n"))
	}
}

func TestWantIsExact(t *testing.T) {
	tests := map[string]struct{ sent, want []any }{
		"too few":     {[]any{1}, []any{1, 2}},
		"too many":    {[]any{1, 2}, []any{1}},
		"other order": {[]any{1, 2}, []any{2, 1}},
		"other type":  {[]any{"1"}, []any{errors.New("1")}},
		"other field": {[]any{refused{tags: map[string]int{"a": 1}}}, []any{refused{tags: map[string]int{"a": 2}}}},
		"nothing":     {nil, []any{1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := sim.Try(t, func(t testing.TB) {
				w := sim.New(t)
				ann := w.Probe("ann")
				for _, msg := range test.sent {
					ann.Send(ann.PID(), msg)
				}
				w.Settle()
				ann.Want(test.want...)
			})
			if len(r.Complaints) != 1 {
				t.Errorf("complaints: %q", r.Complaints)
			}
		})
	}
}

func TestAProbeAnswersWhoAsked(t *testing.T) {
	w := sim.New(t)
	ann, bob := w.Probe("ann"), w.Probe("bob")

	ann.Ask(bob.PID(), "question")
	w.Settle()
	bob.Want("question")
	bob.Reply("answer")
	w.Settle()

	ann.Want("answer")
	if ann.Sender() != bob.PID() {
		t.Errorf("the answer came from %v", ann.Sender())
	}
}
