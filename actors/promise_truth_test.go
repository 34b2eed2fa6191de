package actors

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"chatserver/persistence"
)

// What the ledger says is so, to hold what clients are told against.

// mayWrite tells whether a user may write to conv now.
func (l *ledger) mayWrite(user persistence.UserID, conv persistence.Conv) bool {
	if group, is := conv.Group(); is {
		stays := l.stays[seatOf{group, user}]
		return len(stays) > 0 && !stays[len(stays)-1].over
	}
	_, barred := l.blocks[blocking{conv.Peer(user), user}]
	_, err := l.Store.Find(context.Background(), user, conv.Peer(user))
	return !barred && err == nil
}

// changes counts what changed who may write to conv.
func (l *ledger) changes(conv persistence.Conv) int { return l.changed[conv] + l.closed }

// over is how many stays of a user in a group have ended.
func (l *ledger) over(group persistence.GroupID, user persistence.UserID) (n int) {
	for _, s := range l.stays[seatOf{group, user}] {
		if s.over {
			n++
		}
	}
	return n
}

// hid tells whether a user may have hidden its marks from another, by a block or as it left.
func (l *ledger) hid(user persistence.UserID, from int64) bool {
	return l.changes(persistence.Direct(user, persistence.UserID(from))) > 0
}

// truth is what lists have to tell a user.
type truth struct {
	friends []string
	groups  []string
	members map[persistence.GroupID][]string
	convs   []persistence.ConvState
}

func (l *ledger) truth(user persistence.UserID) (all truth) {
	ctx := context.Background()
	for _, f := range must[[]persistence.Peer](l.t)(l.Store.Friends(ctx, user)) {
		all.friends = append(all.friends, fmt.Sprintf("%d %s ", f.ID, f.Name))
	}
	all.members = map[persistence.GroupID][]string{}
	for _, g := range must[[]persistence.Membership](l.t)(l.Store.GroupsOf(ctx, user)) {
		id := g.Group.ID
		all.groups = append(all.groups, fmt.Sprintf("%d %s %s %d", id, g.Role, g.Desc, g.Size))
		for _, m := range must[[]persistence.Member](l.t)(l.Store.Members(ctx, id, 0)) {
			if !m.Gone {
				all.members[id] = append(all.members[id], fmt.Sprintf("%d %s %s", m.ID, m.Name, m.Role))
			}
		}
	}
	all.convs = must[[]persistence.ConvState](l.t)(l.Store.Convs(ctx, user, 0, math.MaxInt))
	return all
}

// direct are the marks that a user may know of in its direct conversations: its own, and those of who does not
// block it.
func (l *ledger) direct(user persistence.UserID) (all []markOf) {
	for conv := range l.reads(user) {
		if _, group := conv.Group(); group {
			continue
		}
		all = append(all, markOf{user, conv})
		if peer, err := l.Find(context.Background(), user, conv.Peer(user)); err == nil && !peer.Hides && peer.ID != user {
			all = append(all, markOf{peer.ID, conv})
		}
	}
	slices.SortFunc(all, func(a, b markOf) int { return cmp.Or(cmp.Compare(a.conv, b.conv), cmp.Compare(a.user, b.user)) })
	return all
}

// mark is what is stored.
func (l *ledger) mark(of markOf) (m persistence.Mark) {
	states, err := l.Store.Convs(context.Background(), of.user, of.conv-1, 1)
	if err != nil {
		l.t.Fatal(err)
	}
	if len(states) > 0 && states[0].Conv == of.conv {
		m.Delivered, m.Read = states[0].Delivered, states[0].Read
	}
	return m
}
