package client

import (
	"time"

	"chatserver/net/wire"
)

// Event is something that happened to a Client.
type Event interface{ event() }

// The events, in the order of a connection's life.
type (
	// Connecting says that a server is dialled.
	Connecting struct{ Addr string }
	// Online says that the account is logged in. Convs are all of its conversations, in their
	// order, also those that Welcome has no room for. Catching up begins.
	Online struct {
		wire.Welcome
		Convs []wire.ConvState
	}
	// CaughtUp says that every conversation was received up to the head that it had at Online.
	CaughtUp struct{}
	// Offline says that there is no connection. Err is why; a *wire.Fault where the server
	// refused the login for now. The next try comes after Retry.
	Offline struct {
		Err   error
		Retry time.Duration
	}
	// Ended says that a Client gave up: the login was refused for good, or this session was ended
	// by another one. It is the last event, and it is missing where Close was first.
	Ended struct{ Err error }
)

// The events of conversations.
type (
	// Received is a message, from others or from oneself on any device: once, in the order of its
	// conversation, with no hole.
	Received struct {
		Conv wire.Conv
		Push wire.Push
	}
	// Stored says that an own message is durable. It comes before the message's Received, and
	// also where there is none because that was taken before a restart.
	Stored struct {
		Outgoing
		Seq uint64
		Ts  time.Time
		Dup bool // it was stored by an earlier try
	}
	// Refused says that an own message will not be stored. It has left the outbox.
	Refused struct {
		Outgoing
		Fault wire.Fault
	}
	// Lifted says that the position of a conversation is To without a Received: nothing is known
	// here of what was before, it was not there to be read (the user joined again), or the server's
	// numbers are new ones (its store was restored). History may have what is at To and below.
	Lifted struct {
		Conv wire.Conv
		To   uint64
	}
)

// The hints. They may be lost.
type (
	// Marked says how far somebody has come in a conversation.
	Marked wire.Marked
	// Presence says that a friend came or went.
	Presence wire.Presence
	// Typed says that somebody is writing.
	Typed wire.Typed
	// Happened is a change that others, or oneself on another device, have made.
	Happened wire.Event
)

func (Connecting) event() {}
func (Online) event()     {}
func (CaughtUp) event()   {}
func (Offline) event()    {}
func (Ended) event()      {}
func (Received) event()   {}
func (Stored) event()     {}
func (Refused) event()    {}
func (Lifted) event()     {}
func (Marked) event()     {}
func (Presence) event()   {}
func (Typed) event()      {}
func (Happened) event()   {}

// Outgoing is a message that this client sends.
type Outgoing struct {
	Conv wire.Conv
	CID  string // names the message, also when it is sent again
	Text string
	At   time.Time // when it was handed to Send, by this machine's clock
}

// Request is what asks the server to store it.
func (o Outgoing) Request() wire.Request {
	if o.Conv.Group {
		return wire.GroupChat{Group: o.Conv.ID, Msg: o.Text, CID: o.CID}
	}
	return wire.OneChat{To: o.Conv.ID, Msg: o.Text, CID: o.CID}
}
