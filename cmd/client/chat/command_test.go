package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// eve is nobody's friend; only the server knows her.
var eve = wire.Peer{ID: 9, Name: "eve"}

// server answers as a server with ann, bob, cid, eve and the group go does.
func server(r wire.Request) (wire.Reply, error) {
	switch r := r.(type) {
	case wire.Lookup:
		if r.ID == eve.ID || r.Name == eve.Name {
			return wire.Found{User: eve}, nil
		}
		return nil, &wire.Fault{Errno: wire.NotFound, Text: "there is no such user"}
	case wire.AddFriend:
		return wire.Befriended{Friend: eve}, nil
	case wire.CreateGroup:
		return wire.Founded{Group: 8}, nil
	case wire.AddGroup:
		return wire.Joined{Group: wire.JoinedGroup{Membership: wire.Membership{ID: 8, Name: "birds"}}}, nil
	case wire.Members:
		return wire.MemberList{Members: []wire.Peer{{ID: 1, Name: "ann", Online: true, Role: "creator"}}, More: true}, nil
	case wire.Groups:
		return wire.GroupList{Groups: []wire.Membership{go7}}, nil
	}
	return wire.Done{}, nil
}

func TestCommandAsksAndTellsWhatCameOfIt(t *testing.T) {
	eveKnown := wire.Lookup{Name: "eve"}
	for line, c := range map[string]struct {
		asked []wire.Request
		said  string
	}{
		"/who":                      {nil, "bob [2] online\ncid [3] offline"},
		"/who EVE":                  {[]wire.Request{wire.Lookup{Name: "EVE"}}, "who failed: there is no such user (check the name or id)"},
		"/who eve":                  {[]wire.Request{eveKnown, wire.Lookup{ID: 9}}, "eve [9] offline"},
		"/friend eve":               {[]wire.Request{eveKnown, wire.AddFriend{Friend: 9}}, "eve [9] is on your list of friends now"},
		"/friend u:9":               {[]wire.Request{wire.Lookup{ID: 9}, wire.AddFriend{Friend: 9}}, "eve [9] is on your list of friends now"},
		"/unfriend Bob":             {[]wire.Request{wire.DelFriend{Friend: 2}}, "bob [2] is off your list of friends"},
		"/block @bob":               {[]wire.Request{wire.Block{User: 2}}, "bob [2] cannot write to you any more"},
		"/unblock 2":                {[]wire.Request{wire.Unblock{User: 2}}, "bob [2] can write to you again"},
		"/group birds of a feather": {[]wire.Request{wire.CreateGroup{Name: "birds of a feather"}}, "group birds of a feather [8] was made; others join it by /join 8"},
		"/join 8":                   {[]wire.Request{wire.AddGroup{Group: 8}}, "you are in group birds [8] now"},
		"/join birds":               {nil, "what to join is a group's id; who made it was told which one; write /join ID"},
		"/leave #go":                {[]wire.Request{wire.LeaveGroup{Group: 7}}, "you left #go"},
		"/leave":                    {nil, "no group is open; write /leave [#GROUP]"},
		"/leave birds":              {nil, `you are in no group "birds"; write /leave [#GROUP]`},
		"/members g:7":              {[]wire.Request{wire.Members{Group: 7, Limit: shownMembers}}, "#go:\n  ann [1] creator online\n  and more"},
		"/invite eve go":            {[]wire.Request{eveKnown, wire.Invite{Group: 7, User: 9}}, "eve [9] is in the group now"},
		"/kick bob #go":             {[]wire.Request{wire.Kick{Group: 7, User: 2}}, "bob [2] is out of the group"},
		"/ban bob #go":              {[]wire.Request{wire.Ban{Group: 7, User: 2}}, "bob [2] is out of the group for good"},
		"/unban bob #go":            {[]wire.Request{wire.Unban{Group: 7, User: 2}}, "bob [2] may join again"},
		"/role bob admin #go":       {[]wire.Request{wire.SetRole{Group: 7, User: 2, Role: "admin"}}, "bob [2] is admin now"},
		"/role bob king":            {nil, `"king" is no role: those are normal, admin and creator; write /role USER ROLE [#GROUP]`},
		"/unread":                   {nil, "nothing is unread"},
		"/login bob":                {nil, "you are ann [1]; /logout comes first"},
		"/register eve":             {nil, "you are ann [1]; /logout comes first"},
		"/search":                   {nil, "what to look for is missing; write /search TEXT"},
		"/history":                  {nil, "no conversation is open; write /history [COUNT]"},
		"/friend":                   {nil, "a name or an id is missing; write /friend USER"},
		"hi":                        {nil, "no conversation is open: /msg NAME opens one, /help shows the commands"},
		"addfriend:9":               {[]wire.Request{wire.AddFriend{Friend: 9}}, "eve [9] is on your list of friends now"},
		"creategroup:go:a: b":       {[]wire.Request{wire.CreateGroup{Name: "go", Desc: "a: b"}}, "group go [8] was made; others join it by /join 8"},
		"addgroup:8":                {[]wire.Request{wire.AddGroup{Group: 8}}, "you are in group birds [8] now"},
		"loginout":                  {nil, "you are nobody now: /login NAME"},
		"chat:2:":                   {nil, "there is nothing to send; write chat:ID:TEXT"},
		"groupchat:0:hi":            {nil, `"0" is not an id: that is a number from 1 to 4611686018427387903; write groupchat:ID:TEXT`},
		"\xff":                      {nil, "this is not UTF-8: set your terminal to it and type it again"},
	} {
		t.Run(line, func(t *testing.T) {
			f := &fakeSession{answers: server}
			d := in(t, f)

			d.types(line)

			d.prints(c.said)
			if !slices.EqualFunc(f.asked, c.asked, func(x, y wire.Request) bool { return x == y }) {
				t.Errorf("it asked %#v, want %#v", f.asked, c.asked)
			}
		})
	}
}

