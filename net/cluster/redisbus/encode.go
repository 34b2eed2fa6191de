package redisbus

import (
	"encoding/binary"
	"fmt"

	"chatserver/net/cluster"
)

// kind says which envelope follows. A number is never given to another.
type kind byte

const (
	stored kind = iota + 1
	hint
	relay
	announce
	expel
	refresh
	marked
)

// appendBatch writes a batch: whom it is from, its number, then each envelope behind its kind. Numbers
// are uvarints; a text or bytes stand behind their length; a list behind its own. A field that is added
// needs a new version, see frame.
func appendBatch(b []byte, batch cluster.Batch) ([]byte, error) {
	b = appendText(b, string(batch.From))
	b = binary.AppendUvarint(b, batch.Number)
	b = binary.AppendUvarint(b, uint64(len(batch.Envelopes)))
	for _, e := range batch.Envelopes {
		var err error
		if b, err = appendEnvelope(b, e); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func appendEnvelope(b []byte, e cluster.Envelope) ([]byte, error) {
	switch e := e.(type) {
	case cluster.Stored:
		return appendStored(b, e), nil
	case cluster.Hint:
		return appendHint(b, e), nil
	case cluster.Relay:
		b = append(b, byte(relay))
		b = appendID(b, e.Group)
		b = appendID(b, e.From)
		return appendText(b, e.Object), nil
	case cluster.Announce:
		return appendAnnounce(b, e), nil
	case cluster.Expel:
		b = append(b, byte(expel))
		b = appendID(b, e.User)
		return binary.AppendUvarint(b, e.Turn), nil
	case cluster.Marked:
		b = appendID(append(b, byte(marked)), e.Mark.User)
		b = appendID(b, e.Mark.Conv)
		b = binary.AppendUvarint(b, e.Mark.Delivered)
		return binary.AppendUvarint(b, e.Mark.Read), nil
	case cluster.Refresh:
		return appendID(append(b, byte(refresh)), e.User), nil
	}
	return nil, fmt.Errorf("a %T cannot be sent to another node", e)
}

func appendStored(b []byte, e cluster.Stored) []byte {
	m := e.Message
	b = append(b, byte(stored))
	b = appendID(b, m.Conv)
	b = binary.AppendUvarint(b, m.Seq)
	b = appendID(b, m.Sender.ID)
	b = appendText(b, m.Sender.Name)
	b = appendText(b, m.CID)
	b = appendText(b, m.Body)
	b = binary.AppendVarint(b, m.At.UnixMilli())
	return binary.AppendUvarint(b, e.Ver)
}

func appendHint(b []byte, e cluster.Hint) []byte {
	b = append(b, byte(hint))
	b = binary.AppendUvarint(b, uint64(len(e.To)))
	for _, id := range e.To {
		b = appendID(b, id)
	}
	b = appendID(b, e.From)
	return appendText(b, e.Object)
}

func appendAnnounce(b []byte, e cluster.Announce) []byte {
	b = append(b, byte(announce))
	b = appendID(b, e.Group)
	b = appendText(b, e.Event.Kind)
	b = appendID(b, e.Event.ID)
	b = appendID(b, e.Event.By)
	b = appendID(b, e.Event.Group)
	return appendText(b, e.Event.Role)
}

// appendID writes an id, which is never negative: one that is comes back as it was, but is long.
func appendID[ID ~int64](b []byte, id ID) []byte {
	return binary.AppendUvarint(b, uint64(id))
}

func appendText[Text ~string | ~[]byte](b []byte, text Text) []byte {
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}

// sizeOf is about how long a batch becomes, so that it is rarely copied while it grows.
func sizeOf(batch cluster.Batch) int {
	size := 64 + len(batch.From)
	for _, e := range batch.Envelopes {
		size += 64
		switch e := e.(type) {
		case cluster.Stored:
			size += len(e.Message.Body) + len(e.Message.CID) + len(e.Message.Sender.Name)
		case cluster.Hint:
			size += len(e.Object) + 5*len(e.To)
		case cluster.Relay:
			size += len(e.Object)
		}
	}
	return size
}
