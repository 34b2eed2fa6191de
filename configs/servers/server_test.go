package servers_test

import (
	"testing"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
)

func TestMariaDBKeepsItsDataOverACrash(t *testing.T) {
	db := servertest.MariaDB(t)
	if err := db.CreateDatabase(t.Context(), "chat"); err != nil {
		t.Fatal(err)
	}
	query(t, db, "CREATE TABLE chat.seen (id INT PRIMARY KEY); INSERT INTO chat.seen VALUES (42)")
	addr := db.Addr()

	restart(t, db.Server)

	if db.Addr() != addr {
		t.Errorf("it came back at %s, not at %s", db.Addr(), addr)
	}
	if got := query(t, db, "SELECT id FROM chat.seen"); got != "42" {
		t.Errorf("of 42 it kept %q", got)
	}
}

func TestMariaDBRunsAsDeployed(t *testing.T) {
	db := servertest.MariaDB(t)

	got := query(t, db, "SELECT @@innodb_flush_log_at_trx_commit, @@sync_binlog, @@skip_name_resolve, @@tx_isolation, @@innodb_io_capacity")
	if want := "1\t1\t1\tREAD-COMMITTED\t2000"; got != want {
		t.Errorf("it runs with %q, not with %q", got, want)
	}
}

func query(t *testing.T, db *servers.MariaDB, sql string) string {
	t.Helper()
	out, err := db.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// restart kills the server and starts it again.
func restart(t *testing.T, s *servers.Server) {
	t.Helper()
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}
