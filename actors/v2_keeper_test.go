package actors

import (
	"maps"
	"slices"
	"strings"

	"chatserver/net/wire"
)

// keeper is a v2 client that keeps the client's rule of the protocol, over connections that come
// and go. It holds the server to its own part: what is pushed over a connection begins right above
// the heads that the connection was told.
type keeper struct {
	n     *node
	user  int64
	token string
	pos   map[wire.Conv]uint64            // the last seq applied
	head  map[wire.Conv]uint64            // the last seq heard of
	early map[wire.Conv]map[uint64]string // came before their turn
	seen  map[wire.Conv][]string          // texts, in the order they were applied

	*client      // of the connection; nil: none
	in      bool // logged in
	hung    bool // sends no more
	syncing bool
	outbox  []wire.Request       // not acknowledged, in the order sent
	wrote   map[string]wire.Conv // where what it sent goes, by its text
	begin   map[wire.Conv]uint64 // the heads that the connection was told
	live    map[wire.Conv]*pushes
}

// pushes are what one connection was pushed of one conversation.
type pushes struct {
	last uint64          // that was pushed
	got  map[uint64]bool // pushed, or acknowledged
}

func newKeeper(n *node, user int64) *keeper {
	return &keeper{n: n, user: user, pos: map[wire.Conv]uint64{}, head: map[wire.Conv]uint64{}, early: map[wire.Conv]map[uint64]string{}, seen: map[wire.Conv][]string{}, wrote: map[string]wire.Conv{}}
}

// dial connects and logs in, by the token where there is one.
func (k *keeper) dial() {
	k.client, k.in, k.hung, k.syncing = k.n.dial(), false, false, false
	k.stalled = true
	k.login()
}

func (k *keeper) login() {
	login := loginV2(k.user)
	if k.token != "" {
		login = loginBy(k.token)
	}
	k.begin, k.live = nil, map[wire.Conv]*pushes{}
	k.start(login)
}

// logout logs out, and in again on the same connection.
func (k *keeper) logout() {
	k.in = false
	k.start(wire.Logout{})
	k.login()
}

// hangUpNow breaks the connection: what lay in its socket is lost.
func (k *keeper) hangUpNow() {
	k.hung = true
	k.w.System().Root.Send(k.session, HungUp{})
}

// say sends a message, whose text nobody used before.
func (k *keeper) say(conv wire.Conv, text string) {
	var m wire.Request = to(conv.ID, text)
	if conv.Group {
		m = in(conv.ID, text)
	}
	k.outbox, k.wrote[text] = append(k.outbox, m), conv
	k.submit(m)
}

// submit sends a message; its text, which is its cid, is the rid as well.
func (k *keeper) submit(m wire.Request) {
	k.w.System().Root.Send(k.session, Frame{wire.AppendRequest(nil, m, wire.RID(`"`+cidOf(m)+`"`))})
}

func cidOf(m wire.Request) string {
	if m, ok := m.(wire.GroupChat); ok {
		return m.CID
	}
	return m.(wire.OneChat).CID
}

// drip lets the socket take one object, unless the network broke.
func (k *keeper) drip() {
	if k.client == nil {
		return
	}
	if object := k.client.drip(); object != "" && !k.hung {
		k.read(object)
	}
}

func (k *keeper) read(object string) {
	re, reply := decodeV2(k.t, object)
	switch r := reply.(type) {
	case wire.Welcome:
		k.welcomed(r)
	case wire.Push:
		k.pushed(r)
	case wire.Stored:
		k.stored(strings.Trim(string(re.RID), `"`), r)
	case wire.SyncAck:
		k.synced(r)
	case wire.Refused:
		k.refused(re, r.Fault)
	}
	k.sync()
}

func (k *keeper) welcomed(w wire.Welcome) {
	k.in, k.token, k.begin = true, w.Token, map[wire.Conv]uint64{}
	for _, l := range k.live {
		l.last = 0 // of the login before
	}
	for _, c := range w.Convs {
		k.begin[c.Conv] = c.Head
		k.heard(c.Conv, c.Head, c.Since)
	}
	for _, m := range k.outbox {
		k.submit(m)
	}
}

