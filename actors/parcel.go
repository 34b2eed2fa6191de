package actors

import (
	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// Parcel is a stored message on its way to its receivers, who all share it: it never changes.
type Parcel struct {
	Conv   persistence.Conv
	Seq    uint64
	Ver    uint64 // of the group, when the sender was checked; 0 for a direct message or one read back
	From   persistence.UserID
	Push   wire.Push
	Object []byte     // Push, encoded once
	Origin *actor.PID // the session that sent it; nil for one read back
}

// parcel wraps a stored message.
func (e *Env) parcel(m persistence.Message) *Parcel {
	push := wire.Push{
		Kind: wire.OneChatID,
		From: int64(m.Sender.ID),
		Name: m.Sender.Name,
		Msg:  m.Body,
		CID:  m.CID,
		Seq:  m.Seq,
		At:   m.At.In(e.Zone),
	}
	if group, ok := m.Conv.Group(); ok {
		push.Kind, push.To = wire.GroupChatID, int64(group)
	} else {
		push.To = int64(m.Conv.Peer(m.Sender.ID))
	}
	return &Parcel{
		Conv: m.Conv, Seq: m.Seq, From: m.Sender.ID,
		Push: push, Object: wire.AppendPush(nil, push, 0),
	}
}

// object is the parcel for a client that reads at most max bytes at once; 0 for no such limit.
func (p *Parcel) object(max int) []byte {
	if max == 0 || len(p.Object) <= max {
		return p.Object
	}
	return wire.AppendPush(nil, p.Push, max)
}

// String is what a simulation's trace shows.
func (p *Parcel) String() string { return p.Conv.String() + "#" + p.Push.Msg }
