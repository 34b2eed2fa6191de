// Package classictest is a client with the original's habits on the wire, for tests that
// must know whether such clients are served well. It shares no code with net/wire, so a
// mistake there cannot hide itself.
//
// A [Peer] sends each object ended by one NUL, in one write. It reads with one Read of at
// most 1024 bytes and takes what it got for exactly one object: an object that was cut,
// two that were joined and one that does not fit end the test, as they would end the
// original. It reads without pause, on a goroutine of its own, as the original does; so
// two objects are only told apart if the server leaves a pause between its writes.
package classictest
