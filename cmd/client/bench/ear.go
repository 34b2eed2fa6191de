package bench

// Faults are the promises that were seen broken. Each must be 0.
type Faults struct {
	Lost           int64 `json:"lost"`           // sent and never delivered, once for each receiver
	Unacknowledged int64 `json:"unacknowledged"` // sent and never acknowledged, in v2
	Doubled        int64 `json:"doubled"`        // delivered again
	Reordered      int64 `json:"reordered"`      // delivered behind a later one of its sender or of its conversation
	Misnumbered    int64 `json:"misnumbered"`    // numbers missing in a conversation; messages whose number is not the same for all
	Strange        int64 `json:"strange"`        // delivered where nobody sent it, or before it was sent
}

func (f *Faults) add(g Faults) {
	f.Lost += g.Lost
	f.Unacknowledged += g.Unacknowledged
	f.Doubled += g.Doubled
	f.Reordered += g.Reordered
	f.Misnumbered += g.Misnumbered
	f.Strange += g.Strange
}

// any says whether there is one.
func (f Faults) any() bool { return f != Faults{} }

// verdict is what an ear makes of a message.
type verdict int

const (
	fresh   verdict = iota
	late            // fresh too, but a later one came before
	doubled         // it was heard before
	strange         // it cannot have been sent yet
)

// ear is what one receiver hears of one sender, whose messages are numbered 0, 1, 2 and so on.
type ear struct {
	window  uint64              // messages that the sender has under way at most
	next    uint64              // behind the highest one heard
	skipped map[uint64]struct{} // those below next that were not heard
}

func newEar(window int) *ear {
	return &ear{window: uint64(window), skipped: make(map[uint64]struct{})}
}

func (e *ear) hear(n uint64) verdict {
	switch {
	case n >= e.next+e.window:
		return strange
	case n >= e.next:
		for ; e.next < n; e.next++ {
			e.skipped[e.next] = struct{}{}
		}
		e.next++
		return fresh
	}
	if _, missed := e.skipped[n]; missed {
		delete(e.skipped, n)
		return late
	}
	return doubled
}

// lost is how many of the sent messages were not heard.
func (e *ear) lost(sent uint64) int64 { return int64(sent - e.next + uint64(len(e.skipped))) }

// seqs are the numbers of one conversation's messages as one session sees them.
type seqs struct {
	pushed   uint64 // the last one that was pushed
	min, max uint64
	count    uint64
}

// push notes a delivered message. It says whether its number is above all that were pushed before.
func (s *seqs) push(seq uint64) (rises bool) {
	rises = seq > s.pushed
	s.pushed = max(s.pushed, seq)
	s.fill(seq)
	return rises
}

// fill notes a message that the session knows by its ACK. No message may be noted twice.
func (s *seqs) fill(seq uint64) {
	if s.count == 0 {
		s.min = seq
	}
	s.min, s.max = min(s.min, seq), max(s.max, seq)
	s.count++
}

// holes is how many numbers between the lowest and the highest one are missing.
func (s *seqs) holes() int64 {
	if s.count == 0 {
		return 0
	}
	return max(0, int64(s.max-s.min+1-s.count))
}
