package servers_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"strings"
	"testing"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
)

func TestRedisComesBackEmpty(t *testing.T) {
	redis := servertest.Redis(t)
	if got := ask(t, redis, "SET who ann"); got != "+OK" {
		t.Fatal(got)
	}

	restart(t, redis.Server)

	if got := ask(t, redis, "DBSIZE"); got != ":0" {
		t.Errorf("it came back with %s keys", got)
	}
}

func TestRedisWithTLSAndPasswordLetsNobodyElseIn(t *testing.T) {
	redis := servertest.Redis(t, servers.WithTLS(), servers.WithPassword("apple pie"))

	if want := "rediss://:apple%20pie@" + redis.Addr(); redis.URL() != want {
		t.Errorf("its URL is %s, not %s", redis.URL(), want)
	}
	if got := ask(t, redis, "DBSIZE"); !strings.HasPrefix(got, "-NOAUTH") {
		t.Errorf("without the password it answers %s", got)
	}
}

func TestRedisStoppedInBetweenAnswersLater(t *testing.T) {
	redis := servertest.Redis(t)

	if err := redis.Pause(); err != nil {
		t.Fatal(err)
	}
	c := dial(t, redis)
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := redis.Resume(); err != nil {
		t.Fatal(err)
	}

	if got := line(t, c); got != "+PONG" {
		t.Error(got)
	}
}

// ask sends one inline command over a connection of its own and returns the first line of the answer.
func ask(t *testing.T, redis *servers.Redis, command string) string {
	t.Helper()
	c := dial(t, redis)
	if _, err := c.Write([]byte(command + "\r\n")); err != nil {
		t.Fatal(err)
	}
	return line(t, c)
}

func dial(t *testing.T, redis *servers.Redis) net.Conn {
	t.Helper()
	c := dialed(t, redis.Addr())
	if a := redis.Authority(); a != nil {
		return tls.Client(c, &tls.Config{RootCAs: trust(t, a), ServerName: "localhost"})
	}
	return c
}

func trust(t *testing.T, a *servers.Authority) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(a.File())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

func line(t *testing.T, c net.Conn) string {
	t.Helper()
	var buf [256]byte
	n, err := c.Read(buf[:])
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(buf[:n]))
}
