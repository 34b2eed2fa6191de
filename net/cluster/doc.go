// Package cluster is what the nodes of one server say to each other, and what carries it.
//
// The store is the truth and the bus is a hint that makes it fast. A Bus loses, and says so where it
// can: every Batch has the number of its link, so whoever gets it sees what it did not get, and reads
// the store instead. Nothing is ever sent again.
//
// A node is known by a name and a random word for this run of it (NodeID). While it lives it renews a
// lease, by the bus's clock alone. It claims the users and groups that it has here (Key), and whoever
// has something for them asks who claims them, then sends it to these nodes.
//
// Local joins nodes of one process: it is what a single node runs on, and where tests let things go
// wrong. Package redisbus is a Bus on Redis. Both pass the suite of package clustertest.
package cluster
