package cluster

import (
	"chatserver/net/wire"
	"chatserver/persistence"
)

// Envelope is what one node has to tell another. It does not change once it was sent.
type Envelope interface {
	// Receivers are whom it is for: nodes that claim none of them are not told.
	Receivers() []Key
}

type (
	// Stored is a message that was committed. Ver is the group's version that its sender was checked
	// against, 0 in a direct conversation.
	Stored struct {
		Message persistence.Message
		Ver     uint64
	}
	// Hint is what users may like to know at once, in the bytes that their sessions are sent. One who
	// blocks From drops it; 0: it is from nobody in particular.
	Hint struct {
		To     []persistence.UserID
		From   persistence.UserID
		Object []byte
	}
	// Relay is a hint for the members of a group who are online, but From.
	Relay struct {
		Group  persistence.GroupID
		From   persistence.UserID
		Object []byte
	}
	// Announce tells the members of a group what changed in it. The zero Event: find out.
	Announce struct {
		Group persistence.GroupID
		Event wire.Event
	}
	// Expel ends the sessions of a user whose login had a Turn before this one, which took their place.
	Expel struct {
		User persistence.UserID
		Turn uint64
	}
	// Marked tells a user's sessions on other nodes how far it has come in a conversation.
	Marked struct{ Mark persistence.Mark }
	// Refresh tells a user that its lists, groups or logins have changed.
	Refresh struct{ User persistence.UserID }
)

func (e Stored) Receivers() []Key {
	if group, ok := e.Message.Conv.Group(); ok {
		return []Key{GroupKey(group)}
	}
	lo, hi := e.Message.Conv.Users()
	if lo == hi {
		return []Key{UserKey(lo)}
	}
	return []Key{UserKey(lo), UserKey(hi)}
}

func (e Hint) Receivers() []Key {
	keys := make([]Key, len(e.To))
	for i, id := range e.To {
		keys[i] = UserKey(id)
	}
	return keys
}

func (e Relay) Receivers() []Key    { return []Key{GroupKey(e.Group)} }
func (e Announce) Receivers() []Key { return []Key{GroupKey(e.Group)} }
func (e Expel) Receivers() []Key    { return []Key{UserKey(e.User)} }
func (e Marked) Receivers() []Key   { return []Key{UserKey(e.Mark.User)} }
func (e Refresh) Receivers() []Key  { return []Key{UserKey(e.User)} }

// Batch is what one node tells another at once.
type Batch struct {
	From NodeID
	// Number counts the batches of this link, from From to the receiver: 1, 2, 3 … One without
	// envelopes repeats the last number, or is 0, and shows that the link lives.
	Number    uint64
	Envelopes []Envelope
}
