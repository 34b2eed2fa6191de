package e2e

import (
	"fmt"
	"strings"
	"testing"

	"chatserver/net/client/classictest"
)

// What answers a request that failed.
const (
	loginAckID = 2
	regAckID   = 5
	ackID      = 11
)

// failure is a request that is answered with an errno.
type failure struct {
	send   string
	answer int // the msgid of it
	errno  int
}

func TestBadRequestIsAnsweredAndTheConnectionLivesOn(t *testing.T) {
	n := startNode(t, database(t))
	anns, ann := enroll(t, n, "ann")
	bobs, bob := enroll(t, n, "bob")
	surely(anns, func() { anns.AddFriend(bob) })
	surely(bobs, func() { bobs.CreateGroup("gophers", "") })
	bobs.Logout()
	group := bobs.Login(bob, password).Groups[0].ID
	for name, f := range map[string]failure{
		"a type that is wrong":         {`{"msgid":6,"toid":"two","msg":"hi"}`, ackID, 100},
		"a key twice":                  {`{"msgid":6,"toid":1,"toid":2,"msg":"hi"}`, ackID, 100},
		"an unknown msgid":             {`{"msgid":99}`, ackID, 101},
		"a field that is missing":      {`{"msgid":6,"msg":"hi"}`, ackID, 103},
		"an empty message":             {fmt.Sprintf(`{"msgid":6,"toid":%d,"msg":""}`, bob), ackID, 103},
		"an id that is none":           {`{"msgid":6,"toid":0,"msg":"hi"}`, ackID, 103},
		"an id with a fraction":        {`{"msgid":6,"toid":1.5,"msg":"hi"}`, ackID, 103},
		"a group name that is empty":   {`{"msgid":8,"groupname":"","groupdesc":""}`, ackID, 103},
		"a password that is too short": {`{"msgid":4,"name":"cid","password":"short"}`, regAckID, 103},
		"a message to nobody":          {`{"msgid":6,"toid":2147483647,"msg":"hi"}`, ackID, 104},
		"a friend who is nobody":       {`{"msgid":7,"friendid":2147483647}`, ackID, 104},
		"a group that is none":         {`{"msgid":9,"groupid":2147483647}`, ackID, 104},
		"a friend already":             {fmt.Sprintf(`{"msgid":7,"friendid":%d}`, bob), ackID, 105},
		"a group's name that exists":   {`{"msgid":8,"groupname":"gophers","groupdesc":""}`, ackID, 105},
		"a login while logged in":      {fmt.Sprintf(`{"msgid":1,"id":%d,"password":%q}`, ann, password), loginAckID, 105},
		"a group of others":            {fmt.Sprintf(`{"msgid":10,"groupid":%d,"msg":"hi"}`, group), ackID, 106},
		"a message that is too long":   {fmt.Sprintf(`{"msgid":6,"toid":%d,"msg":%q}`, bob, strings.Repeat("x", 8193)), ackID, 108},
		"an id of somebody else":       {fmt.Sprintf(`{"msgid":6,"id":%d,"toid":%d,"msg":"hi"}`, bob, bob), ackID, 112},
	} {
		t.Run(name, func(t *testing.T) {
			f.wantOf(t, anns)

			failure{`{"msgid":77}`, ackID, 101}.wantOf(t, anns)
		})
	}
	anns.Chat(bob, "the first that arrives")
	bobs.WantChat(ann, "the first that arrives")
}

func TestBadLoginIsAnsweredAndTheConnectionLivesOn(t *testing.T) {
	n := startNode(t, database(t))
	enrolled, ann := enroll(t, n, "ann")
	leave(enrolled)
	visitor := classictest.Dial(t, n.addr)
	for name, f := range map[string]failure{
		"a wrong password":           {fmt.Sprintf(`{"msgid":1,"id":%d,"password":"wrong password"}`, ann), loginAckID, 1},
		"an id that nobody has":      {`{"msgid":1,"id":2147483647,"password":"wrong password"}`, loginAckID, 1},
		"a name that is taken":       {`{"msgid":4,"name":"Ann","password":"long enough"}`, regAckID, 1},
		"a name that is not allowed": {`{"msgid":4,"name":"a b","password":"long enough"}`, regAckID, 1},
		"a message before login":     {fmt.Sprintf(`{"msgid":6,"toid":%d,"msg":"hi"}`, ann), ackID, 102},
		"a logout before login":      {`{"msgid":3}`, ackID, 102},
		"a login without an id":      {`{"msgid":1,"password":"wrong password"}`, loginAckID, 103},
		"a version to log in with":   {fmt.Sprintf(`{"msgid":1,"v":3,"id":%d,"password":%q}`, ann, password), loginAckID, 111},
		"a version to register with": {`{"msgid":4,"v":3,"name":"cid","password":"long enough"}`, regAckID, 111},
	} {
		t.Run(name, func(t *testing.T) {
			f.wantOf(t, visitor)
		})
	}
	visitor.Login(ann, password)
}

func TestWhatIsNoObjectIsAnsweredAndEndsTheConnection(t *testing.T) {
	n := startNode(t, database(t))
	for name, f := range map[string]failure{
		"no object":   {"GET / HTTP/1.1\r\n\r\n", ackID, 100},
		"broken JSON": {`{"msgid":}`, ackID, 100},
		"bad UTF-8":   {"{\"msgid\":6,\"toid\":1,\"msg\":\"\xff\"}", ackID, 100},
		"too deep":    {`{"x":` + strings.Repeat("[", 16), ackID, 100},
		"too long":    {`{"x":"` + strings.Repeat("x", 64<<10), ackID, 108},
	} {
		t.Run(name, func(t *testing.T) {
			p := classictest.Dial(t, n.addr)

			f.wantOf(t, p)

			p.WantEnd()
		})
	}
}

func TestSecondLoginIsRefusedWhereThePolicySaysSo(t *testing.T) {
	n := startNode(t, database(t), "--login.policy", "reject")
	first, ann := enroll(t, n, "ann")
	second := classictest.Dial(t, n.addr)

	reply := second.LoginFails(ann, password, 2)

	if reply.Errmsg != "this account is using, input another!" {
		t.Errorf("errmsg is %q", reply.Errmsg)
	}
	leave(first)
}

func TestTooManyMessagesAreSlowedDown(t *testing.T) {
	n := startNode(t, database(t), "--limits.rate", "1")
	anns, ann := enroll(t, n, "ann")
	bobs, bob := enroll(t, n, "bob")

	anns.Send(anns.OneChat(bob, "one"), anns.OneChat(bob, "two"))

	anns.WantAck(109)
	bobs.WantChat(ann, "one")
	leave(anns)
}

// wantOf sends the request and requires its answer.
func (f failure) wantOf(t *testing.T, p *classictest.Peer) {
	t.Helper()
	p.SendRaw([]byte(f.send + "\x00"))
	p.WantErrno(f.answer, f.errno)
}
