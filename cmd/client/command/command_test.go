package command

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatserver/cmd/client/chat"
	"chatserver/net/client"
	"chatserver/net/wire"
)

func TestWrongCommandLinesAreExplained(t *testing.T) {
	s := newServer(t).knows().answers()
	for line, said := range map[string]string{
		"sned @bob hi":                   `there is no command "sned"; did you mean send?: client --help shows those there are`,
		"group leve":                     `there is no command "leve"; did you mean leave?: client group --help`,
		"group":                          "say what to do: client group --help",
		"friends @bob":                   "write client friends",
		"send":                           "write client send CONVERSATION [TEXT...]",
		"send bob hi":                    `"bob" is no conversation: write @NAME or u:ID for a person, '#GROUP' or g:ID for a group`,
		"friend add #gophers":            `"#gophers" is no person`,
		"members @bob":                   `"@bob" is no group`,
		"friends --addr=":                "--addr must name a server, as HOST:PORT",
		"login ann --addr a:1,b":         `"b" is no address of a server: write HOST:PORT`,
		"--port 1":                       "unknown flag: --port: client --help shows how it is written",
		"history @bob --limit x":         "invalid argument",
		"history @bob --limit 0":         "--limit is 1 or more",
		"tokens revoke x":                `"x" is no id of a token: that is a number above 0`,
		"read @bob 0":                    `"0" is no seq`,
		"bench chat --size 0 --window 0": "this is no run: --window must be 1 to",
		"bench":                          "say what to do: client bench --help",
		"bench idle now":                 "write client bench idle",
		"tail --since 3":                 "--since is a seq of conversations that are named",
		"tail --reader ../x":             "--reader is a name of letters, digits, - and _",
		"group set g:7":                  "say what to change by --name, --description or --join",
		"login ann":                      "there is no terminal to ask for the password: use --password-file FILE, or set CHAT_PASSWORD",
		"group role g:7 @bob admin x":    "write client group role GROUP PERSON normal|admin|creator",
	} {
		t.Run(line, func(t *testing.T) {
			s.run("", strings.Fields(line)...).wants(misused, "", said)
		})
	}
}

func TestCommandsAskTheServerAndPrintWhatItSays(t *testing.T) {
	bob := wire.Found{User: wire.Peer{ID: 2, Name: "bob", Online: true}}
	gophers := wire.Membership{ID: 7, Name: "gophers", Desc: "a\tb", Role: "creator", Join: "open", Members: 2}
	push := wire.Push{Kind: wire.OneChatID, From: 2, Name: "bob", To: 1, Msg: "hi", CID: "c", Seq: 9, At: at}
	for line, c := range map[string]struct {
		asks    wire.Request
		answer  wire.Reply
		printed string // as JSON
	}{
		"friends":                {wire.Friends{}, wire.FriendList{Friends: []wire.Peer{bob.User}}, `{"id":2,"name":"bob","state":"online"}`},
		"friend add 2":           {wire.AddFriend{Friend: 2}, wire.Befriended{Friend: bob.User}, `{"id":2,"name":"bob","state":"online"}`},
		"friend remove u:2":      {wire.DelFriend{Friend: 2}, wire.Done{}, ""},
		"lookup 2":               {wire.Lookup{ID: 2}, bob, `{"id":2,"name":"bob","state":"online"}`},
		"block 2":                {wire.Block{User: 2}, wire.Done{}, ""},
		"unblock 2":              {wire.Unblock{User: 2}, wire.Done{}, ""},
		"groups":                 {wire.Groups{}, wire.GroupList{Groups: []wire.Membership{gophers}}, `{"id":7,"name":"gophers","desc":"a\tb","role":"creator","join":"open","members":2}`},
		"members gophers":        {wire.Members{Group: 7, Limit: 500}, wire.MemberList{Members: []wire.Peer{{ID: 1, Name: "ann", Role: "normal"}}}, `{"id":1,"name":"ann","state":"offline","role":"normal"}`},
		"group create go a":      {wire.CreateGroup{Name: "go", Desc: "a"}, wire.Founded{Group: 8}, `{"id":8,"name":"go"}`},
		"group join 7":           {wire.AddGroup{Group: 7}, wire.Joined{Group: wire.JoinedGroup{Membership: gophers}}, `{"id":7,"name":"gophers","desc":"a\tb","role":"creator","join":"open","members":2}`},
		"group leave #gophers":   {wire.LeaveGroup{Group: 7}, wire.Done{}, ""},
		"group delete Gophers":   {wire.GroupSet{Group: 7, Delete: true}, wire.Done{}, ""},
		"group kick g:7 2":       {wire.Kick{Group: 7, User: 2}, wire.Done{}, ""},
		"group ban g:7 2":        {wire.Ban{Group: 7, User: 2}, wire.Done{}, ""},
		"group unban g:7 2":      {wire.Unban{Group: 7, User: 2}, wire.Done{}, ""},
		"group invite g:7 2":     {wire.Invite{Group: 7, User: 2}, wire.Done{}, ""},
		"group role g:7 2 admin": {wire.SetRole{Group: 7, User: 2, Role: "admin"}, wire.Done{}, ""},
		"tokens":                 {wire.Tokens{}, wire.TokenList{Tokens: []wire.Token{{ID: 3, Device: "d", Created: at, Used: at}}}, `{"id":3,"device":"d","created":1767348672000,"used":1767348672000,"expires":0,"this":false}`},
		"tokens revoke 3":        {wire.Revoke{Token: 3}, wire.Done{}, ""},
		"read u:2":               {wire.Mark{Conv: wire.WithUser(2), Delivered: wire.MaxSeq, Read: wire.MaxSeq}, wire.Done{}, ""},
		"read u:2 5":             {wire.Mark{Conv: wire.WithUser(2), Delivered: 5, Read: 5}, wire.Done{}, ""},
		"history u:2 --before 10 --limit 1": {wire.Sync{Conv: wire.WithUser(2), Before: 10, Limit: 1},
			wire.SyncAck{Conv: wire.WithUser(2), Msgs: []wire.Push{push}, Head: 9, More: true},
			`{"conv":"u:2","seq":9,"ts":1767348672000,"from":2,"name":"bob","text":"hi","cid":"c"}`},
	} {
		t.Run(line, func(t *testing.T) {
			s := newServer(t).knows().answers(c.answer)
			if c.printed != "" {
				c.printed += "\n"
			}

			s.run("", append(strings.Fields(line), "--json")...).wants(allWell, c.printed, "")

			s.wantHeard(c.asks)
		})
	}
}

