// Package e2e tests the binaries: it builds them once, starts real processes on
// free ports and temporary files, and speaks to them over real sockets. Nothing in it sleeps
// or tries again; what must be done before a test goes on is known in one of two ways:
//
//   - who ended its side of a connection and then reads the end of the server's has been
//     answered in all it asked ([classictest.Peer.Finish]);
//   - what can be done only once is sent twice: the refusal of one says that the other is done.
//
// A cluster is three nodes on one Redis and a database of a MariaDB that all clusters share, see cluster; a crowd
// is people who talk on it without pause while a test takes parts of it away. Servers that are not installed
// are installed.
//
// What a person sees at a terminal is waited for, see terminaltest. The picture in the README is of
// such a run: -run Picture -picture FILE draws it anew.
package e2e
