package bugs

import (
	"errors"
	"slices"
	"testing"
)

func TestABugThatDoesNotFitIsRefused(t *testing.T) {
	h := hunk{"f.go", "\tb\n\tc\n", "\tb\n"}
	for text, want := range map[string]string{
		"\ta\n\tb\n\tc\n\td\n":  "\ta\n\tb\n\td\n",
		"\tb\n\tc\n":            "\tb\n",
		"\ta\n\tb\n\tx\n":       "",
		"\t\tb\n\tc\n":          "",
		"\tb\n\tc\n\tb\n\tc\n":  "",
		"\tb\n\tc\n\ta\n\tb\tc": "\tb\n\ta\n\tb\tc",
	} {
		if got, err := h.apply(text); got != want || errors.Is(err, errNoFit) != (want == "") {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
}

func TestADiffMayChangeSeveralPlacesOfSeveralFiles(t *testing.T) {
	got := hunks("# What it is.\n--- a/f.go\n+++ b/f.go\n@@ -1,2 +1,1 @@\n a\n-b\n@@ -7,0 +6,1 @@\n+c\n--- a/d/g.go\n+++ b/d/g.go\n@@ -3,1 +3,1 @@\n-d\n+e\n")

	want := []hunk{{"f.go", "a\nb\n", "a\n"}, {"f.go", "", "c\n"}, {"d/g.go", "d\n", "e\n"}}
	if !slices.Equal(got, want) {
		t.Errorf("hunks: %q", got)
	}
}
