package actors

import (
	"errors"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/wire"
)

// line is a connection: the Conn of a session, the network, and the client's end, which takes what it
// reads one object at a time.
type line struct {
	at      *host
	session *actor.PID
	queue   []sentObject // by the session, not taken yet
	taken   time.Time    // when what was taken last had been sent
	v2      bool
	stalled bool        // the client takes nothing
	shut    bool        // the client sends nothing any more
	broken  bool        // nothing passes any more
	closed  wire.Reason // by the session
	over    bool        // the session was told Closed
}

// sentObject is one on its way, and since when.
type sentObject struct {
	object []byte
	at     time.Time
}

// most is how many objects wait for a slow client before the gateway breaks the connection.
const most = 30

var errNetwork = errors.New("connection reset by peer")

// String is what a trace shows.
func (l *line) String() string { return "a connection" }

func (l *line) Upgrade() { l.v2 = true }
func (l *line) Done()    {}

// Open may come after the client has gone.
func (l *line) Open(session *actor.PID) {
	l.session = session
	switch {
	case l.broken:
		l.tell(HungUp{errNetwork})
	case l.shut:
		l.tell(HungUp{})
	}
}

func (l *line) Send(object []byte) {
	switch {
	case l.closed != "":
		return
	case l.broken:
		l.abort()
		return
	}
	if l.queue = append(l.queue, sentObject{object, l.at.t.w.Now()}); len(l.queue) > most {
		l.at.t.happened[clientSlow]++
		l.reset()
	}
}

func (l *line) Close(reason wire.Reason) {
	if l.closed == "" {
		if l.at.t.mood <= slow && !l.broken && !l.over && !l.stuck() && slices.Contains(ownFaults, reason) {
			l.at.t.Errorf("a connection was closed as %s, though nothing is wrong", reason)
		}
		l.closed = reason
		l.finish()
	}
}

// ownFaults are reasons to close that nobody but the server has to answer for.
var ownFaults = []wire.Reason{wire.Crashed, wire.Draining, wire.BadFrame, wire.FrameTooBig, wire.TooMany}

// stuck tells whether the client took nothing for so long that a real connection would be broken: Limits.Write is
// below Limits.Idle.
func (l *line) stuck() bool {
	return len(l.queue) > 0 && l.at.t.w.Now().Sub(l.queue[0].at) > l.at.env.Limits.Idle/2
}

// finish tells the session that the connection is over, once all is written.
func (l *line) finish() {
	if l.closed != "" && (l.broken || len(l.queue) == 0) {
		l.abort()
	}
}

// abort tells the session that the connection is over.
func (l *line) abort() {
	if !l.over {
		l.over = true
		l.tell(Closed{})
	}
}

func (l *line) tell(msg any) {
	if l.session != nil {
		l.at.t.w.System().Root.Send(l.session, msg)
	}
}

// take is the next object that the client reads; nil where there is none.
func (l *line) take() []byte {
	if l.stalled || l.broken || len(l.queue) == 0 {
		return nil
	}
	object := l.queue[0].object
	l.taken, l.queue = l.queue[0].at, l.queue[1:]
	if !l.v2 {
		l.tell(Written{1})
	}
	l.finish()
	return object
}

// send sends an object, unless the client's side is closed.
func (l *line) send(object []byte) {
	if !l.shut && !l.broken && l.closed == "" {
		l.tell(Frame{object})
	}
}

// halfClose ends the client's side; it reads on.
func (l *line) halfClose() {
	if !l.shut && !l.broken {
		l.shut = true
		l.tell(HungUp{})
	}
}

// reset breaks the connection: what was under way is lost.
func (l *line) reset() {
	if l.broken {
		return
	}
	unwritten := len(l.queue) > 0
	l.broken, l.queue = true, nil
	if !l.shut {
		l.tell(HungUp{errNetwork})
	}
	if l.finish(); unwritten { // the next write fails
		l.abort()
	}
}

// crashed is what the client sees of a node's end.
func (l *line) crashed() { l.broken, l.queue, l.session, l.over = true, nil, nil, true }

// gone tells whether the client has nothing to expect of it any more.
func (l *line) gone() bool { return l.broken || l.closed != "" && len(l.queue) == 0 }

// usable tells whether the client may send.
func (l *line) usable() bool { return l.session != nil && !l.shut && l.closed == "" && !l.broken }

// onLine does something to a program's connection.
func onLine(do func(*line)) func(*trial, step) bool {
	return func(t *trial, s step) bool {
		l := t.devices[s.a%len(t.devices)].line()
		if l == nil || l.gone() {
			return false
		}
		do(l)
		return true
	}
}
