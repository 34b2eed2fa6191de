package chat

import (
	"slices"
	"strings"
)

// completion is a word that Tab goes on with. Each Tab takes the next candidate.
type completion struct {
	typed      line // to go back to
	candidates []string
	at         int
}

// complete goes on with the word before the cursor, or to the next candidate for it.
func (u *screen) complete(step int) {
	if u.completion == nil {
		words := u.shell.candidates(u.line.before)
		if len(words) == 0 {
			return
		}
		u.completion = &completion{u.line, words, 0}
		if step < 0 {
			u.completion.at = len(words) - 1
		}
	} else {
		n := len(u.completion.candidates)
		u.completion.at = (u.completion.at + step + n) % n
	}
	c := u.completion
	start := strings.LastIndexByte(c.typed.before, ' ') + 1
	u.line.before = c.typed.before[:start] + c.candidates[c.at]
	if len(c.candidates) == 1 {
		u.line.before += " "
		u.completion = nil
	}
}

// candidates are the words that may stand for the unfinished one at the end of before: commands
// at the start, after that roles, groups and names.
func (s *shell) candidates(before string) []string {
	start := strings.LastIndexByte(before, ' ') + 1
	word := before[start:]
	if start == 0 && strings.HasPrefix(word, "/") {
		return matching(word, verbs())
	}
	words := s.groupNames()
	if !strings.HasPrefix(word, "#") {
		words = append(s.names(strings.HasPrefix(word, "@")), words...)
	}
	if strings.HasPrefix(before, "/role ") && strings.Count(before, " ") == 2 {
		words = roles()
	}
	if word == "" && !strings.HasPrefix(before, "/") {
		return nil // in a text every name would do
	}
	return matching(word, words)
}

func verbs() (verbs []string) {
	for _, c := range commands() {
		verbs = append(verbs, "/"+c.verb)
	}
	return verbs
}

// names are the known users', by alphabet, each with the mark of users if wanted.
func (s *shell) names(marked bool) (names []string) {
	for _, p := range s.book.people {
		switch {
		case p.Name == "" || p.ID == s.me.ID:
		case marked:
			names = append(names, "@"+Clean(p.Name))
		default:
			names = append(names, Clean(p.Name))
		}
	}
	slices.Sort(names)
	return names
}

func (s *shell) groupNames() (names []string) {
	for _, g := range s.book.memberships() {
		names = append(names, s.book.groupName(g.ID))
	}
	return names
}

func matching(start string, words []string) (found []string) {
	for _, w := range words {
		if strings.HasPrefix(fold(w), fold(start)) {
			found = append(found, w)
		}
	}
	return found
}
