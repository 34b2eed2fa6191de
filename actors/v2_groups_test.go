package actors

import (
	"slices"
	"testing"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// chess is group 1 of ann, who founded it, and others, all of whom are logged in with v2.
func chess(t *testing.T, w *sim.World, others ...string) (n *node, people []*client) {
	n = newNode(t, w)
	n.register(append([]string{"ann"}, others...)...)
	ids := []persistence.UserID{1}
	for i := range others {
		ids = append(ids, persistence.UserID(i+2))
	}
	n.group("chess", ids...)
	for _, id := range ids {
		people = append(people, n.enter(int64(id)))
	}
	return n, people
}

func TestAGroupIsFoundedJoinedAndLeft(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	ann, bob := n.enter(1), n.enter(2)

	ann.ask(wire.CreateGroup{Name: "Chess", Desc: "we play"}, in(1, "alone"))
	ann.want("ACK CREATE_GROUP {1 0}", "EVENT group_joined 1 in 1", "ACK GROUP_CHAT 1")
	bob.ask(wire.AddGroup{Group: 1})
	ann.want("EVENT group_joined 2 in 1")
	got := bob.briefly()
	slices.Sort(got)
	if want := []string{"ACK ADD_GROUP {{{1 Chess we play normal open 2} 1 1}}", "EVENT group_joined 2 in 1"}; !slices.Equal(got, want) {
		t.Errorf("who joined got %q", got)
	}
	ann.ask(in(1, "both"))
	bob.want("GROUP_CHAT 2 ann: both")
	ann.got()

	bob.ask(wire.LeaveGroup{Group: 1})
	ann.want("EVENT group_left 2 in 1")
	if got := bob.briefly(); !slices.Contains(got, "ACK LEAVE_GROUP") || !slices.Contains(got, "EVENT group_left 2 in 1") || len(got) != 2 {
		t.Errorf("who left got %q", got)
	}
	ann.ask(in(1, "alone again"))
	bob.want()
}

func TestWhoIsNoMemberIsRefused(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann", "bob")
	n.group("chess", 2)

	n.enter(1).ask(in(1, "hi"), wire.LeaveGroup{Group: 1}, wire.Members{Group: 1}, wire.Kick{Group: 1, User: 2}, wire.AddGroup{Group: 9}, wire.CreateGroup{Name: "Chess"}).want(
		"ACK GROUP_CHAT 106 you are not in group 1, join it first",
		"ACK LEAVE_GROUP 106 you are not in group 1",
		"ACK MEMBERS 106 only members of group 1 see who is in it, join it first",
		"ACK KICK 106 your role in group 1 does not allow this",
		"ACK ADD_GROUP 104 there is no group 9",
		"ACK CREATE_GROUP 105 this group name is taken, choose another")
}

func TestMembersAreListedInPagesWithTheirState(t *testing.T) {
	_, people := chess(t, sim.New(t), "bob", "eve")
	people[1].hangUp()

	people[2].ask(wire.Members{Group: 1, Limit: 2}, wire.Members{Group: 1, After: 2})

	people[2].want("ACK MEMBERS {[{1 ann true creator} {2 bob false normal}] true}", "ACK MEMBERS {[{3 eve true normal}] false}")
}

func TestOnlyWhoOutranksAMemberMayKickIt(t *testing.T) {
	_, people := chess(t, sim.New(t), "bob", "eve")
	ann, bob, eve := people[0], people[1], people[2]

	bob.ask(wire.Kick{Group: 1, User: 3})
	bob.want("ACK KICK 106 your role in group 1 does not allow this")
	ann.ask(wire.SetRole{Group: 1, User: 2, Role: "admin"})
	eve.want("EVENT role_changed 2 by 1 in 1 as admin")
	bob.ask(wire.Kick{Group: 1, User: 1}, wire.Kick{Group: 1, User: 3}, wire.Kick{Group: 1, User: 3})

	bob.want("EVENT role_changed 2 by 1 in 1 as admin", "ACK KICK 106 your role in group 1 does not allow this",
		"ACK KICK", "EVENT group_kicked 3 by 2 in 1", "ACK KICK 104 there is no group 1, or no user 3 in it")
	eve.want("EVENT group_kicked 3 by 2 in 1")
	ann.got()
	ann.ask(in(1, "without eve"))
	eve.want()
	eve.ask(in(1, "hi"), wire.Sync{Conv: wire.InGroup(1)})
	eve.want("ACK GROUP_CHAT 106 you are not in group 1, join it first", "ACK SYNC 106 you are not in this group, join it first")
}

func TestWhoComesBackReadsFromThereOn(t *testing.T) {
	for name, end := range map[string]func(ann, bob *client){
		"kicked": func(ann, _ *client) { ann.ask(wire.Kick{Group: 1, User: 2}) },
		"left":   func(_, bob *client) { bob.ask(wire.LeaveGroup{Group: 1}) },
	} {
		t.Run(name, func(t *testing.T) {
			_, people := chess(t, sim.New(t), "bob")
			ann, bob := people[0], people[1]
			ann.ask(in(1, "before"))
			end(ann, bob)
			ann.ask(in(1, "meanwhile"))
			bob.got()

			bob.ask(wire.AddGroup{Group: 1})
			ann.ask(in(1, "after"))

			if got := bob.briefly(); !slices.Contains(got, "ACK ADD_GROUP {{{1 chess  normal open 2} 2 2}}") || got[len(got)-1] != "GROUP_CHAT 3 ann: after" || len(got) != 3 {
				t.Errorf("who came back got %q", got)
			}
			ack := only[wire.SyncAck](bob.ask(wire.Sync{Conv: wire.InGroup(1)}))
			if numbers(ack.Msgs) != "3" || ack.Since != 2 {
				t.Errorf("reads %+v", ack)
			}
		})
	}
}

func TestABanKeepsAMemberOutUntilItIsTakenBack(t *testing.T) {
	_, people := chess(t, sim.New(t), "bob", "eve")
	ann, bob, eve := people[0], people[1], people[2]

	ann.ask(wire.Ban{Group: 1, User: 2}, wire.Ban{Group: 1, User: 2})
	bob.want("EVENT group_kicked 2 by 1 in 1")
	eve.want("EVENT group_kicked 2 by 1 in 1")
	bob.ask(wire.AddGroup{Group: 1})
	bob.want("ACK ADD_GROUP 106 group 1 does not admit you, ask one of its admins to invite you")
	ann.ask(wire.Unban{Group: 1, User: 2})
	bob.ask(wire.AddGroup{Group: 1})

	if got := bob.briefly(); !slices.Contains(got, "EVENT group_joined 2 in 1") {
		t.Errorf("after the ban was taken back bob got %q", got)
	}
	eve.ask(wire.Ban{Group: 1, User: 2}, wire.Unban{Group: 1, User: 2}, wire.Unban{Group: 1, User: 9})
	refused := "106 your role in group 1 does not allow this"
	eve.want("EVENT group_joined 2 in 1", "ACK BAN "+refused, "ACK UNBAN "+refused, "ACK UNBAN "+refused)
}

func TestAClosedGroupAdmitsWhoWasInvited(t *testing.T) {
	n, people := chess(t, sim.New(t), "bob")
	n.register("eve")
	ann, bob, eve := people[0], people[1], n.enter(3)
	invite, open := joinByInvite, joinOpen

	ann.ask(wire.GroupSet{Group: 1, Join: &invite})
	eve.ask(wire.AddGroup{Group: 1})
	eve.want("ACK ADD_GROUP 106 group 1 does not admit you, ask one of its admins to invite you")
	bob.ask(wire.Invite{Group: 1, User: 3})
	bob.want("EVENT group_changed by 1 in 1", "ACK INVITE 106 your role in group 1 does not allow this")
	ann.ask(wire.Invite{Group: 1, User: 3}, wire.Invite{Group: 1, User: 2}, wire.Invite{Group: 1, User: 9})
	eve.want("EVENT group_invited 3 by 1 in 1")
	eve.ask(wire.AddGroup{Group: 1})
	eve.ask(wire.LeaveGroup{Group: 1}, wire.AddGroup{Group: 1}) // it was for once
	ann.ask(wire.GroupSet{Group: 1, Join: &open})
	eve.ask(wire.AddGroup{Group: 1})

	if got := acks(ann); !slices.Equal(got, []string{"ACK GROUP_SET", "ACK INVITE", "ACK INVITE 105 user 2 is in group 1 already",
		"ACK INVITE 104 there is no group 1, or no user 9", "ACK GROUP_SET"}) {
		t.Errorf("ann got %q", got)
	}
	if got := acks(eve); !slices.Equal(got, []string{"ACK ADD_GROUP {{{1 chess  normal invite 3} 0 0}}", "ACK LEAVE_GROUP",
		"ACK ADD_GROUP 106 group 1 does not admit you, ask one of its admins to invite you", "ACK ADD_GROUP {{{1 chess  normal open 3} 0 0}}"}) {
		t.Errorf("eve got %q", got)
	}
}

// acks are the answers among what came.
func acks(c *client) []string {
	return slices.DeleteFunc(c.briefly(), func(s string) bool { return s[:3] != "ACK" })
}

func TestTheCreatorMayHandItsGroupOn(t *testing.T) {
	_, people := chess(t, sim.New(t), "bob", "eve")
	ann, bob := people[0], people[1]

	bob.ask(wire.SetRole{Group: 1, User: 3, Role: "admin"})
	bob.want("ACK SET_ROLE 106 your role in group 1 does not allow this")
	ann.ask(wire.SetRole{Group: 1, User: 2, Role: "creator"}, wire.SetRole{Group: 1, User: 3, Role: "admin"}, wire.SetRole{Group: 1, User: 9, Role: "admin"})
	if got := acks(ann); !slices.Equal(got, []string{"ACK SET_ROLE", "ACK SET_ROLE 106 your role in group 1 does not allow this",
		"ACK SET_ROLE 106 your role in group 1 does not allow this"}) {
		t.Errorf("ann got %q", got)
	}
	bob.want("EVENT role_changed 2 by 1 in 1 as creator", "EVENT role_changed 1 in 1 as admin")
	bob.ask(wire.Members{Group: 1}, wire.SetRole{Group: 1, User: 9, Role: "admin"})

	bob.want("ACK MEMBERS {[{1 ann true admin} {2 bob true creator} {3 eve true normal}] false}",
		"ACK SET_ROLE 104 there is no group 1, or no user 9 in it")
}

func TestALeavingCreatorIsFollowedByTheLongestServingAdmin(t *testing.T) {
	_, people := chess(t, sim.New(t), "bob", "eve")
	ann, bob, eve := people[0], people[1], people[2]
	ann.ask(wire.SetRole{Group: 1, User: 3, Role: "admin"}, wire.LeaveGroup{Group: 1})
	bob.want("EVENT role_changed 3 by 1 in 1 as admin", "EVENT group_left 1 in 1", "EVENT role_changed 3 by 1 in 1 as creator")

	bob.ask(wire.Groups{}, wire.Members{Group: 1})

	bob.want("ACK GROUPS {[{1 chess  normal open 2}]}", "ACK MEMBERS {[{2 bob true normal} {3 eve true creator}] false}")
	bob.ask(wire.LeaveGroup{Group: 1})
	eve.ask(wire.LeaveGroup{Group: 1}, wire.AddGroup{Group: 1}) // the last to leave ended it
	if got := acks(eve); !slices.Equal(got, []string{"ACK LEAVE_GROUP", "ACK ADD_GROUP 104 there is no group 1"}) {
		t.Errorf("eve got %q", got)
	}
}

func TestAGroupIsChangedAndDeletedByWhoMay(t *testing.T) {
	n, people := chess(t, sim.New(t), "bob", "eve")
	ann, bob, eve := people[0], people[1], people[2]
	n.group("tea", 1)
	name, taken, bad, desc := "Go", "Tea", " ", "we play"

	eve.ask(wire.GroupSet{Group: 1, Name: &name})
	eve.want("ACK GROUP_SET 106 your role in group 1 does not allow this")
	ann.ask(wire.SetRole{Group: 1, User: 2, Role: "admin"})
	bob.got()
	bob.ask(wire.GroupSet{Group: 1, Name: &name, Desc: &desc}, wire.GroupSet{Group: 1, Name: &taken}, wire.GroupSet{Group: 1, Name: &bad},
		wire.GroupSet{Group: 1, Delete: true}, wire.GroupSet{Group: 9, Delete: true}, wire.Groups{})
	bob.want("ACK GROUP_SET", "EVENT group_changed by 2 in 1", "ACK GROUP_SET 105 this group name is taken, choose another",
		"ACK GROUP_SET 103 groupname: "+badGroupName(t, bad), "ACK GROUP_SET 106 your role in group 1 does not allow this",
		"ACK GROUP_SET 104 there is no group 9", "ACK GROUPS {[{1 Go we play admin open 3}]}")
	eve.got()

	ann.ask(wire.GroupSet{Group: 1, Delete: true})

	bob.want("EVENT group_left by 1 in 1")
	eve.want("EVENT group_left by 1 in 1")
	bob.ask(in(1, "hi"), wire.Groups{})
	bob.want("ACK GROUP_CHAT 104 there is no group 1", "ACK GROUPS {[]}")
}

// badGroupName is what is said of a name that no group may have.
func badGroupName(t *testing.T, name string) string {
	_, _, err := groupName(name)
	if err == nil {
		t.Fatalf("%q is a name", name)
	}
	return err.(*wire.Fault).Text[len("groupname: "):]
}

func TestNobodyDoesToOneselfWhatIsForOthers(t *testing.T) {
	_, people := chess(t, sim.New(t))
	ann := people[0]

	ann.ask(wire.Kick{Group: 1, User: 1}, wire.Ban{Group: 1, User: 1}, wire.Block{User: 1}, wire.AddFriend{Friend: 1},
		wire.SetRole{Group: 1, User: 1, Role: "normal"})

	ann.want("ACK KICK 103 userid: leave the group instead", "ACK BAN 103 userid: you cannot ban yourself",
		"ACK BLOCK 103 userid: you cannot block yourself", "ACK ADD_FRIEND 103 friendid: you cannot be on your own list",
		"ACK SET_ROLE 103 userid: make somebody else the creator instead")
}

func TestAClassicMemberTakesPartInAV2Group(t *testing.T) {
	n, people := chess(t, sim.New(t))
	n.register("bob")
	ann, bob := people[0], n.login(2)

	bob.send(`{"msgid":9,"groupid":1}`)
	ann.ask(in(1, "hi"), wire.Kick{Group: 1, User: 2}, in(1, "secret"))

	ann.got()
	bob.want("ann>g1: hi")
}