func TestTextGoesToWhereItIsMeant(t *testing.T) {
	long := strings.Repeat("x", wire.MaxMsg+1)
	for name, c := range map[string]struct {
		lines []string
		sent  string
	}{
		"in one go":              {[]string{"/msg bob hi: there"}, "u:2 hi: there"},
		"to who is open":         {[]string{"/msg @bob", "hi"}, "u:2 hi"},
		"to a group by name":     {[]string{"/msg #go hi all"}, "g:7 hi all"},
		"to a group by id":       {[]string{"/msg g:7 hi all"}, "g:7 hi all"},
		"to a stranger":          {[]string{"/msg eve hi"}, "u:9 hi"},
		"as the original's":      {[]string{"chat:2:hi: there", "groupchat:7:hi"}, "u:2 hi: there, g:7 hi"},
		"what looks like one":    {[]string{"/msg bob", "chat:7:hi", "help"}, "u:2 chat:7:hi, u:2 help"},
		"with a slash":           {[]string{"/msg bob", "//help"}, "u:2 /help"},
		"not to who was left":    {[]string{"/msg bob", "/close", "hi"}, ""},
		"not what is too long":   {[]string{"/msg bob", long}, ""},
		"not to who is not":      {[]string{"/msg mallory hi"}, ""},
		"not of what is blank":   {[]string{"/msg bob", " ", ""}, ""},
		"not when nobody is in":  {[]string{"/logout", "/msg bob hi", "chat:2:hi"}, ""},
		"to a group with spaces": {[]string{"/group two words", "/msg #two words hi"}, "g:8 hi"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeSession{answers: server}
			d := in(t, f)

			d.types(c.lines...)

			var sent []string
			for _, o := range f.sent {
				sent = append(sent, fmt.Sprintf("%v %s", o.Conv, o.Text))
			}
			if got := strings.Join(sent, ", "); got != c.sent {
				t.Errorf("%q was sent, want %q; it said %q", got, c.sent, d.printed)
			}
		})
	}
}

