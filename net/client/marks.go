package client

import (
	"maps"

	"chatserver/net/wire"
)

// mark is how far the user has come in a conversation.
type mark struct{ delivered, read uint64 }

// marks are what the server is to know of the user's progress, without I/O.
type marks struct {
	want  map[wire.Conv]mark
	told  map[wire.Conv]mark
	dirty map[wire.Conv]bool // want may be above told
}

func newMarks() *marks {
	return &marks{want: map[wire.Conv]mark{}, told: map[wire.Conv]mark{}, dirty: map[wire.Conv]bool{}}
}

// reach raises what the server is to know.
func (m *marks) reach(conv wire.Conv, to mark) {
	was := m.want[conv]
	m.want[conv] = mark{max(was.delivered, to.delivered), max(was.read, to.read)}
	m.dirty[conv] = true
}

// opened says what the server knows at login. What it lost is told again; of conversations that it
// does not name, nothing is.
func (m *marks) opened(convs []wire.ConvState) {
	clear(m.told)
	for _, state := range convs {
		m.told[state.Conv] = mark{state.Delivered, state.Read}
		m.dirty[state.Conv] = true
	}
	gone := func(conv wire.Conv) bool { _, ok := m.told[conv]; return !ok }
	maps.DeleteFunc(m.want, func(conv wire.Conv, _ mark) bool { return gone(conv) })
	maps.DeleteFunc(m.dirty, func(conv wire.Conv, _ bool) bool { return gone(conv) })
}

// void forgets all: the server's numbers are new ones.
func (m *marks) void() {
	clear(m.want)
	clear(m.dirty)
}

// due takes what has to be told, in the order of conversations.
func (m *marks) due() []wire.Mark {
	var due []wire.Mark
	for _, conv := range sorted(m.dirty) {
		want, told := m.want[conv], m.told[conv]
		r := wire.Mark{Conv: conv}
		if want.delivered > told.delivered {
			r.Delivered = want.delivered
		}
		if want.read > told.read {
			r.Read = want.read
		}
		if r.Delivered+r.Read > 0 {
			due = append(due, r)
			m.told[conv] = mark{max(want.delivered, told.delivered), max(want.read, told.read)}
		}
	}
	clear(m.dirty)
	return due
}

// failed says that the server took no notice: it is due again.
func (m *marks) failed(r wire.Mark) {
	delete(m.told, r.Conv)
	m.dirty[r.Conv] = true
}
