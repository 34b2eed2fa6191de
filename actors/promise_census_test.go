package actors

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"chatserver/net/cluster"
	"chatserver/net/wire"
)

// census is what all trials of a run have seen together.
type census struct {
	mu       sync.Mutex
	trials   int
	happened map[string]int
	received map[string]map[reflect.Type]bool // by whom
}

func newCensus() *census {
	return &census{happened: map[string]int{}, received: map[string]map[reflect.Type]bool{}}
}

// see is for sim.Witness.
func (c *census) see(who string, msg any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.received[who] == nil {
		c.received[who] = map[reflect.Type]bool{}
	}
	c.received[who][reflect.TypeOf(msg)] = true
}

// add counts a trial.
func (c *census) add(t *trial) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trials++
	for what, n := range t.happened {
		c.happened[what] += n
	}
}

// enough trials have seen everything.
const enough = 200

// wantAll fails the test unless, in a run of enough trials, everything that may happen did, and each
// actor was sent all that it has a case for.
func (c *census) wantAll(t *testing.T) {
	t.Helper()
	if c.trials < enough {
		return
	}
	for _, what := range everything() {
		if c.happened[what] == 0 {
			t.Errorf("in %d trials it never happened: %s", c.trials, what)
		}
	}
	cases, received := receiveCases(t), c.byActor()
	for _, of := range slices.Sorted(maps.Keys(cases)) {
		for _, msg := range cases[of] {
			if !received[of][msg] {
				t.Errorf("in %d trials no %s received a %s", c.trials, of, msg)
			}
		}
	}
}

// served are the requests that somebody has to have been served, and not only made.
var served = []wire.MsgID{
	wire.LoginID, wire.LogoutID, wire.RegID, wire.OneChatID, wire.AddFriendID, wire.CreateGroupID, wire.AddGroupID, wire.GroupChatID, wire.HelloID,
	wire.SyncID, wire.MarkID, wire.TypingID, wire.PingID, wire.LookupID, wire.FriendsID, wire.DelFriendID, wire.GroupsID, wire.MembersID, wire.LeaveGroupID,
	wire.KickID, wire.SetRoleID, wire.BlockID, wire.UnblockID, wire.ConvsID, wire.PasswdID, wire.TokensID, wire.RevokeID, wire.CloseAccountID, wire.GroupSetID,
	wire.BanID, wire.UnbanID, wire.InviteID,
}

// servedOf is how the census names that a request was.
func servedOf(id wire.MsgID) string { return id.String() + " was served" }

// everything are the names of all that may happen in a trial.
func everything() (names []string) {
	for _, v := range verbs {
		names = append(names, v.name)
	}
	for _, part := range parts {
		names = append(names, panicOf(part))
	}
	for _, id := range served {
		names = append(names, servedOf(id))
	}
	return append(names, processEnded, processDrained, networkCut, clientSlow, backlogFull, queriesFull, envelopesFull)
}

// byActor is what each kind of actor received.
func (c *census) byActor() map[string]map[string]bool {
	kinds := map[string]map[string]bool{}
	for who, types := range c.received {
		of := actorOf(who)
		if kinds[of] == nil {
			kinds[of] = map[string]bool{}
		}
		for one := range types {
			kinds[of][one.String()] = true
			if one.Implements(reflect.TypeFor[cluster.Envelope]()) {
				kinds[of]["cluster.Envelope"] = true
			}
		}
	}
	return kinds
}

// String tells what happened how often.
func (c *census) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d trials:", c.trials)
	for _, what := range slices.Sorted(maps.Keys(c.happened)) {
		fmt.Fprintf(&b, " %s %d,", what, c.happened[what])
	}
	return strings.TrimSuffix(b.String(), ",")
}