func TestGroupsSettingsAreThoseThatAreGiven(t *testing.T) {
	s := newServer(t).knows().answers(wire.Done{})

	s.run("", "group", "set", "gophers", "--description", "", "--join", "invite").wants(allWell, "", "")

	set, ok := s.heard[0].(wire.GroupSet)
	if !ok || set.Group != 7 || set.Name != nil || set.Desc == nil || *set.Desc != "" || *set.Join != "invite" {
		t.Errorf("the server heard %+v", s.heard)
	}
}

func TestHistoryAndMembersAreReadPageByPage(t *testing.T) {
	page := func(more bool, seqs ...uint64) wire.SyncAck {
		ack := wire.SyncAck{Conv: wire.InGroup(7), More: more}
		for _, seq := range seqs {
			ack.Msgs = append(ack.Msgs, wire.Push{Kind: wire.GroupChatID, From: 1, Name: "ann", To: 7, Msg: "hi", Seq: seq, At: at})
		}
		return ack
	}
	s := newServer(t).knows().answers(page(true, 8, 9), page(false, 7))
	if got := s.run("", "history", "g:7", "--limit", "600"); got.code != allWell || seqsOf(got.stdout) != "7 8 9" {
		t.Errorf("exit %d, printed %q", got.code, got.stdout)
	}
	s.wantHeard(wire.Sync{Conv: wire.InGroup(7), Before: wire.MaxSeq, Limit: 500}, wire.Sync{Conv: wire.InGroup(7), Before: 8, Limit: 500})

	s = newServer(t).knows().answers(wire.MemberList{Members: []wire.Peer{{ID: 1, Name: "ann", Role: "normal"}}, More: true},
		wire.MemberList{Members: []wire.Peer{{ID: 2, Name: "bob", Role: "normal"}}})
	s.run("", "members", "g:7").wants(allWell, "ID  NAME  STATE    ROLE\n1   ann   offline  normal\n2   bob   offline  normal\n", "")
	s.wantHeard(wire.Members{Group: 7, Limit: 500}, wire.Members{Group: 7, After: 1, Limit: 500})
}

// seqsOf are the third words of lines.
func seqsOf(printed string) string {
	var seqs []string
	for line := range strings.Lines(printed) {
		seqs = append(seqs, strings.Fields(line)[3])
	}
	return strings.Join(seqs, " ")
}

func TestConversationsShowWhatIsUnread(t *testing.T) {
	s := newServer(t).knows().answers()

	s.run("", "convs").wants(allWell, "CONVERSATION  NAME     MESSAGES  UNREAD\nu:2           bob      9         5\ng:7           gophers  3         0\n", "")
	s.run("", "convs", "--unread", "--json").
		wants(allWell, `{"conv":"u:2","name":"bob","head":9,"since":0,"delivered":0,"read":4,"unread":5}`+"\n", "")
}

func TestExitCodesSayWhatKindOfFailureItWas(t *testing.T) {
	for name, c := range map[string]struct {
		answer wire.Reply
		code   int
		said   string
	}{
		"refused":         {refuse(wire.Forbidden, "this is for admins"), refused, "this is for admins"},
		"not logged in":   {refuse(wire.LoginFirst, "log in first"), unauthorised, "log in first"},
		"fate unknown":    {refuse(wire.Unavailable, "the store is away"), unknown, "the store is away"},
		"no answer":       {nil, unknown, "look whether it was done before you ask again"},
		"another answer":  {wire.Pong{}, failed, "it may be of another version"},
		"foreign control": {refuse(wire.NotFound, "no \x1b[2J"), refused, "no ␛[2J"},
	} {
		t.Run(name, func(t *testing.T) {
			newServer(t).knows().answers(c.answer).run("", "group", "leave", "7").wants(c.code, "", c.said)
		})
	}
}

