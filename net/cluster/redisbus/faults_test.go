package redisbus_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/net/cluster"
	"chatserver/net/cluster/redisbus"
)

func TestNodesComeBackAsOthersWhenRedisWasKilledAndIsEmpty(t *testing.T) {
	server := servertest.Redis(t)
	ann, bob := newBus(t, server, redisbus.Options{}), newBus(t, server, redisbus.Options{})
	open(t, ann, "ann/1")
	ears := open(t, bob, "bob/1")
	send(t, ann, "bob/1", 1)
	ears.next()

	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	ears.gap()
	if err := ann.Publish(t.Context(), []cluster.Mail{{To: "bob/1"}})[0]; err == nil || errors.Is(err, cluster.ErrNobody) {
		t.Errorf("published without Redis: %v", err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	ears.gap() // which tells that it hears again
	send(t, ann, "bob/1", 2)
	if got := ears.next().Number; got != 2 {
		t.Errorf("heard %d, not 2", got)
	}
	if _, err := ann.Beat(t.Context()); !errors.Is(err, cluster.ErrLapsed) {
		t.Errorf("a lease outlived Redis: %v", err)
	}
	open(t, ann, "ann/2")
	if v, err := ann.Beat(t.Context()); err != nil || len(v.Live) != 1 || v.Live[0] != "ann/2" || len(v.Dead) != 0 {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestNodeStartsWhileRedisIsAway(t *testing.T) {
	server := servertest.Redis(t)
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	ann := newBus(t, server, redisbus.Options{})
	if err := ann.Open(t.Context(), "ann/1", newEar(t)); err == nil {
		t.Fatal("opened without Redis")
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	ears := open(t, ann, "ann/1")
	send(t, ann, "ann/1", 1)
	ears.next()
}

func TestCallsToARedisThatStandsStillEndWithTheirDeadline(t *testing.T) {
	server := servertest.Redis(t)
	ann := newBus(t, server, redisbus.Options{Timeout: time.Minute})
	open(t, ann, "ann/1")
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()

	_, err := ann.Beat(ctx)
	errs := ann.Publish(ctx, []cluster.Mail{{To: "ann/1"}})

	if err == nil || errs[0] == nil {
		t.Errorf("it answers: %v, %v", err, errs[0])
	}
	if err := server.Resume(); err != nil {
		t.Fatal(err)
	}
	if _, err := ann.Beat(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRedisThatStandsStillIsNoticedAndHeardAgain(t *testing.T) {
	server := servertest.Redis(t)
	ann := newBus(t, server, redisbus.Options{Silence: 300 * time.Millisecond})
	ears := open(t, ann, "ann/1")
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	ears.gap()
	if err := server.Resume(); err != nil {
		t.Fatal(err)
	}

	ears.gap()
	send(t, ann, "ann/1", 1)
	ears.next()
}

func TestQuietConnectionIsKept(t *testing.T) {
	const silence, pings = 60 * time.Millisecond, 12 // three in each silence
	server := servertest.Redis(t)
	asked := monitor(t, server)
	ann := newBus(t, server, redisbus.Options{Silence: silence})
	ears := open(t, ann, "ann/1")
	for range pings {
		asked(`"ping"`)
	}
	if n := len(ears.missed); n != 0 {
		t.Errorf("missed something: %v", ears.gap())
	}
	send(t, ann, "ann/1", 1)
	ears.next()
}

func TestConnectionThatIsCutIsMadeAnew(t *testing.T) {
	server := servertest.Redis(t)
	do := operate(t, server)
	ann := newBus(t, server, redisbus.Options{})
	ears := open(t, ann, "ann/1")
	for number := uint64(1); number <= 3; number++ {
		do("CLIENT", "KILL", "TYPE", "pubsub")
		ears.gap()
		ears.gap()
		send(t, ann, "ann/1", number)
		if got := ears.next().Number; got != number {
			t.Errorf("heard %d, not %d", got, number)
		}
	}
}

func TestCloseEndsWhileRedisIsAway(t *testing.T) {
	server := servertest.Redis(t)
	ann := newBus(t, server, redisbus.Options{})
	ears := open(t, ann, "ann/1")
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	ears.gap()

	if err := ann.Close(t.Context()); err == nil {
		t.Error("a lease was given back to nobody")
	}
	if err := ann.Close(t.Context()); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if n := len(ears.missed); n != 0 {
		t.Errorf("%d more were told", n)
	}
}

func TestLeasesAndTurnsEndByRedissClock(t *testing.T) {
	server := servertest.Redis(t)
	do := operate(t, server)
	ann := newBus(t, server, redisbus.Options{})
	left := func(key string) int64 { return do("PTTL", key).(int64) }
	open(t, ann, "ann/1")
	if ms := left("chat:lease:ann/1"); ms <= 0 || ms > cluster.LeaseTime.Milliseconds() {
		t.Errorf("the lease has %d ms left", ms)
	}
	do("PEXPIRE", "chat:lease:ann/1", 60_000_000)
	if _, err := ann.Beat(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ms := left("chat:lease:ann/1"); ms <= 0 || ms > cluster.LeaseTime.Milliseconds() {
		t.Errorf("the lease has %d ms left after a Beat", ms)
	}
	if _, err := ann.Claim(t.Context(), "ann/1", []cluster.Claim{{Key: 1, Turn: true}}); err != nil {
		t.Fatal(err)
	}
	if ms := left("chat:{u1}:turn"); ms <= 0 || ms > time.Hour.Milliseconds() {
		t.Errorf("the turn has %d ms left", ms)
	}
}

func TestTurnsRiseWhenTheyAreForgotten(t *testing.T) {
	server := servertest.Redis(t)
	do := operate(t, server)
	ann := newBus(t, server, redisbus.Options{})
	open(t, ann, "ann/1")
	last := uint64(0)
	for range 3 {
		found, err := ann.Claim(t.Context(), "ann/1", []cluster.Claim{{Key: 1, Turn: true}})
		if err != nil {
			t.Fatal(err)
		}
		if found[0].Turn <= last {
			t.Errorf("turn %d after %d", found[0].Turn, last)
		}
		last = found[0].Turn
		do("DEL", "chat:{u1}:turn")
	}
}

func TestNothingStaysInRedisOfNodesThatWereBuried(t *testing.T) {
	server := servertest.Redis(t)
	do := operate(t, server)
	ann, bob := newBus(t, server, redisbus.Options{}), newBus(t, server, redisbus.Options{})
	open(t, ann, "ann/1")
	open(t, bob, "bob/1")
	if _, err := ann.Claim(t.Context(), "ann/1", []cluster.Claim{{Key: 1}, {Key: cluster.GroupKey(7)}}); err != nil {
		t.Fatal(err)
	}
	if err := ann.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := bob.Estate(t.Context(), "ann/1"); err != nil {
		t.Fatal(err)
	}
	if _, err := bob.Hide(t.Context(), []cluster.Key{1}); err != nil {
		t.Fatal(err)
	}
	if err := bob.Bury(t.Context(), "ann/1"); err != nil {
		t.Fatal(err)
	}
	if n := do("DBSIZE").(int64); n != 2 {
		t.Errorf("not only that bob is a node and lives: %v", do("KEYS", "*"))
	}
}

// monitor returns what waits until the server has been asked something that has command in it.
func monitor(t *testing.T, server *servers.Redis) (asked func(command string)) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("MONITOR\r\n")); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(conn)
	return func(command string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), command) {
				return
			}
		}
		t.Fatalf("it is not asked %s: %v", command, lines.Err())
	}
}
