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

func TestAHeadSaysWhatTheBugIsAndWhoHasToFindIt(t *testing.T) {
	const diff = "\n--- a/f.go\n+++ b/f.go\n@@ -1,1 +1,0 @@\n-# Wanted: nothing\n"
	for text, want := range map[string]struct {
		judge  judge
		wanted string
	}{
		"# It leaks.":                        {promise, ""},
		"# It leaks.\n# Wanted: lacks|leaks": {promise, "lacks|leaks"},
		"# It leaks.\n# Found by: ./pipe TestPipe\n# Wanted: leaks": {judge{"./pipe", "TestPipe", false}, "leaks"},
	} {
		got, err := head(text + diff)
		if err != nil || got.what != "It leaks." || got.judge != want.judge || got.wanted.String() != want.wanted {
			t.Errorf("%q says %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "It leaks.", "# It leaks.\n# wanted: leaks", "# It leaks.\n# Wanted: ("} {
		if got, err := head(text + diff); err == nil {
			t.Errorf("%q says %+v", text, got)
		}
	}
}