func TestServerThatIsTooOldIsNamedSo(t *testing.T) {
	s := newServer(t).knows().answers(refuse(wire.Version, "leave v out"))

	t.Setenv("CHAT_PASSWORD", "secret")
	s.run("", "register", "bob").wants(refused, "", "the server is too old for this client")
}

func TestBenchGoesToTheServerOfTheOtherCommands(t *testing.T) {
	s := newServer(t)

	s.run("", "--addr", "127.0.0.1:1", "bench", "chat", "--conns", "2").wants(failed, "", "dial tcp 127.0.0.1:1:")
	s.run("", "bench", "chat", "--conns", "2", "--addrs", "127.0.0.1:2").wants(failed, "", "dial tcp 127.0.0.1:2:")
}

func TestWithoutAServerCommandsFailAtOnce(t *testing.T) {
	s := newServer(t).knows()
	s.down = true

	s.run("", "friends", "--addr", "127.0.0.1:6000").
		wants(failed, "", "there is no server at 127.0.0.1:6000 (connection refused): go run ./cmd/node starts one here")
}

func TestLoginThatEndedHasToBeMadeAgain(t *testing.T) {
	s := newServer(t).knows().answers()
	s.token = "revoked"

	s.run("", "friends").wants(unauthorised, "", "the login of ann has ended: log in again with client login ann")
}

func TestConfigurationFileIsReadAndFlagsWin(t *testing.T) {
	s := newServer(t).knows().answers(wire.FriendList{})
	file := filepath.Join(s.folder, "config", "chatserver", "client.yaml")

	write(t, file, "addr: [127.0.0.1:6000]\naccount: eve\n")
	s.run("", "convs").wants(unauthorised, "", "no such account")
	s.run("", "friends", "--account", "Ann").wants(allWell, "ID  NAME  STATE\n", "")

	write(t, file, "adr: x\n")
	s.run("", "convs").wants(misused, "", "client.yaml: ")
}

func TestShellsAreOfferedWhatTheLastLoginTold(t *testing.T) {
	s := newServer(t).knows().answers(wire.FriendList{})
	s.run("", "friends").wants(allWell, "ID  NAME  STATE\n", "")
	s.down = true // nothing is asked of it
	for line, want := range map[string]string{
		"send |":           "@bob #gophers",
		"send @|":          "@bob",
		"send @bob |":      "",
		"tail @bob |":      "@bob #gophers",
		"group leave g|":   "gophers",
		"group kick #|":    "#gophers",
		"group kick #x |":  "bob",
		"friend add @b|":   "@bob",
		"send --account |": "ann",
	} {
		t.Run(line, func(t *testing.T) {
			args := strings.Split(strings.TrimSuffix(line, "|"), " ")
			got := s.run("", append([]string{"__complete"}, args...)...)
			offered := strings.Fields(got.stdout)
			if last := len(offered) - 1; strings.Join(offered[:last], " ") != want || offered[last] != ":4" {
				t.Errorf("offered was %q, want %q and no files", got.stdout, want)
			}
		})
	}
}

func TestWithoutACommandItIsAChat(t *testing.T) {
	s := newServer(t).knows()
	typed := func() (string, error) { return "", io.EOF }
	for name, c := range map[string]struct {
		unseen  func() (string, error)
		args    []string
		account string // that the chat begins as
	}{
		"a person is logged in as the last time": {typed, nil, "ann"},
		"a script may be, unless it logs in":     {nil, nil, "ann"},
		"a flag says as whom":                    {nil, []string{"--account", "1"}, "ann"},
	} {
		t.Run(name, func(t *testing.T) {
			var got chat.Options
			w := World{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Unseen: c.unseen, Dial: s.dial,
				Chat: func(_ context.Context, o chat.Options) int { got = o; return 5 }}

			code := Run(context.Background(), append(c.args, "--plain"), w)

			if code != 5 || !got.Plain || got.Account != c.account || got.Addrs[0] != "127.0.0.1:6000" {
				t.Errorf("exit %d after a chat with %+v", code, got)
			}
		})
	}
}

func TestChatsOfOneAccountHaveAStateEach(t *testing.T) {
	s := newServer(t).knows().reads()
	a := &app{World: World{Dial: s.dial}, addrs: []string{"127.0.0.1:6000"}, timeout: time.Second, home: s.home()}

	for _, as := range []client.Credentials{{}, {}, {Name: "ann", Password: "secret"}} {
		c, err := a.open(t.Context(), as)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}

	if _, err := a.open(t.Context(), client.Credentials{Name: "ann", Password: "wrong"}); errno(err) != wire.Denied {
		t.Errorf("with a wrong password: %v", err)
	}
	a.Dial = (&server{down: true}).dial
	if _, err := a.open(t.Context(), client.Credentials{Name: "ann", Password: "secret"}); !errors.Is(err, chat.ErrNoServer) {
		t.Errorf("without a server: %v", err)
	}
}
