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
// # Dialects
//
// There is one protocol with two dialects. A connection is [Classic] until its
// client sends "v":2 in LOGIN, REG or HELLO; from then on it is [V2], which only
// adds: more requests, a reply to every one of them, what v2 clients are told
// unasked. [Decode] and [DecodeReply] are told which one they read.
//
// In V2 a request may carry an [RID], and what answers it carries it too: [Re] is
// what an answer has to say of its request. Stored messages have the same bytes
// in both dialects.
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
// [AppendReply], [AppendRefusal], [AppendPush] and [AppendLoginAck] append to a
// buffer that the caller may use again. The last two can keep to what a classic
// client is able to read in one piece. [DecodeReply] is the client's side: one
// struct a message again, and of an ACK one for each request.
//
// # How it reads
//
// A cursor goes through an object once, checks that it is JSON and splits it into
// fields; then each message takes its fields by name. Nothing is allocated but
// the result. encoding/json would take three times as long, and accept repeated
// keys and other cases of letters.
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
//   - One fault is told, the first in the order: repeated keys, msgid, v, rid,
//     then as the protocol's table has the fields.
//   - HELLO asks for any version from 2 on. LOGIN and REG ask for 2; any other is
//     111, but for "v":0 on a classic connection, which is classic.
//   - In classic, rid and cid are fields like others that are unknown. A rid that
//     is no rid is 103, and the answer carries none.
//   - v, where it is 2 or more, makes the answer one of V2 also when something
//     else is at fault.
//   - LOGIN of V2 with more than one of id, name and token is 103, not a guess. So
//     is a token with a password, SYNC with both after and before, GROUP_SET with
//     delete and something else.
//   - SYNC with neither after nor before starts at the first message. MARK's 0 is
//     the same as no mark.
//   - PING's t is echoed as it was sent: up to 64 bytes, no object and no array.
//   - A conversation has one name: "u:042" is 103.
//   - TYPING names the fields of the request, and id: a direct one has the
//     receiver's own id in toid.
//   - A list of V2 that is empty is there and empty. A more, dup or mark that is
//     missing is false or 0. A token that was never used has no used.
//   - ACK is the only reply whose fields depend on what it answers: on re.
//   - A reply lacks nothing that its row names, or DecodeReply refuses it; what it
//     has besides is ignored, for later servers.
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
