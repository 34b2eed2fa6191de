// Package client is the client's end of the protocol. It knows nothing of what is shown to people.
//
// [Conn] is one connection in either dialect: requests go in, replies and pushes come out, both
// as the typed messages of package wire; [Conn.Ask] is a request with its answer. [Client] keeps
// one account connected over many of them, in V2, and turns what they bring into [Event]s: each
// message once, in order, with no hole.
//
// # Who owns what
//
//	application                loop                        link, one a connection
//	───────────                ────                        ──────────────────────
//	Send, Call, Read … ──────► ledger  positions           read  ◄── Conn.Next
//	                   wishes  outbox  what is not stored    │
//	range Events() ◄────────── marks   what is delivered   write ──► Conn.Queue, Flush
//	                   events  session what was asked        ▲
//	                             │   ▲                       │
//	                             │   └──── arrivals ─────────┤
//	                             └──────── requests ─────────┘
//	                             ▼
//	                           State   memory or a file
//
// One goroutine, the loop, owns all that changes. It waits for State's disk and for nothing else:
// a link's two goroutines wait for the network, a third one for a dial. All of them have ended
// when Close returns. The ledger, the outbox and the marks decide in plain Go, without time of
// their own, I/O or goroutines; the loop acts.
//
// The channel of events has no buffer, so the loop knows what the application has taken. An
// application that stops taking stalls the connection, as TCP does, and the server ends it some
// time later; what was missed comes with the next one.
//
// # What survives what
//
//	                      a lost connection   Close             a crash
//	a message sent        yes                 yes               yes, once Send has returned
//	a position            yes                 yes               yes, but for the last second
//	a message held        asked for again     asked for again   asked for again
//	a Call that reads     asked again         ErrClosed         no
//	a Call that changes   ErrUnknown          ErrUnknown        no
//	Read                  told again          told, within 1 s  no
//	Typing                no                  no                no
//
// What is sent goes out again, with its cid, on each connection until the server has answered.
// So it is stored once, whatever breaks; and messages of one conversation are stored in the order
// of Send, while the server turns none down in the midst of others.
//
// # Logging in
//
// The first login of a Client is by the credentials that it was given; each one brings a token,
// which State keeps and which logs in from then on, also the next Client that is given none. A
// token that is refused leaves the password, if there is one. Both refused end the Client.
// Clients that share a token borrow it, see [Config]: each login takes the token as the last one left it.
//
// # Decisions
//
//   - HELLO is not sent: LOGIN says the version, and its answer has the limits. A server of before
//     V2 refuses LOGIN with errno 111, and without its rid; the user is told that it is too old.
//   - An installation that knows no position of a conversation starts where the user's others
//     are, at delivered. The server hears delivered only of what State has, so that a crash
//     in between does not have the next start miss it.
//   - Positions of a conversation that came up in the connection start at 0. The SYNC that a hole
//     asks for tells since.
//   - A SYNC that is refused for good, or brings nothing, is not repeated until something new of
//     that conversation comes.
//   - What changes nothing (SYNC, LOOKUP, FRIENDS, GROUPS, MEMBERS, CONVS, TOKENS) is asked again
//     after a lost connection, as the caller would have to.
//   - The state is a bbolt file: one small pure Go library that locks its file and survives a
//     crash in the middle of a write.
package client
