// Package sqlstore is the Store on a SQL database: SQLite, embedded, or a server that speaks MySQL's
// protocol. Its SQL stays in the common subset of SQLite, MySQL 8, MariaDB and TiDB, and what differs
// between engines stands in a [dialect], sqlite.go and mysql.go.
//
// # Append
//
// One transaction takes the numbers of a whole batch from the conversations, which locks them,
// and under these locks asks whether each sender may write there. Then it inserts. The unique key
// decides whether a cid is stored already: where it says so, and for whoever would be refused, the
// cids are looked up under the locks. What turns out stored or refused rolls the batch back, so that
// no number is lost, and it runs again with what is left. Commit order is seq order, because the
// locks are held to the commit.
//
// Nothing is decided in memory. A commit that fails may have taken effect, so the batch runs
// again from the start and finds by its cids what it stored. A batch that loses to others three times,
// or has a value that its column does not take, is stored draft by draft; one that waits for a row too
// long, conversation by conversation: what made it fail fails alone, see apart.go.
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
// it, under a key that no name folds to. Whatever gives an account a place in another table holds
// its row, so that it is not closed meanwhile.
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
//
// # MySQL
//
// Nodes share one database and trust none of their own clocks: times are the server's. Three pools speak to
// it. The writing one is set to READ COMMITTED, waits 2 s for a locked row, and is dropped by the server
// after 5 s of silence, so that a node that was stopped in the middle of a transaction frees the rows that
// it locked; connections that are idle for 3 s are closed here before that. The reading one is set to
// REPEATABLE READ, of which every transaction is of one moment. The third migrates, for which no time is
// too long.
//
// Locks are taken in an order: counters, conversations by their ids, accounts by theirs. Where two
// transactions wait for each other all the same, one is rolled back and runs again.
//
// Texts are interpolated here: a statement is one way to the server, not two. Those of an append that do not
// need each other's results go together, so that a batch takes four ways. A text is built once for each
// number of rows up to 256; 64 and 512 were as fast. There are no foreign keys, no AUTO_INCREMENT and
// nothing that only one server knows. One store actor was best: with 50 senders that wait for each message
// it passes on 4.8 thousand a second, two of them 3.1, and with 16 messages under way both pass on the same,
// for a batch that waits for the one before it is larger. A test lets TiDB's parser read all that is sent.
//
// A commit is only as good as the server's flush: a node refuses innodb_flush_log_at_trx_commit other than 1
// unless it is told that this will do. The user of a node needs ALL on its database and nothing else.
package sqlstore
