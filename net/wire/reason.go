package wire

// Reason says why a connection was closed. Each close has exactly one; it is logged and counted.
type Reason string

// The reasons. Where it says reconnect, a client does well to dial again.
const (
	ClientLeft   Reason = "client_left"   // it closed its side, and what it had asked was answered
	ReadFailed   Reason = "read_failed"   // the network broke while reading
	WriteFailed  Reason = "write_failed"  // the network broke while writing, or the client took nothing for too long
	SlowConsumer Reason = "slow_consumer" // more waited for this client than its bound allows: reconnect
	BadFrame     Reason = "bad_frame"     // not a JSON object, bad UTF-8, too deep
	FrameTooBig  Reason = "frame_too_big" // an object over the bound
	Replaced     Reason = "replaced"      // the same account logged in elsewhere, and login.policy is replace
	Crashed      Reason = "crashed"       // an actor behind the connection died: reconnect
	Draining     Reason = "draining"      // the node is shutting down: reconnect
	Silent       Reason = "silent"        // a v2 client sent nothing for limits.silence: reconnect
	Revoked      Reason = "revoked"       // its token was revoked, or the account's password changed: log in again
	TooMany      Reason = "too_many"      // too many connections, of this address or of all

	AccountClosed Reason = "account_closed" // the user closed the account
)
