// Package redisbus is a cluster.Bus on one Redis server, 6.0 or later.
//
//	address, err := redisbus.ParseURL("rediss://:PASSWORD@redis.example:6379/0")
//	bus := redisbus.New(address, redisbus.Options{Key: key})
//	err = bus.Open(ctx, cluster.NewNodeID("ann", run), ear)
//
// Nothing of it has to outlive Redis: the store has what matters, and nodes write the rest anew. A node
// starts and serves without Redis, and joins the others once Redis is there.
//
// # What is in Redis
//
// NODE is a cluster.NodeID, KEY is u42 for a user and g7 for a group.
//
//	chat:nodes           set of NODE       opened or claimed something, and not buried
//	chat:lease:NODE      5 s               while it is there the node lives; Beat renews it and never makes it
//	chat:claims:NODE     set of KEY        what the node claims, for its heir
//	chat:estate:NODE     60 s              somebody settles what this dead node claimed
//	chat:{KEY}:at        set of NODE       who claims it
//	chat:{KEY}:shown                       a user who was claimed and not hidden since
//	chat:{KEY}:turn      number, 1 hour    the last turn of a user
//	chat:mail:NODE       channel           what is published to the node, one frame a batch
//
// A claim is in two places, which no call changes in one moment: that would keep Redis from all else for
// as long as a call has keys, and a Redis Cluster from doing it at all. The order makes up for it: a claim
// is noted as the node's before it is in effect, and taken back the other way round, so whatever stops
// half-way leaves a note of what never was, which a funeral takes back for nothing, and never a claim that
// nobody cleans. What has to be one moment, to claim one key and to see who else does, is a script.
//
// Nothing looks through all keys. Nothing depends on a node's clock.
//
// # What is lost when
//
//	a connection breaks          what was published to the node meanwhile; the Ear is told at once, and again
//	                             when it hears again
//	Redis says nothing           the same: it is asked every second, and given up after three (Options.Silence)
//	a node reads too slowly      Redis closes its connection (client-output-buffer-limit): the same
//	Redis starts anew, empty     leases and claims: Beat tells ErrLapsed, the node opens under another id and
//	                             claims all again; until then its users read as offline elsewhere
//	Redis is away                every call fails: within Options.Timeout, and at once while connections are
//	                             refused; nodes are found and heard again within about a second of its return
//	a call fails                 it may have been done; nothing is tried twice, since a batch comes at most once
//
// A Publish that nobody hears says so (cluster.ErrNobody). One that somebody hears may still be lost on its
// last way, and nobody is told then: the number of the next batch shows it.
//
// # What is sent
//
// A frame: version, seal, batch, in a compact form of our own; see sealer and appendBatch. Frames of a
// version are pinned in testdata. Nodes of different versions share presence and do not hear each other,
// which shows as a gap and is repaired from the store.
//
// # Sentinel and Cluster
//
// They need an Address that names them, and then a client that speaks to them; nothing here is written
// for one server alone. The keys that one script touches share a slot by their braces. On a Cluster a
// pipeline is split among its servers, which may lose the order described above in a crash; and sharded
// channels (SSUBSCRIBE, SPUBLISH) would keep a batch to one server.
package redisbus
