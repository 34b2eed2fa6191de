// Package servertest starts the servers of [chatserver/configs/servers] for a test: what is missing is
// installed, each server has a folder of its own and ends with the test.
package servertest

import (
	"os"
	"testing"

	"chatserver/configs/servers"
)

// MariaDB starts a MariaDB for the test.
func MariaDB(t testing.TB, opts ...servers.Option) *servers.MariaDB {
	t.Helper()
	install(t, "mariadb-server")
	db, err := servers.StartMariaDB(t.Context(), t.TempDir(), opts...)
	keep(t, err)
	endWith(t, db.Server)
	return db
}

// Redis starts a Redis for the test.
func Redis(t testing.TB, opts ...servers.Option) *servers.Redis {
	t.Helper()
	install(t, "redis-server")
	r, err := servers.StartRedis(t.Context(), t.TempDir(), opts...)
	keep(t, err)
	endWith(t, r.Server)
	return r
}

// Nginx starts an nginx in front of nodes for the test.
func Nginx(t testing.TB, nodes []string, opts ...servers.Option) *servers.Nginx {
	t.Helper()
	install(t, "nginx", "libnginx-mod-stream")
	n, err := servers.StartNginx(t.Context(), t.TempDir(), nodes, opts...)
	keep(t, err)
	t.Cleanup(func() { keep(t, n.Stop()) }) // its workers end with it in order
	return n
}

func install(t testing.TB, packages ...string) {
	t.Helper()
	keep(t, servers.Install(t.Context(), os.Stderr, packages...))
}

func endWith(t testing.TB, s *servers.Server) {
	t.Cleanup(func() { keep(t, s.Kill()) })
}

func keep(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
