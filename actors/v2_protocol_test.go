package actors

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatserver/actors/sim"
	"chatserver/net/wire"
)

// oneOfEach are all requests of v2, in an order in which each succeeds, of ann, who is user 1 and
// made group 1, in which bob is. Group 2 is eve's.
var oneOfEach = []struct {
	ask  string
	want string // the answer's brief, without its rid
}{
	{`"msgid":12,"v":2`, "HELLO 2 sim multi"},
	{`"msgid":4,"name":"dan","password":"secret"`, "REG_ACK {4}"},
	{`"msgid":1,"v":2,"name":"ann","password":"secret","device":"phone"`, "LOGIN_ACK ann"},
	{`"msgid":18,"t":1`, "PONG {1}"},
	{`"msgid":7,"friendid":2`, "ACK ADD_FRIEND {{2 bob false }}"},
	{`"msgid":22`, "ACK FRIENDS {[{2 bob false }]}"},
	{`"msgid":23,"friendid":2`, "ACK DEL_FRIEND"},
	{`"msgid":21,"id":2`, "ACK LOOKUP {{2 bob false }}"},
	{`"msgid":29,"userid":2`, "ACK BLOCK"},
	{`"msgid":30,"userid":2`, "ACK UNBLOCK"},
	{`"msgid":6,"toid":2,"msg":"hi","cid":"a"`, "ACK ONE_CHAT 1"},
	{`"msgid":10,"groupid":1,"msg":"hi","cid":"b"`, "ACK GROUP_CHAT 1"},
	{`"msgid":13,"conv":"u:2","after":1`, "SYNC_ACK {u:2 [] 1 0 false}"},
	{`"msgid":15,"conv":"u:2","read":1`, "ACK MARK"},
	{`"msgid":17,"toid":2`, "ACK TYPING"},
	{`"msgid":31,"after":"u:2"`, "ACK CONVS {[{g:1 1 0 0 0 0 0}] false}"},
	{`"msgid":24`, "ACK GROUPS {[{1 chess  creator open 2}]}"},
	{`"msgid":25,"groupid":1,"limit":1`, "ACK MEMBERS {[{1 ann true creator}] true}"},
	{`"msgid":40,"groupid":1,"userid":3`, "ACK INVITE"},
	{`"msgid":28,"groupid":1,"userid":2,"role":"admin"`, "ACK SET_ROLE"},
	{`"msgid":27,"groupid":1,"userid":2`, "ACK KICK"},
	{`"msgid":38,"groupid":1,"userid":2`, "ACK BAN"},
	{`"msgid":39,"groupid":1,"userid":2`, "ACK UNBAN"},
	{`"msgid":37,"groupid":1,"groupdesc":"d","join":"invite"`, "ACK GROUP_SET"},
	{`"msgid":26,"groupid":1`, "ACK LEAVE_GROUP"},
	{`"msgid":8,"groupname":"go","groupdesc":"d"`, "ACK CREATE_GROUP {3 0}"},
	{`"msgid":9,"groupid":2`, "ACK ADD_GROUP {{{2 tea  normal open 2} 0 0}}"},
	{`"msgid":34`, "ACK TOKENS 1=phone"},
	{`"msgid":32,"password":"secret","newpassword":"secret2"`, "ACK PASSWD"},
	{`"msgid":3`, "ACK LOGINOUT"},
	{`"msgid":1,"v":2,"id":1,"password":"secret2"`, "LOGIN_ACK ann"},
	{`"msgid":35,"token":1`, "ACK REVOKE"},
	{`"msgid":36,"password":"secret2"`, "ACK CLOSE_ACCOUNT"},
}

func TestEveryRequestGetsOneReplyWithItsRID(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob", "eve")
	n.group("chess", 1, 2)
	n.group("tea", 3)
	c := n.dial()
	asked := map[wire.MsgID]bool{}
	for i, r := range oneOfEach {
		rid, credit := strconv.Itoa(i), c.credit
		c.send(`{"rid":` + rid + `,` + r.ask + `}`)

		replies := slices.DeleteFunc(c.briefly(), func(s string) bool { return !strings.HasPrefix(s, "#") })
		if want := "#" + rid + " " + r.want; !slices.Equal(replies, []string{want}) {
			t.Errorf("{%s} was answered %q, not %q", r.ask, replies, want)
		}
		if c.credit != credit+1 && c.closed == "" {
			t.Errorf("{%s} gave %d credits back", r.ask, c.credit-credit)
		}
		asked[msgidOf(t, "{"+r.ask+"}")] = true
	}
	fromServer := []wire.MsgID{wire.LoginAckID, wire.RegAckID, wire.AckID, wire.SyncAckID, wire.PresenceID, wire.PongID, wire.GoAwayID, wire.EventID}
	for id := wire.LoginID; id.String() != strconv.Itoa(int(id)); id++ {
		if !asked[id] && !slices.Contains(fromServer, id) {
			t.Errorf("%v was not asked", id)
		}
	}
}

