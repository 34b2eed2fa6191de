// Package bench is the load generator, client bench: it measures what a server does and checks
// each message of it. It measures from the clients' side only, over net/client, on as little of
// the processor as it can: on one machine, what it takes the nodes do not have.
//
//	command.go options.go               the commands, their flags, one run
//	chat.go group.go idle.go storm.go   the scenarios
//	talk.go tally.go                    a run of messages: starts, measures, settles, ends, adds up
//	sender.go listener.go               the two sides of a connection; the reading one checks and counts
//	flight.go                           the messages of a sender that are under way, and its window
//	ear.go text.go                      what a receiver hears of a sender: each once, in order?
//	accounts.go login.go                users, their file, their connections
//	keeper.go                           PINGs of those that have nothing to send
//	meter.go watch.go usage.go          latencies, progress, what processes use
//	report.go svg.go                    what came of it
//
// # Closed loop
//
// Each sender keeps a window of messages under way: one is until it was delivered to every
// receiver and, in v2, acknowledged to its sender. The window starts at the oldest of them, as in
// TCP. So the load adapts to the server; a latency is from the sender's queueing to the receiver's
// reading, and is measured in all receivers. The peers were measured
// in the same way: 50 pairs with one sender each are chat --conns 100.
//
// # What is checked
//
// A message carries its run, its sender and its number. Each receiver hears the numbers of each
// sender once and in order. The seqs of a conversation only rise, and leave out none between the
// first and the last that a session saw, its own by their ACKs. ACK and pushes of one message have
// the same seq. What is under way when the time is over has 10 s to arrive. A message that was
// refused for now is sent again with its cid and may be overtaken by later ones.
//
// # Goroutines
//
// A connection has one that reads, and where it sends another one that writes all that the window
// has room for in one piece. They meet in the flight, under its lock. Counters and histograms
// belong to the reading one until it has ended.
package bench

// guide is what the command says of itself.
const guide = `bench opens connections, each of a user of its own, and has them load a server in a closed loop:
who sends waits with the next message until an earlier one arrived. It checks that each message is
delivered once and in order, and exits with 1 where one was not.

  chat    half of the connections send, each to one of the others. With --window N a sender has N
          messages under way: not yet delivered, or in v2 not yet acknowledged
  group   some members of one group send; under way is what not all the others have
  idle    connections that only stay, and the memory that the nodes need for each
  login   connections that log in and leave, by password and then by token

It registers its users itself. A node hashes passwords slowly and on purpose, and bounds what one
session may send: measure a scratch node that does neither,

  go run ./cmd/node --store sqlite:/tmp/bench.db --auth.argon2 m=64,t=1,p=1 --limits.rate 0

or keep the users, who then log in by token, with --accounts FILE. In the classic dialect a node
leaves 2 ms between two objects unless it runs with --classic.pace 0.

With --admin URL, or --pid PID of a node on this machine (Linux), it tells what the nodes use. For
the memory of idle connections let the users be there before: start the node anew and give --accounts
a file that an earlier run left.`
