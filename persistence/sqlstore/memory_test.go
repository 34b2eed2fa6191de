package sqlstore

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"testing"

	"chatserver/persistence"
)

// SQLite's memory is bounded for each connection. A cache that does not fit into it ends in a
// panic in the middle of a transaction, after which nothing is written any more.
func TestAStoreThatIsLargerThanItsCacheGoesOn(t *testing.T) {
	const touched = 288 // MiB: more than a connection may have
	s := openTest(t, newPath(t), Options{})

	for _, statement := range []string{
		"PRAGMA synchronous = OFF",
		"CREATE TABLE large (x BLOB)",
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + strconv.Itoa(touched) + ") INSERT INTO large SELECT zeroblob(1048576) FROM n",
	} {
		if _, err := s.writer.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := s.Register(t.Context(), "ann", []byte("ann"), "hash"); err != nil {
		t.Error(err)
	}
}

func TestATransactionThatPanicsSaysThatTheStoreIsLost(t *testing.T) {
	s := openTest(t, newPath(t), Options{})

	err := s.write(t.Context(), func(*sql.Tx) error { panic("out of memory") })

	if !errors.Is(err, persistence.ErrLost) || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("it returned %v", err)
	}
}
