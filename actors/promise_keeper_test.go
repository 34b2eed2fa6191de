package actors

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"chatserver/net/wire"
)

// keeper is a v2 client that keeps the client's rule of the protocol, over connections that come
// and go, to any node. It holds the server to its own part: each request has one reply, and what is
// pushed over a connection is all that comes above the heads that the connection was told, in order.
type keeper struct {
	caller
	number int // of the device
	token  string
	ending bool // asked to close the account
	ended  bool // and it is

	pos    map[wire.Conv]uint64          // the last seq applied, or that need not be
	head   map[wire.Conv]uint64          // the last seq heard of
	early  map[wire.Conv]map[uint64]bool // came before their turn
	seen   map[wire.Conv]map[uint64]bool // applied
	mine   map[string]bool               // cids of what this device wrote
	own    map[wire.Conv]map[uint64]bool // where it is, as far as it knows; it need not be pushed
	outbox []message                     // not acknowledged, in the order sent
	epoch  string

	asked   map[string]question // what was not replied to, by rid
	rids    int
	syncing string             // the rid of the SYNC by the rule, "": none
	joined  map[wire.Conv]int  // the rid before which the user came into a group
	again   map[wire.Conv]bool // whose outbox is to be sent again
	later   []wire.Request     // to be asked again, too
	logins  int                // that were let in
	record                     // of the last one
}

// note puts a seq into the set of its conversation.
func note(sets map[wire.Conv]map[uint64]bool, conv wire.Conv, seq uint64) {
	if sets[conv] == nil {
		sets[conv] = map[uint64]bool{}
	}
	sets[conv][seq] = true
}

func newKeeper(t *trial, user int64, number int) *keeper {
	return &keeper{
		caller: caller{t: t, user: user}, number: number, pos: map[wire.Conv]uint64{}, head: map[wire.Conv]uint64{},
		early: map[wire.Conv]map[uint64]bool{}, seen: map[wire.Conv]map[uint64]bool{}, mine: map[string]bool{}, own: map[wire.Conv]map[uint64]bool{},
	}
}

func (k *keeper) String() string {
	if k.link == nil {
		return fmt.Sprintf("user %d is not connected; outbox %v", k.user, k.outbox)
	}
	return fmt.Sprintf("user %d at %s, logged in %v, closed %q, asks %v, outbox %v, behind %v", k.user, k.link.at.name, k.in, k.link.closed, k.asked, k.outbox, k.behind())
}

// ready is program's.
func (k *keeper) ready() bool {
	k.letGo()
	switch {
	case k.ended, k.away:
		return false
	case k.link == nil:
		k.in, k.asked, k.syncing = false, map[string]question{}, ""
		k.joined, k.again, k.later = map[wire.Conv]int{}, map[wire.Conv]bool{}, nil
		k.record = newRecord()
		k.dial(k.number)
		return false
	case !k.link.usable():
		return false
	case !k.in:
		k.login()
		return false
	}
	k.resend()
	k.sync()
	return true
}

// login logs in, by the token where there is one, unless that is under way.
func (k *keeper) login() {
	for _, a := range k.asked {
		if _, ok := a.request.(wire.Login); ok {
			return
		}
	}
	login, proof := wire.Login{V: wire.V2, Token: k.token}, proof{token: k.proof.token}
	if k.token == "" {
		login = wire.Login{V: wire.V2, ID: k.user, Password: k.password(), Device: strconv.Itoa(k.number)}
		proof.token, proof.password = 0, login.Password
	}
	k.proof = k.t.store.show(k.user, proof)
	k.ask(login)
}

// ask sends a request, which is to have one reply.
func (k *keeper) ask(r wire.Request) (rid string) {
	k.rids++
	rid = strconv.Itoa(k.rids)
	k.asked[rid] = k.witness(r)
	k.link.send(wire.AppendRequest(nil, r, wire.RID(rid)))
	return rid
}

// drip is program's.
func (k *keeper) drip() bool {
	if k.link == nil {
		return false
	}
	object := k.link.take()
	if object != nil {
		k.read(string(object))
	}
	return object != nil
}

