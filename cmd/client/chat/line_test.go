package chat

import (
	"slices"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestLineIsEditedByWhatAReaderTakesForACharacter(t *testing.T) {
	const family, flag, accent = "👩‍👩‍👧", "🇨🇭", "e\u0301"
	for name, c := range map[string]struct {
		from line
		do   func(l *line)
		want line
	}{
		"left over an accent":        {line{"caf" + accent, ""}, (*line).left, line{"caf", accent}},
		"right over a family":        {line{"", family + "!"}, (*line).right, line{family, "!"}},
		"backspace takes a flag":     {line{flag + flag, ""}, (*line).backspace, line{flag, ""}},
		"delete takes a family":      {line{"a", family + "b"}, (*line).remove, line{"a", "b"}},
		"backspace at the start":     {line{"", "a"}, (*line).backspace, line{"", "a"}},
		"delete at the end":          {line{"a", ""}, (*line).remove, line{"a", ""}},
		"left at the start":          {line{"", "a"}, (*line).left, line{"", "a"}},
		"right at the end":           {line{"a", ""}, (*line).right, line{"a", ""}},
		"home":                       {line{"ab", "cd"}, (*line).home, line{"", "abcd"}},
		"end":                        {line{"ab", "cd"}, (*line).end, line{"abcd", ""}},
		"a word left":                {line{"one two  ", "x"}, (*line).wordLeft, line{"one ", "two  x"}},
		"a word right":               {line{"one", " 二 three"}, (*line).wordRight, line{"one 二", " three"}},
		"removing the word before":   {line{"one two ", "x"}, (*line).removeWord, line{"one ", "x"}},
		"removing what is before":    {line{"one ", "two"}, (*line).removeHead, line{"", "two"}},
		"removing what follows":      {line{"one ", "two"}, (*line).removeTail, line{"one ", ""}},
		"inserting what was pasted":  {line{"<", ">"}, func(l *line) { l.insert("a\tb\r\nc\x1b[2J\u009b") }, line{"<a    b\nc[2J", ">"}},
		"joining what makes up one":  {line{"e", ""}, func(l *line) { l.insert("\u0301"); l.backspace() }, line{"", ""}},
		"a word where there is none": {line{"", ""}, (*line).removeWord, line{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.from

			c.do(&got)

			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestLineIsLaidOutInRowsWithItsCursor(t *testing.T) {
	for name, c := range map[string]struct {
		line  line
		width int
		rows  []string
		x, y  int
	}{
		"empty":                         {line{"", ""}, 5, []string{""}, 0, 0},
		"short":                         {line{"ab", "c"}, 5, []string{"abc"}, 2, 0},
		"wrapped before the cursor":     {line{"abcdefg", ""}, 5, []string{"abcde", "fg"}, 2, 1},
		"wrapped behind it":             {line{"a", "bcdefg"}, 5, []string{"abcde", "fg"}, 1, 0},
		"full to the cursor":            {line{"abcde", ""}, 5, []string{"abcde", ""}, 0, 1},
		"full, and goes on":             {line{"abcde", "f"}, 5, []string{"abcde", "f"}, 0, 1},
		"wide ones are not cut in half": {line{"你好吗", ""}, 5, []string{"你好", "吗"}, 2, 1},
		"lines":                         {line{"a\nb", "\n"}, 5, []string{"a", "b", ""}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			rows, x, y := c.line.rows(ansi.GraphemeWidth, c.width)

			if !slices.Equal(rows, c.rows) || x != c.x || y != c.y {
				t.Errorf("%q with the cursor at %d, %d; want %q at %d, %d", rows, x, y, c.rows, c.x, c.y)
			}
		})
	}
}

func TestPastKeepsTheDraftAndNoLineTwice(t *testing.T) {
	var p past
	p.keep("one")
	p.keep("two")
	p.keep("two")

	for _, step := range []struct {
		move func(now string) string
		now  string
		want string
	}{
		{p.down, "draft", "draft"},
		{p.up, "draft", "two"}, {p.up, "two", "one"}, {p.up, "one", "one"},
		{p.down, "one", "two"}, {p.down, "two", "draft"}, {p.down, "draft", "draft"},
	} {
		if got := step.move(step.now); got != step.want {
			t.Fatalf("from %q it goes to %q, want %q", step.now, got, step.want)
		}
	}
}