func msgidOf(t *testing.T, object string) wire.MsgID {
	var o struct{ MsgID wire.MsgID }
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		t.Fatal(err)
	}
	return o.MsgID
}

func TestARefusalHasTheErrnoOfItsReason(t *testing.T) {
	big := strings.Repeat("x", 8193)
	for errno, objects := range map[wire.Errno][]string{
		wire.Denied:    {`"msgid":4,"name":"ann","password":"secret"`, `"msgid":32,"password":"wrong","newpassword":"secret2"`},
		wire.Malformed: {`"msgid":6,"toid":"2","msg":"x","cid":"c"`},
		wire.Unknown:   {`"msgid":99`, `"msgid":2`, `"msgid":16,"id":1`},
		wire.Invalid:   {`"msgid":6,"toid":0,"msg":"x","cid":"c"`, `"msgid":13,"conv":"x:1"`, `"msgid":13,"conv":"u:2","limit":501`, `"msgid":8,"groupname":"","groupdesc":""`},
		wire.NotFound:  {`"msgid":6,"toid":99,"msg":"x","cid":"c"`},
		wire.Exists:    {`"msgid":9,"groupid":1`, `"msgid":1,"v":2,"id":1,"password":"secret"`},
		wire.Forbidden: {`"msgid":10,"groupid":2,"msg":"x","cid":"c"`},
		wire.Conflict:  {`"msgid":6,"toid":2,"msg":"other","cid":"taken"`},
		wire.TooLarge:  {`"msgid":6,"toid":2,"msg":"` + big + `","cid":"c"`},
		wire.Version:   {`"msgid":12,"v":1`},
		wire.NotYou:    {`"msgid":6,"id":2,"toid":2,"msg":"x","cid":"c"`},
	} {
		n := newNode(t, sim.New(t))
		n.register("ann", "bob")
		n.group("chess", 1)
		n.group("tea", 2)
		c := n.enter(1).ask(wire.OneChat{To: 2, Msg: "one", CID: "taken"})
		for _, object := range objects {
			c.got()
			c.send(`{"rid":"r",` + object + `}`)
			if re, got := refusal(t, c); got.Errno != errno || got.Text == "" || re.RID != `"r"` {
				t.Errorf("{%.80s} was answered %+v to %+v", object, got, re)
			}
		}
		if c.closed != "" {
			t.Errorf("closed with %q after errno %d", c.closed, errno)
		}
	}
}

// refusal is what the client's only request was refused with.
func refusal(t *testing.T, c *client) (wire.Re, wire.Fault) {
	t.Helper()
	got := c.got()
	if len(got) != 1 {
		t.Fatalf("the client got %q", got)
	}
	re, reply := decodeV2(t, got[0])
	refused, ok := reply.(wire.Refused)
	if !ok {
		t.Fatalf("the client got %s", got[0])
	}
	return re, refused.Fault
}

func TestARequestThatMayBeTriedAgainSaysWhen(t *testing.T) {
	n := newNode(t, sim.New(t), func(e *Env) { e.Limits.Rate = 1 })
	n.register("ann", "bob")
	n.w.ExpectError("a batch was not stored")
	c := n.enter(1)
	n.w.FailJobs("root/store/0")

	c.start(to(2, "a"), to(2, "b"))
	n.w.Settle()

	faults := map[wire.Errno]bool{}
	for _, object := range c.got() {
		_, reply := decodeV2(t, object)
		f := reply.(wire.Refused).Fault
		if faults[f.Errno] = true; f.Retry <= 0 {
			t.Errorf("%+v", f)
		}
	}
	if !faults[wire.SlowDown] || !faults[wire.Unavailable] {
		t.Errorf("refused with %v", faults)
	}
}
