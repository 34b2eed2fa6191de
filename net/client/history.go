package client

import (
	"fmt"

	"chatserver/net/wire"
)

// History checks what a client promises: each message of a conversation once, in order, with no
// hole. The zero History starts each conversation before its first message. It may go on with the
// events of a Client that was opened again; that is how tests find what a crash lost or doubled.
type History struct {
	at map[wire.Conv]uint64
}

// Add takes the next event of a Client. It fails where a Received is doubled, out of order or
// behind a hole; then the conversation goes on from there.
func (h *History) Add(e Event) error {
	if h.at == nil {
		h.at = map[wire.Conv]uint64{}
	}
	switch e := e.(type) {
	case Lifted:
		h.at[e.Conv] = e.To
	case Received:
		at := h.at[e.Conv]
		h.at[e.Conv] = max(at, e.Push.Seq)
		switch seq := e.Push.Seq; {
		case seq <= at:
			return fmt.Errorf("%v: message %d came again after %d", e.Conv, seq, at)
		case seq > at+1:
			return fmt.Errorf("%v: message %d came after %d: %d are missing", e.Conv, seq, at, seq-at-1)
		}
	}
	return nil
}

// At is how far a conversation has come.
func (h *History) At(conv wire.Conv) uint64 { return h.at[conv] }
