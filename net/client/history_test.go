package client

import "testing"

func TestHistoryFindsWhatIsLostDoubledOrSwapped(t *testing.T) {
	for name, c := range map[string]struct {
		events []Event
		faults int
	}{
		"in order":               {[]Event{got(1), got(2), Online{}, got(3)}, 0},
		"lost":                   {[]Event{got(1), got(3)}, 1},
		"the first one lost":     {[]Event{got(2)}, 1},
		"doubled":                {[]Event{got(1), got(2), got(2)}, 1},
		"swapped":                {[]Event{got(2), got(1)}, 2},
		"lifted":                 {[]Event{got(1), Lifted{bob, 4}, got(5)}, 0},
		"lifted and one lost":    {[]Event{Lifted{bob, 4}, got(6)}, 1},
		"in an order of each":    {[]Event{got(1), Received{cat, message(cat, 1)}, got(2)}, 0},
		"numbered anew":          {[]Event{got(1), got(2), Lifted{bob, 0}, got(1)}, 0},
		"goes on behind a fault": {[]Event{got(1), got(3), got(4), got(5)}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var h History
			faults := 0
			for _, e := range c.events {
				if h.Add(e) != nil {
					faults++
				}
			}

			if faults != c.faults {
				t.Errorf("%d faults, want %d", faults, c.faults)
			}
		})
	}
}

func got(seq uint64) Event { return Received{bob, message(bob, seq)} }
