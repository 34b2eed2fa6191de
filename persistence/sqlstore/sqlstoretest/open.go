// Package sqlstoretest opens stores on SQLite for tests that want many.
package sqlstoretest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"chatserver/persistence/sqlstore"
)

// Open opens a store with nothing in it, in a file of its own, by the clock now. The test closes it.
func Open(t testing.TB, now func() time.Time) *sqlstore.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chat.db")
	file, err := empty()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlstore.Open(context.Background(), "sqlite:"+path, sqlstore.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// empty is the file of a store with its schema and nothing else: to migrate each anew takes as long as many
// a test.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sqlstoretest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "chat.db")
	if err := sqlstore.Migrate(context.Background(), "sqlite:"+path, sqlstore.Options{}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
