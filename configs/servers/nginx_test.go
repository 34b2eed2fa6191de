package servers_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
)

func TestNginxSpreadsClientsOverTheNodes(t *testing.T) {
	a, b := named(t, "a"), named(t, "b")
	nginx := servertest.Nginx(t, []string{a, b})

	if got := greetings(t, nginx.Addr(), 4); !slices.Equal(got, []string{"a", "a", "b", "b"}) {
		t.Errorf("four clients are greeted by %q", got)
	}
}

func TestNginxSparesClientsADeadNode(t *testing.T) {
	port, err := servers.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	dead := net.JoinHostPort("127.0.0.1", fmt.Sprint(port))
	nginx := servertest.Nginx(t, []string{dead, named(t, "a")})

	if got := greetings(t, nginx.Addr(), 4); !slices.Equal(got, []string{"a", "a", "a", "a"}) {
		t.Errorf("four clients are greeted by %q", got)
	}
}

func TestOneMoreNodeIsOneMoreLineOfNginx(t *testing.T) {
	a, b := named(t, "a"), named(t, "b")
	nginx := servertest.Nginx(t, []string{a})
	before := dialed(t, nginx.Addr())

	if err := nginx.Reload(t.Context(), []string{a, b}); err != nil {
		t.Fatal(err)
	}

	if got := greetings(t, nginx.Addr(), 4); !slices.Contains(got, "b") {
		t.Errorf("after the reload four clients are greeted by %q", got)
	}
	if got := echoed(t, before, "still here"); got != "still here" {
		t.Errorf("who came before the reload hears %q", got)
	}
}

func TestNginxEndsTLS(t *testing.T) {
	nginx := servertest.Nginx(t, []string{named(t, "a")}, servers.WithTLS())

	c, err := tls.Dial("tcp", nginx.TLSAddr(), &tls.Config{RootCAs: trust(t, nginx.Authority())})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := line(t, c); got != "a" {
		t.Errorf("greeted by %q", got)
	}
}

func TestNginxRefusesNodesItCannotReadAndGoesOn(t *testing.T) {
	nginx := servertest.Nginx(t, []string{named(t, "a")})

	err := nginx.Reload(t.Context(), []string{"no such address"})

	if err == nil || !strings.Contains(err.Error(), "invalid parameter") {
		t.Errorf("the reload says %v", err)
	}
	if got := greetings(t, nginx.Addr(), 1); !slices.Equal(got, []string{"a"}) {
		t.Errorf("greeted by %q", got)
	}
}

// named is the address of a node that says its name to each client and then what the client says.
func named(t *testing.T, name string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.WriteString(c, name+"\n")
				io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

// greetings are what so many clients at once are told, sorted.
func greetings(t *testing.T, addr string, clients int) (names []string) {
	t.Helper()
	for range clients {
		names = append(names, line(t, dialed(t, addr)))
	}
	slices.Sort(names)
	return names
}

func dialed(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// echoed says something and returns what comes back, after the greeting.
func echoed(t *testing.T, c net.Conn, text string) string {
	t.Helper()
	line(t, c)
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return line(t, c)
}