func (k *keeper) read(object string) {
	re, reply := decodeV2(k.t, strings.TrimSuffix(object, "\n"))
	rid := string(re.RID)
	was, ok := k.asked[rid]
	if delete(k.asked, rid); rid != "" && !ok {
		k.t.Errorf("user %d got a reply to nothing that it asked: %s", k.user, object)
	}
	if _, no := reply.(wire.Refused); ok && !no {
		k.t.happened[servedOf(was.request.MsgID())]++
	}
	switch r := reply.(type) {
	case wire.Welcome:
		k.welcomed(r)
	case wire.Push:
		k.pushed(r)
	case wire.Stored:
		k.acked(was.request, r)
	case wire.SyncAck:
		k.synced(rid, was, r)
	case wire.Joined:
		conv := wire.InGroup(r.Group.ID)
		k.joined[conv] = k.rids
		k.heard(conv, r.Group.Head, r.Group.Since)
	case wire.ConvList:
		k.paged(was, r)
	case wire.GroupList:
		k.lists.groups = r.Groups
	case wire.MemberList:
		k.lists.members[was.request.(wire.Members).Group] = r.Members
	case wire.FriendList:
		k.lists.friends = r.Friends
		k.befriended(r.Friends...)
	case wire.Befriended:
		k.befriended(r.Friend)
	case wire.Presence:
		if k.friends[r.ID] = r.Online; r.Online {
			k.confided(r.ID, r)
		}
	case wire.Typed:
		if !r.Conv.Group {
			k.confided(r.ID, r)
		}
	case wire.Marked:
		k.moved(r.Conv, r.ID, r.Delivered, r.Read)
		if !r.Conv.Group && r.ID != k.user {
			k.confided(r.ID, r)
		}
	case wire.Event:
		if (r.Kind == wire.GroupKicked || r.Kind == wire.GroupLeft) && (r.ID == k.user || r.ID == 0) {
			k.ends[r.Group]++
		}
	case wire.GoAway:
		k.link.halfClose()
	case wire.Refused:
		k.refused(rid, was, r.Fault)
	case wire.Done:
		if _, ok := was.request.(wire.CloseAccount); ok {
			k.ended = true
		}
	}
}

func (k *keeper) welcomed(w wire.Welcome) {
	k.t.admitted(k.user, k.proof)
	if k.proof.token == 0 {
		k.proof.token = k.t.store.issued[string(hashOf(w.Token))]
	}
	if k.epoch != "" && k.epoch != w.Epoch {
		k.t.Errorf("user %d was told of epoch %q, after %q", k.user, w.Epoch, k.epoch)
	}
	k.record = newRecord()
	k.logins++
	k.in, k.token, k.denied, k.epoch = true, w.Token, 0, w.Epoch
	for _, c := range w.Convs {
		k.begin[c.Conv] = c.Head
	}
	k.listed(w.Convs, nil)
	k.befriended(w.Friends...)
	k.nextPage(w.Convs, w.More)
	for _, m := range k.outbox {
		k.submit(m)
	}
	k.sync()
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

// apply applies what is next in conv, and holds what is later.
func (k *keeper) apply(conv wire.Conv, seq uint64) {
	if seq > k.pos[conv] {
		note(k.early, conv, seq)
		k.settlePos(conv)
	}
	k.heard(conv, seq, 0)
}

func (k *keeper) settlePos(conv wire.Conv) {
	for k.early[conv][k.pos[conv]+1] {
		k.pos[conv]++
		note(k.seen, conv, k.pos[conv])
	}
	maps.DeleteFunc(k.early[conv], func(seq uint64, _ bool) bool { return seq <= k.pos[conv] })
}

// heard notes how far conv has come, and lifts its position to since: what comes before is not to
// be read.
func (k *keeper) heard(conv wire.Conv, head, since uint64) {
	k.head[conv] = max(k.head[conv], head)
	if k.pos[conv] < since {
		k.pos[conv] = since
		k.settlePos(conv)
	}
}

// behind are conversations whose position is below their head, in order.
func (k *keeper) behind() (convs []wire.Conv) {
	for conv, head := range k.head {
		if k.pos[conv] < head {
			convs = append(convs, conv)
		}
	}
	slices.SortFunc(convs, func(a, b wire.Conv) int { return strings.Compare(a.String(), b.String()) })
	return convs
}

// sync reads on in one conversation that is behind.
func (k *keeper) sync() {
	if behind := k.behind(); k.in && k.syncing == "" && k.link.usable() && len(behind) > 0 {
		k.syncing = k.ask(wire.Sync{Conv: behind[0], After: k.pos[behind[0]], Limit: 3})
	}
}

func (k *keeper) synced(rid string, was question, s wire.SyncAck) {
	k.heard(s.Conv, s.Head, s.Since)
	for _, p := range s.Msgs {
		k.current(was, s.Conv, p.Seq)
		k.came(s.Conv, p)
	}
	if rid == k.syncing {
		k.syncing = ""
	}
	k.sync()
}

// settle is program's.
func (k *keeper) settle() bool {
	return k.ended || k.away || k.t.yields(k) || k.ready() && len(k.asked)+len(k.outbox)+len(k.behind()) == 0
}