func (k *keeper) pushed(p wire.Push) {
	conv := k.convOf(p)
	l := k.of(conv)
	if p.Seq <= k.begin[conv] || p.Seq <= l.last {
		k.t.Errorf("user %d was pushed %d (%s) of %v behind %d; the head it was told is %d", k.user, p.Seq, p.Msg, conv, l.last, k.begin[conv])
	}
	l.last, l.got[p.Seq] = p.Seq, true
	k.came(conv, p)
}

// came takes a message, pushed or read. One's own is its acknowledgement.
func (k *keeper) came(conv wire.Conv, p wire.Push) {
	if p.From == k.user {
		k.acknowledged(p.CID)
	}
	k.apply(conv, p.Seq, p.Msg)
}

func (k *keeper) convOf(p wire.Push) wire.Conv {
	switch {
	case p.Kind == wire.GroupChatID:
		return wire.InGroup(p.To)
	case p.From == k.user:
		return wire.WithUser(p.To)
	}
	return wire.WithUser(p.From)
}

func (k *keeper) of(conv wire.Conv) *pushes {
	if k.live[conv] == nil {
		k.live[conv] = &pushes{got: map[uint64]bool{}}
	}
	return k.live[conv]
}

func (k *keeper) stored(text string, s wire.Stored) {
	conv := k.wrote[text]
	k.of(conv).got[s.Seq] = true
	k.acknowledged(text)
	k.apply(conv, s.Seq, text)
}

// acknowledged takes a message out of the outbox.
func (k *keeper) acknowledged(text string) {
	k.outbox = slices.DeleteFunc(k.outbox, func(m wire.Request) bool { return cidOf(m) == text })
}

// apply applies what is next in conv, and holds what is later.
func (k *keeper) apply(conv wire.Conv, seq uint64, text string) {
	if seq <= k.pos[conv] {
		return
	}
	if k.early[conv] == nil {
		k.early[conv] = map[uint64]string{}
	}
	k.early[conv][seq] = text
	k.settle(conv)
	k.heard(conv, seq, 0)
}

func (k *keeper) settle(conv wire.Conv) {
	for text, due := k.early[conv][k.pos[conv]+1]; due; text, due = k.early[conv][k.pos[conv]+1] {
		k.pos[conv]++
		k.seen[conv] = append(k.seen[conv], text)
	}
	maps.DeleteFunc(k.early[conv], func(seq uint64, _ string) bool { return seq <= k.pos[conv] })
}

// heard notes how far conv has come, and lifts its position to since: what comes before is not to
// be read.
func (k *keeper) heard(conv wire.Conv, head, since uint64) {
	k.head[conv] = max(k.head[conv], head)
	if k.pos[conv] < since {
		k.pos[conv] = since
		k.settle(conv)
	}
}

// sync reads on in one conversation that is behind.
func (k *keeper) sync() {
	if k.syncing || !k.in || k.closed != "" || k.hung {
		return
	}
	for _, conv := range k.convs() {
		if k.pos[conv] < k.head[conv] {
			k.syncing = true
			k.start(wire.Sync{Conv: conv, After: k.pos[conv], Limit: 3})
			return
		}
	}
}

// convs are the conversations heard of, in one order.
func (k *keeper) convs() []wire.Conv {
	return slices.SortedFunc(maps.Keys(k.head), func(a, b wire.Conv) int { return strings.Compare(a.String(), b.String()) })
}

func (k *keeper) synced(s wire.SyncAck) {
	k.syncing = false
	k.heard(s.Conv, s.Head, s.Since)
	for _, p := range s.Msgs {
		k.came(s.Conv, p)
	}
}

// refused takes what never will be stored out of the outbox. A SYNC is tried again.
func (k *keeper) refused(re wire.Re, f wire.Fault) {
	switch {
	case re.ID == wire.SyncID:
		k.syncing = false
	case re.ID == wire.LoginID:
		k.hangUpNow()
	case f.Errno == wire.Forbidden || f.Errno == wire.NotFound:
		k.acknowledged(strings.Trim(string(re.RID), `"`))
	}
}

// wantLive fails the test unless the connection was pushed all above the heads that it was told,
// but for what it sent itself.
func (k *keeper) wantLive() {
	k.t.Helper()
	for _, conv := range k.convs() {
		for seq := k.begin[conv] + 1; seq <= k.pos[conv]; seq++ {
			if !k.of(conv).got[seq] {
				k.t.Errorf("user %d, who was told of head %d, was not pushed %d of %v", k.user, k.begin[conv], seq, conv)
			}
		}
	}
}
