package memstore

import (
	"crypto/rand"
	"testing"
	"time"

	"chatserver/persistence"
	"chatserver/persistence/sqlstore/sqlstoretest"
	"chatserver/persistence/storetest"
)

func TestMemoryKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, openMemory)
}

func TestMemoryDecidesAsSQLDoes(t *testing.T) {
	storetest.Alike(t, 10, openMemory, openSQLite)
}

// openMemory makes a store that is no other's continuation, as the suite wants it.
func openMemory(_ *testing.T, now func() time.Time) persistence.Store {
	s := New(now)
	s.Begin(rand.Text())
	return s
}

func openSQLite(t *testing.T, now func() time.Time) persistence.Store {
	return sqlstoretest.Open(t, now)
}
