package actors

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatserver/net/wire"
)

// ask sends requests as a v2 client and lets the world come to rest.
func (c *client) ask(requests ...wire.Request) *client {
	for _, r := range requests {
		c.send(string(wire.AppendRequest(nil, r, "")))
	}
	return c
}

// start sends requests as a v2 client and lets nothing happen.
func (c *client) start(requests ...wire.Request) {
	for _, r := range requests {
		c.w.System().Root.Send(c.session, Frame{wire.AppendRequest(nil, r, "")})
	}
}

// to and in are messages whose text is their cid too.
func to(user int64, msg string) wire.OneChat { return wire.OneChat{To: user, Msg: msg, CID: msg} }
func in(group int64, msg string) wire.GroupChat {
	return wire.GroupChat{Group: group, Msg: msg, CID: msg}
}
func loginV2(id int64) wire.Login                   { return wire.Login{V: wire.V2, ID: id, Password: "secret"} }
func loginBy(token string) wire.Login               { return wire.Login{V: wire.V2, Token: token} }
func markRead(conv wire.Conv, seq uint64) wire.Mark { return wire.Mark{Conv: conv, Read: seq} }

// enter dials and logs in with v2.
func (n *node) enter(id int64) *client {
	n.t.Helper()
	c, _ := n.welcome(loginV2(id))
	return c
}

// welcome dials and logs in with v2, and returns the LOGIN_ACK as well.
func (n *node) welcome(login wire.Login) (*client, wire.Welcome) {
	n.t.Helper()
	c := n.dial().ask(login)
	return c, only[wire.Welcome](c)
}

// only is the one object that came, a T.
func only[T wire.Reply](c *client) T {
	c.t.Helper()
	got := c.got()
	if len(got) != 1 {
		c.t.Fatalf("the client got\n\t%s\nnot one object", strings.Join(got, "\n\t"))
	}
	_, reply := decodeV2(c.t, got[0])
	typed, ok := reply.(T)
	if !ok {
		c.t.Fatalf("the client got %s, which is no %T", got[0], typed)
	}
	return typed
}

func decodeV2(t testing.TB, object string) (wire.Re, wire.Reply) {
	t.Helper()
	re, reply, err := wire.DecodeReply([]byte(object), wire.V2)
	if err != nil {
		t.Fatalf("%s: %v", object, err)
	}
	return re, reply
}

// briefV2 tells an object to a v2 client: what it is, then what is in it. Before it "#" and the
// rid, where it has one.
func briefV2(object string) string {
	re, reply, err := wire.DecodeReply([]byte(object), wire.V2)
	if err != nil {
		return "not v2: " + object
	}
	mark := ""
	if re.RID != "" {
		mark = "#" + string(re.RID) + " "
	}
	name := reply.MsgID().String()
	switch {
	case re.ID == wire.LoginID:
		name = "LOGIN_ACK"
	case re.ID == wire.RegID:
		name = "REG_ACK"
	case reply.MsgID() == wire.AckID:
		name = "ACK " + re.ID.String()
	}
	return strings.TrimSpace(mark + name + " " + inside(reply))
}

// inside is what tells one reply of a kind from another.
func inside(reply wire.Reply) string {
	switch r := reply.(type) {
	case wire.Push:
		return fmt.Sprintf("%d %s: %s", r.Seq, r.Name, r.Msg)
	case wire.Refused:
		return fmt.Sprintf("%d %s", r.Fault.Errno, r.Fault.Text)
	case wire.Stored:
		if r.Dup {
			return fmt.Sprintf("%d again", r.Seq)
		}
		return fmt.Sprint(r.Seq)
	case wire.Welcome:
		return r.Name
	case wire.HelloAck:
		return fmt.Sprintf("%d %s %s", r.V, r.Node, r.Login)
	case wire.Done:
		return ""
	case wire.Marked:
		return fmt.Sprintf("%v by %d: %d %d", r.Conv, r.ID, r.Delivered, r.Read)
	case wire.Presence:
		if r.Online {
			return fmt.Sprintf("%d online", r.ID)
		}
		return fmt.Sprintf("%d offline", r.ID)
	case wire.Typed:
		return fmt.Sprintf("%v by %d", r.Conv, r.ID)
	case wire.GoAway:
		return fmt.Sprintf("%s %v", r.Reason, r.After)
	case wire.Event:
		return event(r)
	case wire.TokenList:
		return tokenIDs(r)
	default:
		return fmt.Sprint(reply)
	}
}

// event is what an event has: its kind, whom it is about, by whom, in which group, with which role.
func event(e wire.Event) string {
	s := string(e.Kind)
	for _, part := range []struct {
		before string
		value  any
	}{{" ", e.ID}, {" by ", e.By}, {" in ", e.Group}, {" as ", e.Role}} {
		if part.value != int64(0) && part.value != "" {
			s += part.before + fmt.Sprint(part.value)
		}
	}
	return s
}

func tokenIDs(l wire.TokenList) string {
	var ids []string
	for _, t := range l.Tokens {
		ids = append(ids, fmt.Sprintf("%d=%s", t.ID, t.Device))
	}
	return strings.Join(ids, " ")
}

// away lets users be absent for as long as it takes to be told.
func (n *node) away() { n.w.Advance(n.env.Limits.Absence + time.Millisecond) }
