// Command node is the chat server. With no arguments it serves classic clients on
// 127.0.0.1:6000 and keeps everything in ./data/chat.db.
//
//	node [flags]           serve until SIGTERM or SIGINT
//	node check [flags]     say what is wrong with the configuration or its store; changes nothing
//	node migrate [flags]   bring the store's schema up to this version
//	node restored [flags]  after the store was put back from a backup: tell clients to read it anew
//	node version           say what this is
//	node help              list the flags
//
// # Configuration
//
// [Config] is all of it, [Default] what holds where nothing else is said. Each key is a flag
// (--limits.rate 5) and a key of the YAML file that --config names (limits: {rate: 5}); a flag
// that is given wins over the file. A key that nobody knows fails, and all faults are told at once.
//
// # The process
//
// main adds to the actors what they may not have themselves: sockets (net/gateway), the wall
// clock, goroutines. Those of actors, of the crew, which does what blocks, and of what writes to
// sockets come from one pool, see dispatcher. Mailboxes are our own, see mailbox, and so is the rule
// by which garbage is collected, see gcPercent; the environment's GOGC wins over it.
//
// It ends in this order: unready, nobody accepted, actors drained while clients read what is queued
// for them, jobs ended, store closed; see node.end. A second signal ends it at once. Where an actor dies
// that nothing works without it ends at once too, with exit code 1: what anybody was
// handed is stored, and starting again finds it.
package main
