// Package sqlstore is the Store on a SQL database. Today that is SQLite, embedded; its SQL
// stays in the common subset of SQLite, MySQL 8, MariaDB and TiDB, and what differs between
// engines stands in dialect.go.
//
// # Append
//
// One transaction takes the numbers of a whole batch from the conversations, which locks them,
// and under these locks looks for cids already stored and asks whether each sender may write
// there. A batch of which everything is new and allowed is inserted and committed. Otherwise it
// is rolled back, so that no number is lost, and runs again with what is left. Commit order is
// seq order, because the locks are held to the commit.
//
// Nothing is decided in memory. A commit that fails may have taken effect, so the batch runs
// again from the start and finds by its cids what it stored.
//
// # Groups
//
// Everything that changes a group, or decides by somebody's role in it, first locks the row of its
// conversation, which Append does too. So no role is stale, and no message of somebody who was
// removed comes after the removal. The version rises only where it is stamped on a member's row.
//
// # Accounts
//
// An account without a password was closed. Its row stays, because messages name their sender by
// it, under a key that no name folds to.
//
// # Tokens
//
// A token's row has two hashes: its own and its successor's. Whoever comes with the successor has
// received it, so the older one is given up; whoever comes with the older one again has not, and
// is told the same successor, which is made anew from the seed beside the hashes. So a client that
// lost patience and came again is served in any order. The order of the two lookups makes this safe
// for several at once.
//
// # SQLite
//
// One connection writes, as SQLite allows no more; a few only read. Every connection is set to
// the write-ahead log with a flush at each commit, reads that back, and is refused otherwise.
// The driver is ncruces/go-sqlite3: in rows appended it equals modernc.org/sqlite (batches of 1,
// 16, 128, 512: 3.0, 18, 44, 58 against 3.0, 15, 43, 55 thousand a second), and files that tests
// write in Go stand in for the disk. Rows are inserted one by one with a prepared statement:
// 16 rows a statement were 5 to 20 % slower. The writer checkpoints, after 1000 pages as is
// SQLite's default; 4000 made no difference. A lock on a file beside the database keeps a second
// node out.
package sqlstore
