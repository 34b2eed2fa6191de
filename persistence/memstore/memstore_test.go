package memstore

import (
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
	storetest.Alike(t, 5, openMemory, openSQLite)
}

func openMemory(_ *testing.T, now func() time.Time) persistence.Store { return New(now) }

func openSQLite(t *testing.T, now func() time.Time) persistence.Store {
	return sqlstoretest.Open(t, now)
}
