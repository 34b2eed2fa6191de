package e2e

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatserver/net/wire"
)

var update = flag.Bool("update", false, "record what the node says in testdata/*.txt")

// TestNodeSpeaksAsTheScriptsSay plays every script in testdata on real sockets. A line of a script is
//
//	# a remark; on the first line, flags of the node
//	ann> {…}    ann sends this; ${ann.token} is the last "token" that ann was told, ${long} too long a message
//	ann< {…}    ann is told this next, or in any order with the lines around it that start alike
//	ann.        the node ends ann's connection
//	node.       the node is asked to end
//
// A name that is new dials. What differs from run to run is written as "*".
func TestNodeSpeaksAsTheScriptsSay(t *testing.T) {
	eachScript(t, func(t *testing.T, path string, script []string) {
		p := &play{t: t, nodes: []*node{startNode(t, database(t), flagsOf(script)...)}, cast: map[string]*speaker{}}

		heard := p.run(script)

		if !*update {
			wantScript(t, heard, script)
		} else if err := os.WriteFile(path, []byte(strings.Join(heard, "\n")+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	})
}

// TestClusterSpeaksAsTheScriptsSay plays them with everybody on another node than who came before. What one
// node was told of is found by a login on another when it is written down, so that waits for nothing here.
func TestClusterSpeaksAsTheScriptsSay(t *testing.T) {
	eachScript(t, func(t *testing.T, _ string, script []string) {
		c := startCluster(t, append(flagsOf(script), "--limits.marks", "1ms")...)
		p := &play{t: t, nodes: c.nodes, cast: map[string]*speaker{}}

		wantScript(t, p.run(script), script)
	})
}

// eachScript runs a test of each script, all at once.
func eachScript(t *testing.T, test func(t *testing.T, path string, script []string)) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			test(t, path, strings.Split(strings.TrimSpace(string(text)), "\n"))
		})
	}
}

// flagsOf are the flags of the node that a script is for.
func flagsOf(script []string) []string {
	return strings.Fields(strings.TrimPrefix(script[0], "#"))
}

func wantScript(t *testing.T, heard, script []string) {
	t.Helper()
	if !slices.Equal(heard, script) {
		t.Error(firstDifference(heard, script))
	}
}

// TestScriptsHoldEveryMessageAndEveryErrno keeps the scripts as long as the protocol.
func TestScriptsHoldEveryMessageAndEveryErrno(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txt")
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for id := wire.LoginID; id <= wire.InviteID; id++ {
		if !strings.Contains(all.String(), fmt.Sprintf(`{"msgid":%d,`, id)) {
			t.Errorf("no script has %v", id)
		}
	}
	for errno := range wire.NotYou + 1 {
		if name := errno.String(); name != strconv.Itoa(int(errno)) && !strings.Contains(all.String(), fmt.Sprintf(`"errno":%d,`, errno)) {
			t.Errorf("no script has %v", errno)
		}
	}
}

// play is a script under way.
type play struct {
	t     *testing.T
	nodes []*node // who comes next is on the next one
	cast  map[string]*speaker
}

// speaker is one connection.
type speaker struct {
	socket net.Conn
	lines  *bufio.Reader
	token  string // the last that it was told
}

var line = regexp.MustCompile(`^(\w+)([<>.]) ?(.*)$`)

// run plays the script and returns it as it went.
func (p *play) run(script []string) (went []string) {
	for at := 0; at < len(script); at++ {
		part := line.FindStringSubmatch(script[at])
		if part == nil {
			went = append(went, script[at])
			continue
		}
		name, act := part[1], part[2]
		if name == "node" {
			for _, n := range p.nodes {
				n.signal(syscall.SIGTERM)
			}
			went = append(went, script[at])
			continue
		}
		s := p.speaker(name)
		switch act {
		case ">":
			p.say(s, part[3])
			went = append(went, script[at])
		case ".":
			p.wantEnd(name, s)
			went = append(went, script[at])
		case "<":
			from := at
			for at+1 < len(script) && strings.HasPrefix(script[at+1], name+"<") {
				at++
			}
			went = append(went, p.hear(name, s, script[from:at+1])...)
		}
	}
	return went
}

func (p *play) speaker(name string) *speaker {
	if p.cast[name] == nil {
		socket, err := net.DialTimeout("tcp", p.nodes[len(p.cast)%len(p.nodes)].addr, patience)
		if err != nil {
			p.t.Fatal(err)
		}
		p.t.Cleanup(func() { socket.Close() })
		p.cast[name] = &speaker{socket: socket, lines: bufio.NewReader(socket)}
	}
	return p.cast[name]
}

func (p *play) say(s *speaker, text string) {
	text = strings.ReplaceAll(text, "${long}", strings.Repeat("x", wire.MaxMsg+1))
	for name, other := range p.cast {
		text = strings.ReplaceAll(text, "${"+name+".token}", other.token)
	}
	if _, err := s.socket.Write([]byte(text + "\n")); err != nil {
		p.t.Fatal(err)
	}
}

// hear reads as many objects as are wanted, and returns them in the order they are wanted in.
func (p *play) hear(name string, s *speaker, want []string) (heard []string) {
	for range want {
		s.socket.SetReadDeadline(time.Now().Add(patience))
		object, err := s.lines.ReadBytes('\n')
		if err != nil {
			p.t.Fatalf("%s is told %q and then nothing (%v), want %q", name, heard, err, want)
		}
		heard = append(heard, name+"< "+s.masked(p.t, object))
	}
	sorted := func(lines []string) []string { return slices.Sorted(slices.Values(lines)) }
	if slices.Equal(sorted(heard), sorted(want)) {
		return want
	}
	return heard
}

func (p *play) wantEnd(name string, s *speaker) {
	s.socket.SetReadDeadline(time.Now().Add(patience))
	if object, err := s.lines.ReadBytes('\n'); err == nil || os.IsTimeout(err) {
		p.t.Fatalf("%s is told %q (%v), want the end", name, object, err)
	}
}

// volatile are the fields that differ from run to run.
var volatile = []string{"time", "ts", "token", "token_expires", "session", "epoch", "created", "used", "expires", "retry_ms"}

// hidden is one of them, also in an object that is a string itself.
var hidden = regexp.MustCompile(`"(` + strings.Join(volatile, "|") + `)(\\?)":(\\?"[^"\\]+\\?"|[1-9][0-9]*)`)

// named is the name of a node of a cluster; the scripts know one of no name.
var named = regexp.MustCompile(`"node":"n[1-9]"`)

// masked is an object without its volatile values. They are there, and not empty.
func (s *speaker) masked(t *testing.T, object []byte) string {
	t.Helper()
	var told struct{ Token string }
	if err := json.Unmarshal(object, &told); err != nil {
		t.Fatalf("%s: %v", object, err)
	}
	if told.Token != "" {
		s.token = told.Token
	}
	object = named.ReplaceAll(object, []byte(`"node":"node"`))
	return strings.TrimSpace(hidden.ReplaceAllString(string(object), `"$1$2":$2"*$2"`))
}

func firstDifference(got, want []string) string {
	for i := range got {
		if i >= len(want) || got[i] != want[i] {
			return fmt.Sprintf("line %d is\n\t%s\nnot\n\t%s", i+1, got[i], want[min(i, len(want)-1)])
		}
	}
	return "the script goes on"
}
