// Package gateway is where the node meets the network: it listens for clients,
// carries objects between their sockets and their session actors, and serves the
// operators' HTTP endpoints. It decides nothing about chat.
//
// # A connection's life
//
//	accept ── too many, of this address or of all ──▶ refused and closed
//	   │
//	   ▼  Connected to the sessions actor
//	Open ─▶ Frame, Frame, … ─▶ HungUp       one goroutine at a time reads, from accept to close
//	   │    Written, Written, …             one of the Pool writes, while something is queued
//	   ▼
//	Close(reason) ─▶ the queue is written ─▶ half-close ─▶ what still comes is discarded ─▶ closed
//
// The half-close and the discarding matter: a socket that is closed while something
// unread lies in it resets the connection, and the reset takes the last answer
// with it.
//
// # Idle connections
//
// Most connections are idle most of the time, and a stack that has grown does not
// shrink while its goroutine waits. So a reader whose client is quiet for a second
// gives its buffer back and leaves the socket to a new goroutine, which waits on 2 KiB
// of stack; that one's stack grows when the client speaks again. There are no
// channels and no timers: one read deadline serves this and Limits.Silence, and it is
// moved only when it has passed. A socket's deadline must therefore do no more than
// end the read under way.
//
// # Bounds
//
//   - Reading stops while Limits.InFlight frames are not given back with Done, so
//     TCP pushes back on the client.
//   - More than Limits.Outbound bytes queued, or nothing taken for Limits.Write,
//     ends the connection at once: a client that does not read costs no more.
//   - A v2 client that sends nothing for Limits.Silence is hung up on.
//   - Limits.Connections connections, and Limits.PerAddress of one address, as
//     actors.Network counts it.
//
// # Writing
//
// To a classic client each object is one write and the classic pace passes between
// two of them, because the original's clients take what one read returns for one
// object. To a v2 client a write takes all that is queued by then, copied together up
// to what the kernel's buffer holds: the more there is to write, the fewer calls it
// takes, and nothing waits for company. The objects themselves are shared with other
// connections and never written into.
package gateway
