package bench

import (
	"slices"
	"testing"
)

func TestTwoOfAPairAreOnDifferentNodesAndAllNodesAreUsedAlike(t *testing.T) {
	for _, c := range []struct {
		addrs []string
		want  []string // of connections 0, 1, 2 …
	}{
		{[]string{"a"}, []string{"a", "a", "a", "a"}},
		{[]string{"a", "b"}, []string{"a", "b", "b", "a", "a", "b", "b", "a"}},
		{[]string{"a", "b", "c"}, []string{"a", "b", "b", "c", "c", "a"}},
	} {
		at := apart(c.addrs)
		var got []string
		for i := range c.want {
			got = append(got, at(i))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("connections go to %q, not to %q", got, c.want)
		}
	}
}
