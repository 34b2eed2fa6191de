package e2e

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"testing"

	"chatserver/cmd/client/bench"
)

func TestBenchFindsThatMessagesArriveOnceAndInOrder(t *testing.T) {
	n := startNode(t, database(t), "--classic.pace", "0")
	for name, c := range map[string]struct {
		args []string
		want bench.Messages
	}{
		"chat in v2":       {[]string{"chat", "--conns", "6"}, bench.Messages{Senders: 3, Sent: 60, Delivered: 60, Acknowledged: 60}},
		"chat in classic":  {[]string{"chat", "--conns", "6", "--dialect", "classic"}, bench.Messages{Senders: 3, Sent: 60, Delivered: 60}},
		"group in v2":      {[]string{"group", "--members", "5", "--senders", "3"}, bench.Messages{Senders: 3, Sent: 60, Delivered: 240, Acknowledged: 60}},
		"group in classic": {[]string{"group", "--members", "5", "--senders", "3", "--dialect", "classic"}, bench.Messages{Senders: 3, Sent: 60, Delivered: 240}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := measure(t, n, append(c.args, "--messages", "20", "--window", "4")...)

			got := bench.Messages{Senders: r.Messages.Senders, Sent: r.Messages.Sent,
				Delivered: r.Messages.Delivered, Acknowledged: r.Messages.Acknowledged}
			if got != c.want || r.Messages.Faults != (bench.Faults{}) || r.Messages.DeliveredPerSecond <= 0 {
				t.Errorf("%+v, want %+v without faults", r.Messages, c.want)
			}
		})
	}
}

func TestBenchMendsWhatTheRateRefuses(t *testing.T) {
	n := startNode(t, database(t), "--limits.rate", "50")

	r := measure(t, n, "chat", "--conns", "2", "--messages", "80", "--window", "16") // 50 at once, then 50 a second

	if m := r.Messages; m.Delivered != 80 || m.Acknowledged != 80 || m.SlowDowns == 0 || m.Faults != (bench.Faults{}) {
		t.Errorf("%+v; want 80 delivered, some after a SLOW_DOWN, without faults", m)
	}
}

func TestBenchLogsItsAccountsInByPasswordThenByToken(t *testing.T) {
	n := startNode(t, database(t))
	accounts := filepath.Join(t.TempDir(), "accounts")

	r := measure(t, n, "login", "--conns", "3", "--messages", "4", "--accounts", accounts)
	again := measure(t, n, "idle", "--conns", "3", "--duration", "10ms", "--accounts", accounts, "--pid", strconv.Itoa(n.cmd.Process.Pid))

	if len(r.Logins) != 2 || r.Logins[0].By != "password" || r.Logins[0].Count != 12 || r.Logins[1].By != "token" || r.Logins[1].Count != 12 {
		t.Errorf("logins: %+v; want 12 by password and 12 by token", r.Logins)
	}
	if again.Idle.Lost != 0 || again.Idle.LoginsPerSecond <= 0 || again.Idle.MemoryAfter <= 0 {
		t.Errorf("idle: %+v; want all to stay, and the node's memory", again.Idle)
	}
}

// measure runs client bench against a node and returns its report. The run must not fail.
func measure(t *testing.T, n *node, args ...string) bench.Report {
	t.Helper()
	var out bytes.Buffer
	c := bench.Command()
	c.SetOut(&out)
	c.SetArgs(append([]string{args[0], "--json", "--addrs", n.addr, "--duration", patience.String()}, args[1:]...))
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v: %s", err, &out)
	}
	var r bench.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}
