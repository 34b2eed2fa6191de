// Command levels checks that imports only point down, as the architecture has it:
//
//	L4  cmd/…                                              main packages
//	L3  net/gateway                                        sockets
//	L2  actors   net/cluster/redisbus                      decides | Redis
//	L1  net/client   net/cluster   actors/sim
//	    persistence/sqlstore, memstore, account, storetest
//	    configs/servers                                    starts real servers
//	L0  net/wire   persistence   configs                   types and contracts; standard library only
//
// A package may import what is on a lower level, and what belongs to the same entry of the
// list, which are its own subpackages. Every package has to belong to one. Imports of tests are not
// looked at: a test may use whatever serves it.
package main