func TestNewsIsToldAndReadAgain(t *testing.T) {
	for name, c := range map[string]struct {
		event wire.Event
		asked []wire.Request
		said  []string
	}{
		"a friend":          {wire.Event{Kind: wire.FriendAdded, ID: 1, By: 2}, nil, []string{"bob has you as a friend"}},
		"an own friend":     {wire.Event{Kind: wire.FriendAdded, ID: 9, By: 1}, []wire.Request{wire.Friends{}}, nil},
		"a member":          {wire.Event{Kind: wire.GroupJoined, ID: 3, Group: 7}, nil, []string{"#go: cid is in the group now"}},
		"one less":          {wire.Event{Kind: wire.GroupLeft, ID: 3, Group: 7}, nil, []string{"#go: cid left the group"}},
		"a removal":         {wire.Event{Kind: wire.GroupKicked, ID: 3, By: 2, Group: 7}, nil, []string{"#go: bob removed cid from the group"}},
		"a role":            {wire.Event{Kind: wire.RoleChanged, ID: 3, Group: 7, Role: "admin"}, nil, []string{"#go: cid is admin now"}},
		"own removal":       {wire.Event{Kind: wire.GroupKicked, ID: 1, By: 2, Group: 7}, []wire.Request{wire.Groups{}}, []string{"#go: bob removed ann from the group"}},
		"own other device":  {wire.Event{Kind: wire.GroupJoined, ID: 1, Group: 8}, []wire.Request{wire.Groups{}}, nil},
		"what is not known": {wire.Event{Kind: "moon_rose", ID: 2, Group: 7}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeSession{answers: server}
			d := in(t, f)

			d.hears(client.Happened(c.event))

			d.prints(c.said...)
			if !slices.EqualFunc(f.asked, c.asked, func(x, y wire.Request) bool { return x == y }) {
				t.Errorf("it asked %#v, want %#v", f.asked, c.asked)
			}
		})
	}
}

func TestGroupThatWasLeftIsNotListed(t *testing.T) {
	d := in(t, &fakeSession{answers: func(wire.Request) (wire.Reply, error) { return wire.GroupList{}, nil }})
	d.types("/msg #go")

	d.hears(client.Happened(wire.Event{Kind: wire.GroupKicked, ID: 1, By: 2, Group: 7}))

	if d.current != console || d.convs[inGo] != nil {
		t.Errorf("%v is open, %v is held", d.current, d.convs[inGo])
	}
}

func TestStrangersAreAskedForByTheirIDs(t *testing.T) {
	f := &fakeSession{answers: server}
	d := newDesk(t, f)
	d.resume()
	d.work()
	online := annsIn
	online.Convs = []wire.ConvState{{Conv: wire.WithUser(9), Head: 4, Read: 1}}

	d.hears(online)
	d.printed = nil
	d.types("/unread")

	d.prints("eve: 3 unread")
}

func TestAnswerThatDoesNotFitIsAnError(t *testing.T) {
	d := in(t, &fakeSession{})

	d.types("/who eve")

	d.prints("who failed: the server answered with a wire.Done, which this client does not understand")
}

func TestReconnectedSessionKeepsWhatIsShown(t *testing.T) {
	d := in(t, &fakeSession{})
	d.types("/msg bob")
	d.hears(said(toBob, bob, 1, "hi"))
	d.printed = nil

	d.hears(client.Offline{Err: fmt.Errorf("reset")}, annsIn, said(toBob, bob, 2, "again"))

	d.prints("the connection is lost (reset); what you send waits until it is back", "you are online again")
	if got := texts(d.here()); d.current != toBob || !strings.HasSuffix(got, "hi again") {
		t.Errorf("%v is open and reads %q", d.current, got)
	}
}

func TestLiftedPositionDropsWhatDoesNotJoinOn(t *testing.T) {
	f := &fakeSession{stored: map[wire.Conv][]wire.Push{toBob: {said(toBob, bob, 1, "new store").Push}}}
	d := in(t, f)
	d.types("/msg bob")
	d.hears(said(toBob, bob, 1, "old store"))

	d.hears(client.Lifted{Conv: toBob})
	d.types("/history")

	if got := texts(d.here()); !strings.HasSuffix(got, "new store") {
		t.Errorf("it reads %q", got)
	}
}

func TestOtherStoreVoidsWhatWasHeld(t *testing.T) {
	d := in(t, &fakeSession{})
	d.types("/msg bob")
	d.hears(said(toBob, bob, 9, "old"))
	restored := annsIn
	restored.Epoch = "another"
	restored.Convs = []wire.ConvState{{Conv: toBob, Head: 3, Read: 2}}

	d.hears(client.Offline{Err: fmt.Errorf("reset")}, restored)

	if c := d.here(); c.Head != 3 || c.unread() != 1 || c.last() != 0 {
		t.Errorf("head %d, %d unread, up to %d held", c.Head, c.unread(), c.last())
	}
}

func TestWhoAnswersHasRead(t *testing.T) {
	f := &fakeSession{}
	d := in(t, f)
	d.hears(said(toBob, bob, 1, "hi"))
	d.types("/msg bob hi")

	d.hears(stored(f, 0, 2))

	if c := d.here(); f.told() != "u:2 2" || c.unread() != 0 {
		t.Errorf("read was told as %q, %d are unread", f.told(), c.unread())
	}
}
