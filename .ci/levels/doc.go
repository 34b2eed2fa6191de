// Command levels checks that imports only point down, as the architecture has it:
//
//	L4  cmd/…                                              main packages
//	L3  net/gateway                                        sockets
//	L2  actors                                             decides
//	L1  net/client   actors/sim
//	    persistence/sqlstore, account, storetest
//	L0  net/wire   persistence                             types and contracts; standard library only
//
// A package may import what is on a lower level, and what belongs to the same entry of the
// list, which are its own subpackages. Every package has to belong to one. Imports of tests are not
// looked at: a test may use whatever serves it.
package main
