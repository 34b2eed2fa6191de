package client

import (
	"reflect"
	"testing"

	"chatserver/net/wire"
)

func TestMarksTellOnlyWhatIsNew(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(m *marks)
		want []wire.Mark
	}{
		"nothing":            {func(m *marks) {}, nil},
		"both":               {func(m *marks) { m.reach(bob, mark{3, 2}) }, []wire.Mark{{Conv: bob, Delivered: 3, Read: 2}}},
		"in one order":       {func(m *marks) { m.reach(team, mark{1, 0}); m.reach(bob, mark{1, 0}) }, []wire.Mark{{Conv: bob, Delivered: 1}, {Conv: team, Delivered: 1}}},
		"never back":         {func(m *marks) { m.reach(bob, mark{3, 0}); m.reach(bob, mark{2, 1}) }, []wire.Mark{{Conv: bob, Delivered: 3, Read: 1}}},
		"once":               {func(m *marks) { m.reach(bob, mark{3, 0}); m.due(); m.reach(bob, mark{3, 1}) }, []wire.Mark{{Conv: bob, Read: 1}}},
		"again if it failed": {func(m *marks) { m.reach(bob, mark{3, 0}); m.failed(m.due()[0]) }, []wire.Mark{{Conv: bob, Delivered: 3}}},
		"what the server lost": {func(m *marks) {
			m.reach(bob, mark{3, 2})
			m.due()
			m.opened([]wire.ConvState{{Conv: bob, Delivered: 3, Read: 1}})
		}, []wire.Mark{{Conv: bob, Read: 2}}},
		"nothing of what it does not have": {func(m *marks) {
			m.reach(team, mark{3, 2})
			m.opened(nil)
			m.reach(bob, mark{1, 0})
		}, []wire.Mark{{Conv: bob, Delivered: 1}}},
		"nothing of old numbers": {func(m *marks) {
			m.reach(bob, mark{3, 2})
			m.void()
			m.opened([]wire.ConvState{{Conv: bob}})
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarks()

			c.do(m)

			if got := m.due(); !reflect.DeepEqual(got, c.want) {
				t.Errorf("due %v, want %v", got, c.want)
			}
		})
	}
}
