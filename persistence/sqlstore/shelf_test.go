package sqlstore

import (
	"fmt"
	"strings"
	"testing"

	"chatserver/configs/servers"
)

// shelf has databases with the schema and without rows, for tests that run one after the other: to
// make one takes a second, to empty one some milliseconds.
type shelf struct {
	db     *servers.MariaDB
	free   []string
	made   int
	delete string // statements that empty a database
}

// take is the URL of an empty database, which goes back when the test ends.
func (s *shelf) take(t testing.TB) string {
	t.Helper()
	if len(s.free) == 0 {
		s.free = append(s.free, s.build(t))
	}
	last := len(s.free) - 1
	name := s.free[last]
	s.free = s.free[:last]
	s.empty(t, name)
	t.Cleanup(func() { s.free = append(s.free, name) })
	return s.db.URL(name)
}

func (s *shelf) build(t testing.TB) (name string) {
	t.Helper()
	s.made++
	name = fmt.Sprint("shelf", s.made)
	if err := Migrate(t.Context(), newDatabase(t, s.db, name), Options{}); err != nil {
		t.Fatal(err)
	}
	return name
}

// empty leaves a database as the migrations do.
func (s *shelf) empty(t testing.TB, name string) {
	t.Helper()
	if s.delete == "" {
		s.delete = s.deletion(t, name)
	}
	s.query(t, "USE "+name+"; "+s.delete)
}

func (s *shelf) deletion(t testing.TB, name string) string {
	tables := s.query(t, "SELECT table_name FROM information_schema.tables WHERE table_schema = '"+name+"'")
	statements := []string{"BEGIN"}
	for _, table := range strings.Fields(tables) {
		switch table {
		case "goose_db_version", "goose_lock":
		case "counter":
			statements = append(statements, "UPDATE counter SET last = 0")
		default:
			statements = append(statements, "DELETE FROM "+table)
		}
	}
	return strings.Join(append(statements, "COMMIT"), "; ")
}

func (s *shelf) query(t testing.TB, sql string) string {
	t.Helper()
	out, err := s.db.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
