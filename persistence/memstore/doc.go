// Package memstore is the Store in memory: what actors are simulated on, thousands of times a minute. It
// decides as package sqlstore does, to which [storetest.Alike] holds it, and nothing that it is told
// outlives the process: no node of a user may run on it.
//
// All is plain Go under one mutex, a call is a transaction: it looks first whether it refuses, and then
// changes. What is looked up is indexed, by id, key, cid and hash; Changed alone looks at everything, and a
// closing account at all groups. The same calls at the same times have the same results. No result shares
// memory with the store.
//
// So two new stores have one epoch. Who has clients come from one to the other lets the other Begin its own.
//
// It does not check what its callers have to see to: that a sender is a registered user, that keys and
// hashes are not empty, that a successor's hash is nobody else's.
//
// [storetest.Alike]: https://pkg.go.dev/chatserver/persistence/storetest#Alike
package memstore
