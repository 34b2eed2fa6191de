package sqlstore

import (
	"path/filepath"
	"testing"
	"time"

	"chatserver/persistence"
	"chatserver/persistence/storetest"
)

func TestSQLiteKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) persistence.Store {
		return openTest(t, newPath(t), Options{Now: now})
	})
}

func newPath(t *testing.T) string { return filepath.Join(t.TempDir(), "data", "chat.db") }

func openTest(t *testing.T, path string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), "sqlite:"+path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
