package actors

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"chatserver/net/wire"
	"chatserver/persistence"
)

// record is what a keeper was told over one login, to hold the server to.
type record struct {
	begin    map[wire.Conv]uint64 // the heads that the login was told, or the pages after it
	unlisted map[wire.Conv]bool   // whose head came on such a page, and may have grown meanwhile
	live     map[wire.Conv]*pushes
	ends     map[int64]int  // of the user's stays in groups
	friends  map[int64]bool // the last word about each
	marked   map[markOf]persistence.Mark
	stored   map[markOf]persistence.Mark // as lists told it, which read the store
	lists    lists
}

func newRecord() record {
	return record{
		begin: map[wire.Conv]uint64{}, unlisted: map[wire.Conv]bool{}, live: map[wire.Conv]*pushes{}, ends: map[int64]int{},
		friends: map[int64]bool{}, marked: map[markOf]persistence.Mark{}, stored: map[markOf]persistence.Mark{},
		lists: lists{members: map[int64][]wire.Peer{}, convs: map[wire.Conv]wire.ConvState{}},
	}
}

// question is a request that was not replied to, and how things stood when it was made.
type question struct {
	request wire.Request
	login   int                         // how many there had been
	stored  map[markOf]persistence.Mark // CONVS: what lists had told
	stays   int                         // SYNC of a group: how many of the user's stays in it were over
	may     bool                        // a message: the user might write it
	changes int                         // of who may
}

// lists are the last that came.
type lists struct {
	friends []wire.Peer
	groups  []wire.Membership
	members map[int64][]wire.Peer
	convs   map[wire.Conv]wire.ConvState
}

// pushes are what one login has of one conversation.
type pushes struct {
	last  uint64          // that was pushed
	got   map[uint64]bool // pushed
	order []sent          // over this connection for the first time
	sick  bool            // one was refused for now: the order is not promised
}

type sent struct {
	cid string
	seq uint64 // 0: not known
}

// witness notes how things stand when a request is made.
func (k *keeper) witness(r wire.Request) question {
	a := question{request: r, login: k.logins}
	switch r := r.(type) {
	case wire.Convs:
		a.stored = maps.Clone(k.stored)
	case wire.Sync:
		if r.Conv.Group {
			a.stays = k.t.store.over(persistence.GroupID(r.Conv.ID), persistence.UserID(k.user))
		}
	case wire.OneChat, wire.GroupChat:
		m, _ := sentBy(r)
		conv := convIs(k.user, m.conv)
		a.may, a.changes = k.t.store.mayWrite(persistence.UserID(k.user), conv), k.t.store.changes(conv)
	}
	return a
}

// barred fails the test where a message was refused that the user might write all the time.
func (k *keeper) barred(m message, a question, f wire.Fault) {
	conv := convIs(k.user, m.conv)
	if a.may && k.t.store.changes(conv) == a.changes {
		k.t.Errorf("user %d was refused to write to %v, where it may: %+v", k.user, m.conv, f)
	}
}

// listed is told where the user stands: by the login, or a page of CONVS. Since what it was told when it asked
// no mark has gone back, unless a process took with it what was not written down.
func (k *keeper) listed(convs []wire.ConvState, before map[markOf]persistence.Mark) {
	for _, c := range convs {
		k.heard(c.Conv, c.Head, c.Since)
		k.lists.convs[c.Conv] = c
		k.counted(c.Conv, k.user, c.Delivered, c.Read, before)
		if !c.Conv.Group && c.Conv.ID != k.user {
			k.counted(c.Conv, c.Conv.ID, c.PeerDelivered, c.PeerRead, before)
		}
	}
}

// counted is told a mark by a list.
func (k *keeper) counted(conv wire.Conv, user int64, delivered, read uint64, before map[markOf]persistence.Mark) {
	k.moved(conv, user, delivered, read)
	of := markOf{persistence.UserID(user), convIs(k.user, conv)}
	if was := before[of]; k.t.mood <= slow && !conv.Group && (delivered < was.Delivered || read < was.Read) && !k.t.store.hid(of.user, k.user) {
		k.t.Errorf("user %d was told that %d has come to %d, %d of %v, after %+v", k.user, user, delivered, read, conv, was)
	}
	k.stored[of] = persistence.Mark{Delivered: delivered, Read: read}
}

// fewConvs is a page of CONVS.
const fewConvs = 2

// paged reads on.
func (k *keeper) paged(was question, page wire.ConvList) {
	for _, c := range page.Convs {
		if _, known := k.begin[c.Conv]; !known && was.login == k.logins {
			k.begin[c.Conv], k.unlisted[c.Conv] = c.Head, true
		}
	}
	k.listed(page.Convs, was.stored)
	k.nextPage(page.Convs, page.More)
	k.sync()
}

func (k *keeper) nextPage(page []wire.ConvState, more bool) {
	if more && k.link.usable() {
		k.ask(wire.Convs{After: page[len(page)-1].Conv, Limit: fewConvs})
	}
}

// moved is told how far somebody has come: two nodes of the other side's may tell of it, so the higher counts.
func (k *keeper) moved(conv wire.Conv, user int64, delivered, read uint64) {
	of := markOf{persistence.UserID(user), convIs(k.user, conv)}
	was := k.marked[of]
	k.marked[of] = persistence.Mark{Delivered: max(delivered, was.Delivered), Read: max(read, was.Read)}
}

func (k *keeper) befriended(friends ...wire.Peer) {
	for _, f := range friends {
		k.friends[f.ID] = f.Online
	}
}

