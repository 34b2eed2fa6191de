package sim

import (
	"errors"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

type inner struct{ N int }

type outer struct {
	Inner inner
	Next  *outer
	Any   any
	err   error
	since time.Time
	wait  time.Duration
	raw   []byte
	list  []inner
	empty []int
	who   *actor.PID
	run   func()
}

func TestMessagesPrintByTheirContents(t *testing.T) {
	cycle := &outer{}
	cycle.Any = cycle
	tests := []struct {
		msg  any
		want string
	}{
		{nil, `nil`},
		{1, `1`},
		{true, `true`},
		{"a\n", `"a\n"`},
		{uint8(1), `uint8(1)`},
		{1.5, `float64(1.5)`},
		{[]byte("ab"), `"ab"`},
		{[]string{"a", "b"}, `[]string(["a" "b"])`},
		{map[int]string{2: "b", 1: "a"}, `map[int]string({1:"a" 2:"b"})`},
		{errors.New("no"), `error("no")`},
		{time.Second, `1s`},
		{epoch, `2026-01-01T00:00:00Z`},
		{actor.NewPID("here", "users/42"), `users/42`},
		{(*outer)(nil), `nil`},
		{outer{}, `sim.outer`},
		{&outer{}, `*sim.outer`},
		{outer{empty: []int{}}, `sim.outer`},
		{outer{Inner: inner{1}, Next: &outer{}, Any: inner{2}}, `sim.outer{Inner:{N:1} Next:{} Any:sim.inner{N:2}}`},
		{outer{err: errors.New("no"), since: epoch, wait: 1}, `sim.outer{err:error("no") since:2026-01-01T00:00:00Z wait:1ns}`},
		{outer{raw: []byte("ab"), list: []inner{{}, {1}}}, `sim.outer{raw:"ab" list:[{} {N:1}]}`},
		{outer{who: actor.NewPID("here", "a"), run: func() {}}, `sim.outer{who:a run:func}`},
		{&actor.Terminated{Who: actor.NewPID("here", "a")}, `*actor.Terminated{Who:a}`},
	}
	for _, test := range tests {
		if got := describe(test.msg, 0); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
	if got := describe(cycle, 0); len(got) > 1000 {
		t.Errorf("a cycle prints %d bytes", len(got))
	}
}

func TestLongStringsAreCutWhereAsked(t *testing.T) {
	if got, want := describe("abcdef", 3), `"abc"…(6 bytes)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
