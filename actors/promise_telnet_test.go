package actors

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"chatserver/persistence"
)

// telnet is a classic client: it keeps nothing, and is acknowledged nothing.
type telnet struct {
	caller
	logins int                            // that were not answered
	last   map[persistence.Conv]uint64    // that came over this login
	seen   map[persistence.Head]bool      // over any login
	taken  map[persistence.Head]time.Time // over a connection that then was whole
	sent   map[persistence.Conv][]string  // over this connection
}

func newTelnet(t *trial, user int64) *telnet {
	return &telnet{caller: caller{t: t, user: user}, seen: map[persistence.Head]bool{}, taken: map[persistence.Head]time.Time{}}
}

func (c *telnet) String() string {
	return fmt.Sprintf("classic user %d, logged in %v, awaits %d logins", c.user, c.in, c.logins)
}

// ready is program's.
func (c *telnet) ready() bool {
	c.letGo()
	switch {
	case c.away:
		return false
	case c.link == nil:
		c.in, c.logins, c.sent = false, 0, map[persistence.Conv][]string{}
		c.dial(100 + int(c.user))
		return false
	case !c.link.usable():
		return false
	case !c.in && c.logins == 0:
		c.login()
		return false
	}
	return c.in
}

func (c *telnet) login() {
	c.logins++
	c.proof = c.t.store.show(c.user, proof{password: c.password()})
	c.frame(fmt.Sprintf(`{"msgid":1,"id":%d,"password":%q}`, c.user, c.proof.password))
}

func (c *telnet) frame(object string) { c.link.send([]byte(object)) }

// drip is program's.
func (c *telnet) drip() bool {
	if c.link == nil {
		return false
	}
	object := c.link.take()
	if object != nil {
		c.read(string(object))
	}
	return object != nil
}

func (c *telnet) read(object string) {
	var o struct {
		MsgID, Errno, Re  int
		ID, ToID, GroupID int64
		Msg               string
		Seq               uint64
		OfflineMsg        []string
	}
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		c.t.Fatalf("a classic client got %q: %v", object, err)
	}
	switch o.MsgID {
	case 6:
		c.came(persistence.Direct(persistence.UserID(o.ID), persistence.UserID(o.ToID)), o.ID, o.Msg)
	case 10:
		c.came(persistence.GroupConv(persistence.GroupID(o.GroupID)), o.ID, o.Msg)
	case 2:
		c.logins--
		if c.in = o.Errno == 0; !c.in {
			if o.Errno == 1 {
				c.t.denied(c.user, c.proof)
				c.denied++
			}
			return
		}
		c.t.admitted(c.user, c.proof)
		c.last = map[persistence.Conv]uint64{}
		for _, m := range o.OfflineMsg {
			c.read(m)
		}
	}
}

// came takes a message, which it finds by its text: nobody said the same twice.
func (c *telnet) came(conv persistence.Conv, from int64, text string) {
	seq := c.t.store.find(conv, text)
	if seq == 0 || c.t.store.log[conv][seq-1].Sender.ID != persistence.UserID(from) {
		c.t.Errorf("classic user %d got %q of %v by %d, which is not stored", c.user, text, conv, from)
		return
	}
	if _, ok := c.t.store.mayRead(persistence.UserID(c.user), conv, seq); !ok {
		c.t.Errorf("classic user %d got %d of %v, which it may not read", c.user, seq, conv)
	}
	if seq <= c.last[conv] {
		c.t.Errorf("classic user %d got %d of %v behind %d", c.user, seq, conv, c.last[conv])
	}
	head := persistence.Head{Conv: conv, Seq: seq}
	if since, ok := c.taken[head]; ok && c.t.mood == fair && !c.t.parted && c.link.taken.Sub(since) > 2*c.link.at.env.Limits.Marks {
		c.t.Errorf("classic user %d got %d of %v twice, though it was taken long before", c.user, seq, conv)
	}
	c.last[conv], c.seen[head] = seq, true
	if !c.link.shut && c.link.closed == "" { // else the session may outlast its user, and nobody writes it down
		c.taken[head] = c.t.w.Now()
	}
}

// settle is program's.
func (c *telnet) settle() bool { return c.away || c.t.yields(c) || c.ready() }

func (c *telnet) sayTo(s step) {
	c.t.said++
	text, conv := strconv.Itoa(c.t.said), c.t.conv(s.b)
	is := convIs(c.user, conv)
	c.sent[is] = append(c.sent[is], text)
	if conv.Group {
		c.frame(groupChat(int(conv.ID), text))
		return
	}
	c.frame(chat(int(conv.ID), text))
}

func (c *telnet) burst(s step) {
	for range 2 + s.c%4 {
		c.sayTo(s)
	}
}

func (c *telnet) befriend(s step) {
	c.frame(fmt.Sprintf(`{"msgid":7,"friendid":%d}`, user(s.b)))
}

func (c *telnet) join(s step) {
	c.frame(fmt.Sprintf(`{"msgid":9,"groupid":%d}`, c.t.group(s.b)))
}

func (c *telnet) found(s step) {
	c.frame(fmt.Sprintf(`{"msgid":8,"groupname":"club %d","groupdesc":""}`, s.b))
}

func (c *telnet) logout(step) {
	c.in = false
	c.frame(`{"msgid":3}`)
	c.login()
}