func (k *keeper) pushed(p wire.Push) {
	conv := k.convOf(p)
	l := k.of(conv)
	if p.Seq <= k.begin[conv] && !k.unlisted[conv] || p.Seq <= l.last {
		k.t.Errorf("user %d was pushed %d (%s) of %v behind %d; the head it was told is %d", k.user, p.Seq, p.Msg, conv, l.last, k.begin[conv])
	}
	l.last, l.got[p.Seq] = p.Seq, true
	if stay, ok := k.t.store.mayRead(persistence.UserID(k.user), convIs(k.user, conv), p.Seq); ok && conv.Group && stay < k.ends[conv.ID] && !k.t.doubled {
		k.t.Errorf("user %d was pushed %d of %v, of its stay %d, after it was told of %d ends", k.user, p.Seq, conv, stay, k.ends[conv.ID])
	}
	k.came(conv, p)
	k.sync()
}

// came takes a message, pushed or read. One's own is its acknowledgement.
func (k *keeper) came(conv wire.Conv, p wire.Push) {
	is := convIs(k.user, conv)
	if !k.t.store.has(is, p.Seq, persistence.UserID(p.From), p.CID, p.Msg) {
		k.t.Errorf("user %d got %d of %v by %d, %s: %q, which is not what is stored", k.user, p.Seq, conv, p.From, p.CID, p.Msg)
	}
	if _, ok := k.t.store.mayRead(persistence.UserID(k.user), is, p.Seq); !ok {
		k.t.Errorf("user %d got %d of %v, which it may not read: %+v", k.user, p.Seq, conv, k.t.store.stays[seatOf{persistence.GroupID(conv.ID), persistence.UserID(k.user)}])
	}
	if p.From == k.user {
		if k.acknowledged(p.CID); k.mine[p.CID] {
			note(k.own, conv, p.Seq)
		}
	}
	k.apply(conv, p.Seq)
}

func (k *keeper) of(conv wire.Conv) *pushes {
	if k.live[conv] == nil {
		k.live[conv] = &pushes{got: map[uint64]bool{}}
	}
	return k.live[conv]
}

// inOrder fails the test where messages of one conversation were stored in another order than they were
// sent over one connection in, while none failed.
func (k *keeper) inOrder(m message, seq uint64) {
	l := k.of(m.conv)
	last := uint64(0)
	for i := range l.order {
		if l.order[i].cid == m.cid {
			l.order[i].seq = seq
		}
		if s := l.order[i].seq; s > 0 {
			if s < last && !l.sick {
				k.t.Errorf("user %d sent to %v %+v, which is not the order in which it is stored", k.user, m.conv, l.order)
			}
			last = s
		}
	}
}

// current fails the test where a SYNC told of a message of a stay in a group that was over when it was question.
func (k *keeper) current(was question, conv wire.Conv, seq uint64) {
	if stay, ok := k.t.store.mayRead(persistence.UserID(k.user), convIs(k.user, conv), seq); ok && stay < was.stays {
		k.t.Errorf("user %d read %d of %v, of its stay %d, after the end of %d", k.user, seq, conv, stay, was.stays)
	}
}

// confided fails the test where the user was told what somebody does who has blocked it for long.
func (k *keeper) confided(by int64, what wire.Reply) {
	if since, ok := k.t.store.blocks[blocking{persistence.UserID(by), persistence.UserID(k.user)}]; ok && k.link.taken.Sub(since) > time.Minute {
		k.t.Errorf("user %d was told %+v of user %d, who has blocked it for %v", k.user, what, by, k.link.taken.Sub(since))
	}
}

// full notes which bound a refusal is about, and fails the test where a request failed though nothing did.
func (k *keeper) full(r wire.Request, f wire.Fault) {
	_, isMessage := sentBy(r)
	switch _, login := r.(wire.Login); {
	case login: // another one, which was given up, may come late and take its token
	case f.Errno == wire.Unavailable && k.t.mood == fair:
		k.t.Errorf("user %d was refused %#v, though nothing is wrong: %+v", k.user, r, f)
	case f.Errno != wire.SlowDown:
	case isMessage && !k.t.narrow:
		k.t.Errorf("user %d was refused a message, though the queue is long: %+v", k.user, f)
	case isMessage:
		k.t.happened[backlogFull]++
	case k.t.narrow:
		if _, one := r.(wire.Sync); !one { // at a time
			k.t.happened[queriesFull]++
		}
	}
}

// misread is what the lists told that is not so.
func (k *keeper) misread() (wrong []string) {
	compare := func(what string, told, is any) {
		if fmt.Sprint(told) != fmt.Sprint(is) {
			wrong = append(wrong, fmt.Sprintf("%s %v, and stored is %v", what, told, is))
		}
	}
	truth := k.t.store.truth(persistence.UserID(k.user))
	compare("FRIENDS", peersOf(k.lists.friends), truth.friends)
	var groups []string
	for _, g := range k.lists.groups {
		groups = append(groups, fmt.Sprintf("%d %s %s %d", g.ID, g.Role, g.Desc, g.Members))
	}
	compare("GROUPS", groups, truth.groups)
	for _, group := range slices.Sorted(maps.Keys(truth.members)) {
		compare(fmt.Sprintf("MEMBERS of %d", group), peersOf(k.lists.members[int64(group)]), truth.members[group])
	}
	for _, c := range truth.convs {
		told := k.lists.convs[convOf(c.Conv, persistence.UserID(k.user))]
		compare(fmt.Sprintf("CONVS of %v", c.Conv), []uint64{told.Head, told.Since}, []uint64{c.Head, c.Since})
	}
	return wrong
}

func peersOf(list []wire.Peer) (all []string) {
	for _, p := range list {
		all = append(all, fmt.Sprintf("%d %s %s", p.ID, p.Name, p.Role))
	}
	return all
}
