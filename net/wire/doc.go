// Package wire is what clients and servers say to each other: the messages, the
// numbers of errors, and the bytes of both. It knows nothing of sockets or actors.
//
// # Framing
//
// A client sends JSON objects, separated by nothing or by any run of NUL, LF, CR,
// space and tab. [Reader] cuts them out of the stream, whatever the packets were,
// in a kilobyte while nothing is under way. It refuses as early as it can what is
// no object, nested too deep or too long. A server sends each object on one line
// that ends with LF.
//
// # From client to server
//
// [Decode] turns an object into a [Request]: one struct a message, all fields in
// their bounds. What it refuses is a [Fault]: an [Errno], a sentence for whoever
// writes the client, and whether the connection has to close. [AppendRequest] is
// the client's side.
//
// # From server to client
//
// [AppendPush], [AppendLoginAck], [AppendRegAck] and [AppendRefusal] append to a
// buffer that the caller may use again. The first two can keep to what a classic
// client is able to read in one piece. [DecodeReply] is the client's side.
//
// # Dialects
//
// There is one protocol with two dialects: classic, and v2, which only adds. The
// package speaks classic. A [Login] or [Reg] that asks for a version says so in V,
// and nothing else of it is read: what it holds is for that version to say.
//
// # Decisions
//
// Where the protocol leaves a choice, this is what was chosen:
//
//   - The connection closes where nobody can know where the next object starts or
//     what its bytes mean: bad UTF-8, bad JSON, too deep, too long. It lives on
//     where only a field is at fault.
//   - Unknown fields are ignored whatever they hold, as long as it is JSON. So are
//     name and time in 3 and 6 to 10, which the server knows better.
//   - null is a value of a wrong type, not a missing field.
//   - A number beyond 64 bits is out of range (103) like any other, also as msgid.
//   - A string or key with half a surrogate pair (\ud800) has no UTF-8: 100, and
//     the connection lives on. In an ignored value it goes unseen.
//   - A repeated key is 100, also when nobody reads it. The answer still goes by
//     msgid, by the first one should that be what repeats.
//   - One fault is told, the first in the order: repeated keys, msgid, v, id, then
//     as the protocol's table has the fields.
//   - A password that is too long is 103, at LOGIN too: no account has one.
//   - A name, group name or description may be anything that is a string: what is
//     allowed is for the server to say.
//   - The lists of LOGIN_ACK stand in the order in which they are given room. Every
//     group comes before the other members of any.
//   - ACK leaves out re where the object did not say its msgid, and retry_ms is
//     rounded up.
//   - A character, where a message is cut, is a Unicode code point.
//   - What a store holds that is no UTF-8 is sent as U+FFFD.
package wire
