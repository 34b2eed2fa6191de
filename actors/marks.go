package actors

import (
	"maps"
	"slices"

	"chatserver/persistence"
)

// marks are how far a user has come in its conversations, and what of that is to be written down.
// They never go back.
type marks struct {
	now   map[persistence.Conv]mark
	dirty map[persistence.Conv]bool // moved since they were taken to be written down; true: and nobody was told
}

type mark struct{ delivered, read uint64 }

// start takes over what the store knows.
func (m *marks) start(states []persistence.ConvState) {
	for _, c := range states {
		if c.Delivered > 0 || c.Read > 0 {
			m.put(c.Conv, c.Delivered, c.Read)
		}
	}
}

// lift raises what the store knows to what is not written down yet.
func (m *marks) lift(states []persistence.ConvState) {
	for i := range states {
		c := &states[i]
		now := m.now[c.Conv]
		c.Delivered, c.Read = max(c.Delivered, now.delivered), max(c.Read, now.read)
	}
}

// move moves the marks of conv forward and tells whether that is news. told: those who like to
// know hear of it at once, else when it is taken.
func (m *marks) move(conv persistence.Conv, delivered, read uint64, told bool) bool {
	if was := m.now[conv]; delivered <= was.delivered && read <= was.read {
		return false
	}
	m.put(conv, delivered, read)
	m.soil(conv, m.dirty[conv] || !told)
	return true
}

func (m *marks) soil(conv persistence.Conv, untold bool) {
	if m.dirty == nil {
		m.dirty = map[persistence.Conv]bool{}
	}
	m.dirty[conv] = untold
}

func (m *marks) put(conv persistence.Conv, delivered, read uint64) {
	if m.now == nil {
		m.now = map[persistence.Conv]mark{}
	}
	was := m.now[conv]
	m.now[conv] = mark{max(was.delivered, delivered), max(was.read, read)}
}

// take returns what is to be written down for user, in the order of the conversations, and of
// that what nobody was told. It takes it for written.
func (m *marks) take(user persistence.UserID) (due, untold []persistence.Mark) {
	for _, conv := range slices.Sorted(maps.Keys(m.dirty)) {
		now := m.now[conv]
		due = append(due, persistence.Mark{User: user, Conv: conv, Delivered: now.delivered, Read: now.read})
		if m.dirty[conv] {
			untold = append(untold, due[len(due)-1])
		}
	}
	m.dirty = nil
	return due, untold
}

// failed takes back that these were written.
func (m *marks) failed(due []persistence.Mark) {
	for _, d := range due {
		m.put(d.Conv, d.Delivered, d.Read)
		m.soil(d.Conv, m.dirty[d.Conv])
	}
}

// rest forgets what is written down.
func (m *marks) rest() {
	maps.DeleteFunc(m.now, func(conv persistence.Conv, _ mark) bool {
		_, dirty := m.dirty[conv]
		return !dirty
	})
	if len(m.now) == 0 {
		m.now = nil
	}
}
