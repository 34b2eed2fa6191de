// Package gateway is where the node meets the network: it listens for clients,
// carries objects between their sockets and their session actors, and serves the
// operators' HTTP endpoints. It decides nothing about chat.
//
// # A connection's life
//
//	accept ── too many, of this address or of all ──▶ refused and closed
//	   │
//	   ▼  Connected to the sessions actor
//	Open ─▶ Frame, Frame, … ─▶ HungUp       one goroutine reads, from accept to close
//	   │    Written, Written, …             a second one writes, while something is queued
//	   ▼
//	Close(reason) ─▶ the queue is written ─▶ half-close ─▶ what still comes is discarded ─▶ closed
//
// An idle connection therefore costs one goroutine and a small read buffer. The
// half-close and the discarding matter: a socket that is closed while something
// unread lies in it resets the connection, and the reset takes the last answer
// with it.
//
// # Bounds
//
//   - Reading stops while Limits.InFlight frames are not given back with Done, so
//     TCP pushes back on the client.
//   - More than Limits.Outbound bytes queued, or nothing taken for Limits.Write,
//     ends the connection at once: a client that does not read costs no more.
//   - Limits.Connections connections, and Limits.PerAddress of one address, as
//     actors.Network counts it.
//
// Each object is one write and the classic pace passes between two of them,
// because the original's clients take what one read returns for one object.
package gateway
