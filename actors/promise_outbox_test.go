package actors

import (
	"slices"
	"strconv"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// message is one on its way, by its cid, which is its text too.
type message struct {
	conv wire.Conv
	cid  string
}

// say sends a message, whose text nobody used before.
func (k *keeper) say(conv wire.Conv) {
	k.t.said++
	m := message{conv, strconv.Itoa(k.t.said)}
	k.outbox, k.mine[m.cid] = append(k.outbox, m), true
	k.of(conv).order = append(k.of(conv).order, sent{cid: m.cid})
	k.submit(m)
}

func (k *keeper) submit(m message) {
	if m.conv.Group {
		k.ask(wire.GroupChat{Group: m.conv.ID, Msg: m.cid, CID: m.cid})
		return
	}
	k.ask(wire.OneChat{To: m.conv.ID, Msg: m.cid, CID: m.cid})
}

// sentBy is the message that a request is.
func sentBy(r wire.Request) (m message, ok bool) {
	switch r := r.(type) {
	case wire.OneChat:
		return message{wire.WithUser(r.To), r.CID}, true
	case wire.GroupChat:
		return message{wire.InGroup(r.Group), r.CID}, true
	}
	return m, false
}

func (k *keeper) acked(request wire.Request, s wire.Stored) {
	m, _ := sentBy(request)
	if !k.t.store.has(convIs(k.user, m.conv), s.Seq, persistence.UserID(k.user), m.cid, m.cid) {
		k.t.Errorf("user %d was told that %s is stored as %d of %v, and it is not", k.user, m.cid, s.Seq, m.conv)
	}
	note(k.own, m.conv, s.Seq)
	k.inOrder(m, s.Seq)
	k.acknowledged(m.cid)
	if _, ok := k.t.store.mayRead(persistence.UserID(k.user), convIs(k.user, m.conv), s.Seq); ok {
		k.apply(m.conv, s.Seq)
		k.sync()
	}
}

// acknowledged takes a message out of the outbox.
func (k *keeper) acknowledged(cid string) {
	k.outbox = slices.DeleteFunc(k.outbox, func(m message) bool { return m.cid == cid })
}

// refused takes what never will be stored out of the outbox. What failed for now is tried again.
func (k *keeper) refused(rid string, was question, f wire.Fault) {
	soon := f.Errno == wire.Unavailable || f.Errno == wire.SlowDown
	k.full(was.request, f)
	if m, ok := sentBy(was.request); ok {
		switch {
		case soon:
			k.again[m.conv], k.of(m.conv).sick = true, true
		case f.Errno == wire.Forbidden || f.Errno == wire.NotFound:
			k.barred(m, was, f)
			k.of(m.conv).sick = true
			k.acknowledged(m.cid)
		default:
			k.t.Errorf("user %d was refused a message: %+v", k.user, f)
		}
	}
	switch request := was.request.(type) {
	case wire.Login:
		switch {
		case f.Errno == wire.Denied:
			k.t.denied(k.user, k.proof)
			k.denied, k.token = k.denied+1, ""
			k.ended = k.ending && k.denied > len(k.t.passwords[k.user])
		case !soon && (f.Errno != wire.InUse || k.t.policy != Reject):
			k.t.Errorf("user %d was refused a login: %+v", k.user, f)
		}
	case wire.Sync:
		k.unread(rid, request, soon)
	case wire.AddGroup, wire.Convs, wire.Friends, wire.Groups, wire.Members:
		if soon {
			k.later = append(k.later, request)
		}
	}
}

// unread gives up to read what nobody lets it.
func (k *keeper) unread(rid string, s wire.Sync, soon bool) {
	if rid != k.syncing {
		return
	}
	k.syncing = ""
	if at, _ := strconv.Atoi(rid); !soon && at > k.joined[s.Conv] {
		delete(k.head, s.Conv)
		delete(k.early, s.Conv)
	}
}

// resend asks once more for what failed for now: of a conversation for all that is left, in order.
func (k *keeper) resend() {
	for _, m := range k.outbox {
		if k.again[m.conv] {
			k.submit(m)
		}
	}
	clear(k.again)
	later := k.later
	k.later = nil
	for _, r := range later {
		k.ask(r)
	}
}
