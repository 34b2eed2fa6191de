package redisbus_test

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/net/cluster"
	"chatserver/net/cluster/redisbus"
)

func TestRedisIsReachedByTLSAndPassword(t *testing.T) {
	server := servertest.Redis(t, servers.WithTLS(), servers.WithPassword("apple pie@1/2"))
	ann := newBus(t, server, redisbus.Options{Roots: roots(t, server)})
	ears := open(t, ann, "ann/1")
	send(t, ann, "ann/1", 1)
	ears.next()
}

func TestServerOfAnUnknownAuthorityIsNotTrusted(t *testing.T) {
	server := servertest.Redis(t, servers.WithTLS())
	err := newBus(t, server, redisbus.Options{}).Open(t.Context(), "ann/1", newEar(t))
	if unknown := (x509.UnknownAuthorityError{}); !errors.As(err, &unknown) {
		t.Errorf("got %v", err)
	}
}

func TestPasswordIsInNoError(t *testing.T) {
	server := servertest.Redis(t, servers.WithPassword("apple"))
	wrong, err := redisbus.ParseURL("redis://:seekret@" + server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	bus := redisbus.New(wrong, redisbus.Options{})
	err = bus.Open(t.Context(), "ann/1", newEar(t))
	if err == nil || !strings.Contains(err.Error(), "WRONGPASS") || strings.Contains(err.Error(), "seekret") {
		t.Errorf("got %v", err)
	}
	if err := bus.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestBatchOfAnotherClusterOrForAnotherNodeIsMissed(t *testing.T) {
	server := servertest.Redis(t)
	bob := newBus(t, server, redisbus.Options{Key: clusterKey})
	ears := open(t, bob, "bob/1")
	overheard := overhear(t, server, "chat:mail:cleo/1")
	send(t, bob, "cleo/1", 1)
	replay := overheard()
	forge := func(bus cluster.Bus) {
		open(t, bus, "eve/1")
		send(t, bus, "bob/1", 1)
	}
	for name, attack := range map[string]func(){
		"another key": func() { forge(newBus(t, server, redisbus.Options{Key: []byte("fedcba9876543210")})) },
		"no key":      func() { forge(newBus(t, server, redisbus.Options{})) },
		"for another": func() { operate(t, server)("PUBLISH", "chat:mail:bob/1", replay) },
		"too short":   func() { operate(t, server)("PUBLISH", "chat:mail:bob/1", "\x02\x01seal") },
	} {
		attack()
		if err := ears.gap(); !errors.Is(err, redisbus.ErrSeal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	send(t, bob, "bob/1", 2)
	if got := ears.next().Number; got != 2 {
		t.Errorf("heard %d", got)
	}
}

func TestNodeWithoutAKeyDoesNotReadWhatIsSealed(t *testing.T) {
	server := servertest.Redis(t)
	ann := newBus(t, server, redisbus.Options{Key: clusterKey})
	ears := open(t, newBus(t, server, redisbus.Options{}), "bob/1")
	send(t, ann, "bob/1", 1)
	if err := ears.gap(); !errors.Is(err, redisbus.ErrSeal) {
		t.Error(err)
	}
}

func TestWhatIsNoBatchIsMissed(t *testing.T) {
	server := servertest.Redis(t)
	do := operate(t, server)
	ears := open(t, newBus(t, server, redisbus.Options{}), "bob/1")
	for frame, want := range map[string]error{
		"":                         redisbus.ErrBroken,
		"\x02":                     redisbus.ErrBroken,
		"\x02\x00":                 redisbus.ErrBroken,
		"\x02\x00\x00\x01\x01\x63": redisbus.ErrBroken,
		"\x01\x00\x00\x01\x00":     redisbus.ErrVersion,
	} {
		do("PUBLISH", "chat:mail:bob/1", frame)
		if err := ears.gap(); !errors.Is(err, want) {
			t.Errorf("%q: %v, not %v", frame, err, want)
		}
	}
}

func TestURLIsReadAndItsPasswordNeverTold(t *testing.T) {
	for url, want := range map[string]redisbus.Address{
		"redis://r":                      {Host: "r:6379"},
		"redis://r:1/2":                  {Host: "r:1", DB: 2},
		"redis://:seekret@[::1]/":        {Host: "[::1]:6379", Password: "seekret"},
		"rediss://ann:seekret%40@r:6380": {Host: "r:6380", TLS: true, User: "ann", Password: "seekret@"},
	} {
		got, err := redisbus.ParseURL(url)
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v", url, got, err)
		}
		if strings.Contains(got.String(), "seekret") {
			t.Errorf("a password is told: %v", got)
		}
	}
	for _, url := range []string{
		"", "local", "r:6379", "http://:seekret@r", "redis://:seekret@", "redis://:seekret@r:0", "redis://:seekret@r:x", "redis://:see%kret@r",
		"redis://:seekret@r:70000", "redis://:seekret@r/x", "redis://:seekret@r/1/2", "redis://:seekret@r?db=1", "redis://:seekret@r#a",
	} {
		if got, err := redisbus.ParseURL(url); err == nil || strings.Contains(err.Error(), "kret") {
			t.Errorf("%s: got %+v, %v", url, got, err)
		}
	}
}

// roots trust the server's certificate.
func roots(t *testing.T, server *servers.Redis) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(server.Authority().File())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// overhear listens on a channel as anybody can who reaches Redis, and returns what gets the next frame.
func overhear(t *testing.T, server *servers.Redis, channel string) (next func() string) {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	sub := client.Subscribe(t.Context(), channel)
	t.Cleanup(func() { sub.Close(); client.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	if _, err := sub.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	return func() string {
		t.Helper()
		message, err := sub.ReceiveMessage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return message.Payload
	}
}
