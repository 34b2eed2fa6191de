package sqlstore

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/pingcap/tidb/pkg/parser"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // values of the parser's

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/persistence"
	"chatserver/persistence/storetest"
)

func TestMySQLKeepsThePromisesOfAStoreInStatementsThatTiDBParses(t *testing.T) {
	s := &shelf{db: servertest.MariaDB(t)}
	s.query(t, "SET GLOBAL log_output = 'TABLE', general_log = 1")

	storetest.Run(t, func(t *testing.T, now func() time.Time) persistence.Store {
		return openOn(t, s.take(t), Options{Now: now})
	})

	ownClock(t, s.take(t))
	s.query(t, "SET GLOBAL general_log = 0")
	for _, statement := range sent(t, s.db) {
		if _, _, err := parser.New().ParseSQL(statement); err != nil {
			t.Errorf("TiDB does not parse %.300q: %v", statement, err)
		}
	}
}

// ownClock does what the suite, which gives stores a clock, does not.
func ownClock(t *testing.T, url string) {
	t.Helper()
	s := openOn(t, url, Options{})
	ann := register(t, s, "ann")
	before := time.Now().Add(-time.Second)
	at := mustAppend(t, s, note(ann, 1))[0].At
	if after := time.Now().Add(time.Second); at.Before(before) || at.After(after) {
		t.Errorf("the server's clock shows %v, this one %v", at, after)
	}
	if err := s.SetPassword(t.Context(), ann, "new", 0); err != nil {
		t.Fatal(err)
	}
	c, err := s.Changed(t.Context(), time.Minute)
	if err != nil || len(c.Heads) != 1 || len(c.Users) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if err := Restored(t.Context(), url, Options{}); err != nil {
		t.Error(err)
	}
}

// sent are the statements that the server was sent.
func sent(t *testing.T, db *servers.MariaDB) []string {
	t.Helper()
	cfg, _, err := mysqlTarget(strings.TrimPrefix(db.URL("mysql"), "mysql:"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	pool := mysqlPool(mysqlConnector(cfg, nil, 0), 1, time.Minute)
	defer pool.Close()
	all, err := collect(t.Context(), pool, sq.Select("DISTINCT argument").From("general_log").Where("command_type IN ('Query', 'Prepare')"),
		func(row sq.RowScanner, text *string) error { return row.Scan(text) })
	if err != nil || len(all) < 1000 {
		t.Fatalf("%d statements, %v", len(all), err)
	}
	return all
}

func TestConnectionsAreSetToWhatTransactionsCountOn(t *testing.T) {
	s := openOn(t, newDatabase(t, servertest.MariaDB(t), "chat"), Options{})
	for pool, want := range map[*sql.DB]map[string]string{
		s.writer: {"tx_isolation": "READ-COMMITTED", "innodb_lock_wait_timeout": "2", "wait_timeout": "5", "autocommit": "1"},
		s.reader: {"tx_isolation": "REPEATABLE-READ", "autocommit": "1"},
	} {
		for variable, value := range want {
			var got string
			if err := pool.QueryRow("SELECT @@" + variable).Scan(&got); err != nil || got != value {
				t.Errorf("%s is %q, %v; want %q", variable, got, err, value)
			}
		}
	}
}

// newDatabase makes an empty database and returns its URL.
func newDatabase(t testing.TB, db *servers.MariaDB, name string) string {
	t.Helper()
	if err := db.CreateDatabase(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	return db.URL(name)
}

// openOn opens the store at url until the test ends.
func openOn(t testing.TB, url string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
