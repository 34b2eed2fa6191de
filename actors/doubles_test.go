package actors

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/wire"
)

// plain is a Passwords whose hash is the password: what it costs is tested elsewhere.
type plain struct{}

func (plain) Hash(password string) string       { return "plain:" + password }
func (plain) Verify(hash, password string) bool { return hash == "plain:"+password }

// counts is a Meter that keeps what it is told.
type counts struct {
	sessions, online, stored int
	relayed, dropped, gaps   int
	deaf                     bool
	refused                  []wire.Errno
	closed                   []wire.Reason
	crashed                  []string
}

func (c *counts) Session(d int)                      { c.sessions += d }
func (c *counts) Online(d int)                       { c.online += d }
func (c *counts) Refused(_ wire.MsgID, e wire.Errno) { c.refused = append(c.refused, e) }
func (c *counts) Closed(r wire.Reason)               { c.closed = append(c.closed, r) }
func (c *counts) Committed(n int, _ time.Duration)   { c.stored += n }
func (c *counts) Relayed(n int)                      { c.relayed += n }
func (c *counts) Dropped(n int)                      { c.dropped += n }
func (c *counts) Gap()                               { c.gaps++ }
func (c *counts) Deaf(deaf bool)                     { c.deaf = deaf }
func (c *counts) Crashed(kind string)                { c.crashed = append(c.crashed, kind) }

// client is a connection whose other end the test holds. The socket takes what is written at
// once, unless stalled.
type client struct {
	t       testing.TB
	w       *sim.World
	session *actor.PID
	objects []string // written to the client, without their LF
	queued  [][]byte
	stalled bool
	credit  int
	closed  wire.Reason

	upgraded bool // to v2: no Written tells of what the socket took
}

func (c *client) Open(session *actor.PID) { c.session = session }
func (c *client) Upgrade()                { c.upgraded = true }
func (c *client) Done()                   { c.credit++ }

func (c *client) Close(reason wire.Reason) {
	if c.closed != "" {
		return
	}
	c.closed = reason
	if len(c.queued) == 0 && c.session != nil {
		c.w.System().Root.Send(c.session, Closed{})
	}
}

func (c *client) Send(object []byte) {
	if c.closed != "" {
		return
	}
	c.queued = append(c.queued, object)
	if !c.stalled {
		c.flush()
	}
}

func (c *client) flush() {
	for _, o := range c.queued {
		c.objects = append(c.objects, strings.TrimSuffix(string(o), "\n"))
	}
	c.written(len(c.queued))
	c.queued = nil
	if c.closed != "" {
		c.w.System().Root.Send(c.session, Closed{})
	}
}

// written tells the session of n objects that the socket took.
func (c *client) written(n int) {
	if !c.upgraded {
		c.w.System().Root.Send(c.session, Written{n})
	}
}

// drip lets the socket of a stalled client take one object, and returns it.
func (c *client) drip() string {
	if len(c.queued) == 0 {
		return ""
	}
	object := string(c.queued[0])
	c.queued = c.queued[1:]
	c.written(1)
	if c.closed != "" && len(c.queued) == 0 {
		c.w.System().Root.Send(c.session, Closed{})
	}
	return object
}

// send sends objects and lets the world come to rest.
func (c *client) send(objects ...string) *client {
	for _, o := range objects {
		c.w.System().Root.Send(c.session, Frame{[]byte(o)})
	}
	c.w.Settle()
	return c
}

func (c *client) hangUp() {
	c.w.System().Root.Send(c.session, HungUp{})
	c.w.Settle()
}

// got is what came since the last got.
func (c *client) got() []string {
	defer func() { c.objects = nil }()
	return c.objects
}

// want fails the test unless exactly these came since the last got or want, msgs told as
// "NAME>TO: MSG" with a group as "g7", others as brief has them, or after an upgrade briefV2.
func (c *client) want(objects ...string) {
	c.t.Helper()
	if got := c.briefly(); !slices.Equal(got, objects) {
		c.t.Fatalf("the client got\n\t%s\nnot\n\t%s", strings.Join(got, "\n\t"), strings.Join(objects, "\n\t"))
	}
}

func (c *client) briefly() (out []string) {
	tell := brief
	if c.upgraded {
		tell = briefV2
	}
	for _, o := range c.got() {
		out = append(out, tell(o))
	}
	return out
}

func brief(object string) string {
	var o struct {
		MsgID      int
		Errno      int
		ErrMsg     string
		Name, Msg  string
		ToID       int64
		GroupID    int64
		OfflineMsg []string
		Friends    []string
		Groups     []string
	}
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		return "not JSON: " + object
	}
	switch o.MsgID {
	case 6:
		return fmt.Sprintf("%s>%d: %s", o.Name, o.ToID, o.Msg)
	case 10:
		return fmt.Sprintf("%s>g%d: %s", o.Name, o.GroupID, o.Msg)
	case 11:
		return fmt.Sprintf("ACK %d %s", o.Errno, o.ErrMsg)
	case 2:
		if o.Errno != 0 {
			return fmt.Sprintf("LOGIN_ACK %d %s", o.Errno, o.ErrMsg)
		}
		s := "LOGIN_ACK " + o.Name
		for _, m := range o.OfflineMsg {
			s += " [" + brief(m) + "]"
		}
		return s
	}
	return object
}

func login(id int) string { return fmt.Sprintf(`{"msgid":1,"id":%d,"password":"secret"}`, id) }

func chat(to int, msg string) string {
	return fmt.Sprintf(`{"msgid":6,"toid":%d,"msg":%q,"time":"","name":""}`, to, msg)
}

func groupChat(to int, msg string) string {
	return fmt.Sprintf(`{"msgid":10,"groupid":%d,"msg":%q}`, to, msg)
}
