package bugs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bug is a mistake, planted.
type bug struct {
	file    string            // where it is described
	what    string            // it is, in a sentence
	changed map[string]string // the texts of the files that it changes, by their paths in the module
}

// read plants the bug that a file describes into what the module has in its folder root.
func read(root, file string) (b bug, err error) {
	diff, err := os.ReadFile(file)
	if err != nil {
		return bug{}, err
	}
	what, _, _ := strings.Cut(string(diff), "\n")
	b = bug{file: file, what: strings.TrimPrefix(what, "# "), changed: map[string]string{}}
	for _, h := range hunks(string(diff)) {
		text, ok := b.changed[h.file]
		if !ok {
			was, err := os.ReadFile(filepath.Join(root, h.file))
			if err != nil {
				return bug{}, fmt.Errorf("%s: %w", file, err)
			}
			text = string(was)
		}
		if b.changed[h.file], err = h.apply(text); err != nil {
			return bug{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	return b, nil
}

// hunk is a place of a file, as it is and as it is to be. It is known by its lines, whatever their numbers.
type hunk struct{ file, was, is string }

// hunks reads a unified diff whose paths begin at the module's root. What comes before its first file is not read.
func hunks(diff string) (all []hunk) {
	file := ""
	for line := range strings.Lines(diff) {
		switch {
		case strings.HasPrefix(line, "--- a/"):
			file = strings.TrimSpace(strings.TrimPrefix(line, "--- a/"))
		case strings.HasPrefix(line, "@@"):
			all = append(all, hunk{file: file})
		case file == "", strings.HasPrefix(line, "+++ b/"):
		default:
			h := &all[len(all)-1]
			if line[0] != '+' {
				h.was += line[1:]
			}
			if line[0] != '-' {
				h.is += line[1:]
			}
		}
	}
	return all
}

var errNoFit = errors.New("this bug does not fit the code any more: write it anew")

// apply refuses a hunk that has no place in the text, or more than one.
func (h hunk) apply(text string) (string, error) {
	text = "\n" + text // so that each line has one before it
	at := strings.Index(text, "\n"+h.was)
	if at < 0 || at != strings.LastIndex(text, "\n"+h.was) {
		return "", fmt.Errorf("%w: %s has these lines never or more than once:\n%s", errNoFit, h.file, h.was)
	}
	return text[1:at+1] + h.is + text[at+1+len(h.was):], nil
}
