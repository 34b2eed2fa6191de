package memstore

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"chatserver/persistence"
	"chatserver/persistence/sqlstore"
	"chatserver/persistence/storetest"
)

func TestMemoryKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, openMemory)
}

func TestMemoryDecidesAsSQLDoes(t *testing.T) {
	storetest.Alike(t, 5, openMemory, openSQLite)
}

func openMemory(_ *testing.T, now func() time.Time) persistence.Store { return New(now) }

func openSQLite(t *testing.T, now func() time.Time) persistence.Store {
	path := filepath.Join(t.TempDir(), "chat.db")
	file, err := emptyStore()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlstore.Open(t.Context(), "sqlite:"+path, sqlstore.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// emptyStore is the file of a store with its schema and nothing else: to migrate each anew takes longer
// than a walk.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "memstore-")
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
