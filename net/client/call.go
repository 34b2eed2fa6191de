package client

import (
	"fmt"
	"slices"

	"chatserver/net/wire"
)

// call is a request of the application.
type call struct {
	request wire.Request
	result  chan outcome // holds one
	over    bool         // it was answered
}

// outcome is what Call returns.
type outcome struct {
	reply wire.Reply
	err   error
}

func (k *call) answer(reply wire.Reply, err error) {
	if !k.over {
		k.over = true
		k.result <- outcome{reply, err}
	}
}

func (l *loop) call(k *call) {
	if l.ended != nil {
		k.answer(nil, l.ended)
		return
	}
	l.calls = append(l.calls, k)
}

// abandon answers a call whose caller waits no longer.
func (l *loop) abandon(k *call, why error) {
	if i := slices.Index(l.calls, k); i >= 0 {
		l.calls = slices.Delete(l.calls, i, i+1)
	} else if !repeats(k.request) {
		why = fmt.Errorf("%w (%w)", ErrUnknown, why)
	}
	k.answer(nil, why)
}

// ask sends the calls that wait. A SYNC waits for the one before, and goes before the ledger's.
func (l *loop) ask() {
	waiting := l.calls
	l.calls = nil
	for _, k := range waiting {
		if k.over {
			continue
		}
		_, sync := k.request.(wire.Sync)
		if sync && l.syncing {
			l.calls = append(l.calls, k)
			continue
		}
		l.syncing = l.syncing || sync
		l.request(k.request, question{call: k, done: func(reply wire.Reply, fault *wire.Fault) {
			l.syncing = l.syncing && !sync
			if fault != nil {
				k.answer(nil, fault)
				return
			}
			k.answer(reply, nil)
		}})
	}
}

// refuse answers all calls that wait.
func (l *loop) refuse(why error) {
	for _, k := range l.calls {
		k.answer(nil, why)
	}
	l.calls = nil
}

// repeats says whether a request may be asked twice: it changes nothing.
func repeats(r wire.Request) bool {
	switch r.(type) {
	case wire.Sync, wire.Lookup, wire.Friends, wire.Groups, wire.Members, wire.Convs, wire.Tokens:
		return true
	}
	return false
}

// strange is an answer that does not belong to its request.
func strange(id wire.MsgID, reply wire.Reply) error {
	return fmt.Errorf("the server answered %v with %T; is it of another version?", id, reply)
}
