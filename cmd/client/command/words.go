package command

import (
	"context"
	"strconv"
	"strings"

	"chatserver/net/wire"
)

// word is how somebody named a conversation: by its id, or by a name that the server has to tell the id of.
type word struct {
	conv wire.Conv // its ID is 0 where there is a name
	name string
}

// conversation reads a word that may mean a person or a group.
func conversation(text string) (word, error) {
	if w, ok := marked(text); ok {
		return w, nil
	}
	return word{}, fail(misused, "%q is no conversation: write @NAME or u:ID for a person, '#GROUP' or g:ID for a group", text)
}

// person reads a word that can only mean a person.
func person(text string) (word, error) {
	w, ok := marked(text)
	if !ok {
		w, ok = bare(text, false)
	}
	if !ok || w.conv.Group {
		return word{}, fail(misused, "%q is no person: write NAME, @NAME or u:ID", text)
	}
	return w, nil
}

// group reads a word that can only mean a group.
func group(text string) (word, error) {
	w, ok := marked(text)
	if !ok {
		w, ok = bare(text, true)
	}
	if !ok || !w.conv.Group {
		return word{}, fail(misused, "%q is no group: write GROUP, '#GROUP' or g:ID", text)
	}
	return w, nil
}

// marked reads a word that says itself whether it means a person or a group.
func marked(text string) (word, bool) {
	if name, ok := strings.CutPrefix(text, "@"); ok {
		return word{name: name}, name != ""
	}
	if name, ok := strings.CutPrefix(text, "#"); ok {
		return word{wire.Conv{Group: true}, name}, name != ""
	}
	conv, ok := wire.ParseConv(text)
	return word{conv: conv}, ok
}

// bare reads a name or an id.
func bare(text string, group bool) (word, bool) {
	if strings.Trim(text, "0123456789") != "" {
		return word{wire.Conv{Group: group}, text}, true
	}
	prefix := "u:"
	if group {
		prefix = "g:"
	}
	conv, ok := wire.ParseConv(prefix + text)
	return word{conv: conv}, ok
}

// resolve returns the conversation that a word means.
func (s *session) resolve(ctx context.Context, w word) (wire.Conv, error) {
	switch {
	case w.name == "":
		return w.conv, nil
	case w.conv.Group:
		return s.groupNamed(w.name)
	}
	found, err := call[wire.Found](ctx, s, wire.Lookup{Name: w.name})
	if errno(err) == wire.NotFound {
		return wire.Conv{}, fail(refused, "nobody is called %q: check the name", w.name)
	}
	return wire.WithUser(found.User.ID), err
}

// groupNamed finds a group by its name among those that the user is in.
func (s *session) groupNamed(name string) (wire.Conv, error) {
	for _, g := range s.me.Groups {
		if strings.EqualFold(g.Name, name) {
			return wire.InGroup(g.ID), nil
		}
	}
	return wire.Conv{}, fail(refused, "you are in no group called %q: client groups shows those you are in; "+
		"another one is known by its id alone, write g:ID", name)
}

// number reads an id or a seq.
func number(what, text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 62)
	if err != nil || n == 0 {
		return 0, fail(misused, "%q is no %s: that is a number above 0", text, what)
	}
	return n, nil
}
