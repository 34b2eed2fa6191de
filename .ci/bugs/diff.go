package bugs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// bug is a mistake, planted.
type bug struct {
	file    string            // where it is described
	what    string            // it is, in a sentence
	judge   judge             // what has to find it
	wanted  *regexp.Regexp    // one of its complaints has to match this
	changed map[string]string // the texts of the files that it changes, by their paths in the module
}

// read plants the bug that a file describes into what the module has in its folder root.
func read(root, file string) (bug, error) {
	diff, err := os.ReadFile(file)
	if err != nil {
		return bug{}, err
	}
	b, err := head(string(diff))
	if err == nil {
		b.file = file
		err = b.plant(root, hunks(string(diff)))
	}
	if err != nil {
		return bug{}, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

// head reads the lines before a diff: what the bug is, then the test that has to find it, which is the promise's unless
// another one is said, and what this has to complain of, which is anything unless it is said.
//
//	# Found by: FOLDER TEST
//	# Wanted: REGEXP
func head(diff string) (b bug, err error) {
	lines, _, _ := strings.Cut("\n"+diff, "\n--- a/")
	said := strings.Split(lines, "\n# ")[1:]
	if len(said) == 0 {
		return b, errors.New("it does not begin with what the bug is, behind #")
	}
	b = bug{what: said[0], judge: promise, wanted: regexp.MustCompile(""), changed: map[string]string{}}
	for _, line := range said[1:] {
		switch key, value, _ := strings.Cut(line, ": "); key {
		case "Found by":
			folder, test, _ := strings.Cut(value, " ")
			b.judge = judge{folder: folder, test: test}
		case "Wanted":
			if b.wanted, err = regexp.Compile(value); err != nil {
				return b, err
			}
		default:
			return b, fmt.Errorf("nobody knows what this means: %s", line)
		}
	}
	return b, nil
}

// plant changes what the module has in its folder root.
func (b bug) plant(root string, hunks []hunk) error {
	for _, h := range hunks {
		text, ok := b.changed[h.file]
		if !ok {
			was, err := os.ReadFile(filepath.Join(root, h.file))
			if err != nil {
				return err
			}
			text = string(was)
		}
		text, err := h.apply(text)
		if err != nil {
			return err
		}
		b.changed[h.file] = text
	}
	return nil
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
