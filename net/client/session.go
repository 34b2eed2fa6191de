package client

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"chatserver/net/wire"
)

// session is what ends with a connection.
type session struct {
	link    *link // nil: there is no connection
	batch   []addressed
	asked   map[uint64]question // by what their rid says
	beat    <-chan time.Time
	move    <-chan time.Time // a GOAWAY's random wait
	leaving bool             // nothing more is asked, and the session ends when all is answered

	give    func(successor string) error // ends the loan of the token; nil: there is none
	welcome wire.Welcome
	convs   []wire.ConvState
	early   []Event // hints that came before online
	online  bool    // logged in, and CONVS was read to its end
	since   time.Time

	syncing   bool // a SYNC is in flight
	syncAfter time.Time
	typed     map[wire.Conv]time.Time // when it was last said
}

// question is a request that is not answered.
type question struct {
	call *call                         // whose it is, nil where it is the loop's own
	done func(wire.Reply, *wire.Fault) // one of them is nil
}

func newSession(k *link) session {
	return session{
		link:  k,
		asked: map[uint64]question{},
		beat:  time.After(heartbeat),
		typed: map[wire.Conv]time.Time{},
	}
}

// request asks the server; q.done has the answer, unless the connection ends before.
func (l *loop) request(r wire.Request, q question) {
	l.asks++
	l.asked[l.asks] = q
	l.batch = append(l.batch, addressed{wire.RID(strconv.FormatUint(l.asks, 10)), r})
}

// say sends what has no reply that matters.
func (l *loop) say(r wire.Request) { l.batch = append(l.batch, addressed{request: r}) }

func (l *loop) ping() {
	l.beat = time.After(heartbeat)
	l.say(wire.Ping{})
}

// arrived handles what the connection brought.
func (l *loop) arrived(a arrival) {
	if a.err != nil {
		l.lost(a.err, 0)
		return
	}
	if n, err := strconv.ParseUint(string(a.re.RID), 10, 64); err == nil {
		l.answered(n, a.reply)
		return
	}
	switch r := a.reply.(type) {
	case wire.Push:
		l.pushed(r)
	case wire.Marked:
		l.hint(Marked(r))
	case wire.Presence:
		l.hint(Presence(r))
	case wire.Typed:
		l.hint(Typed(r))
	case wire.Event:
		l.happened(r)
	case wire.GoAway:
		l.goAway(r)
	case wire.Refused:
		switch {
		case a.re.ID == wire.LoginID: // by a server of before v2, which knows no rid
			l.greeted(nil, told(r.Fault))
		case refusesConn(a.re):
			l.lost(&r.Fault, r.Fault.Retry)
		}
	}
}

// answered hands a reply to whoever asked.
func (l *loop) answered(n uint64, reply wire.Reply) {
	q, ok := l.asked[n]
	if !ok {
		return
	}
	delete(l.asked, n)
	refused, ok := reply.(wire.Refused)
	switch {
	case !ok:
		q.done(reply, nil)
	case l.online && refused.Fault.Errno == wire.LoginFirst: // nothing was done; log in again
		if q.call != nil {
			l.calls = append(l.calls, q.call)
		}
		l.lost(&refused.Fault, 0)
	default:
		q.done(nil, told(refused.Fault))
	}
}

// hint tells what may also be lost. It does not overtake Online.
func (l *loop) hint(e Event) {
	if l.online {
		l.tell(e)
		return
	}
	l.early = append(l.early, e)
}

func (l *loop) happened(e wire.Event) {
	l.hint(Happened(e))
	if e.Kind == wire.Kicked {
		l.fail(ErrKicked)
	}
}

// goAway has the session end within the time that the server gives, not with all others at once.
func (l *loop) goAway(r wire.GoAway) {
	l.move = time.After(l.upTo(r.After))
}

// hangUp ends the connection, if there is one. What changes nothing is asked again on the next.
func (l *loop) hangUp() {
	if l.link != nil {
		l.link.end()
	}
	l.giveBack("") // nothing was changed that an error could lose
	for _, n := range slices.Sorted(maps.Keys(l.asked)) {
		switch k := l.asked[n].call; {
		case k == nil:
		case repeats(k.request):
			l.calls = append(l.calls, k)
		default:
			k.answer(nil, ErrUnknown)
		}
	}
	l.session = session{}
	l.ledger.closed()
}
