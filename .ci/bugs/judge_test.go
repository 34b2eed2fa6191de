package bugs

import (
	"regexp"
	"testing"
)

func TestOnlyTheWantedComplaintCounts(t *testing.T) {
	v := verdict{complaints: []string{"seed=7: it rattles", "seed=7: it leaks 3 l", "seed=7: it leaks 4 l"}}
	for wanted, want := range map[string]string{"leaks": v.complaints[1], "": v.complaints[0], "burns": ""} {
		if got := v.complaint(regexp.MustCompile(wanted)); got != want {
			t.Errorf("wanted is %q, and got %q", wanted, got)
		}
	}
	if got := (verdict{passed: true}).complaint(regexp.MustCompile("")); got != "" {
		t.Errorf("what passed complains: %s", got)
	}
}
