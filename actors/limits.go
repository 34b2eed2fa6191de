package actors

import (
	"net/netip"
	"time"
)

// Limits are the bounds of a node. Every one is a flag, --limits.NAME.
type Limits struct {
	InFlight    int           // requests of one session being served; then its socket is read no further
	Rate        int           // requests a second of a session that is logged in, and as many at once; 0 for no limit
	PerAddress  int           // connections of one client address, see Network, and its failed logins and registrations a minute; 0 for no limit
	Connections int           // open connections; more are refused with SLOW_DOWN
	Outbound    int           // bytes queued to one client; then it is closed as slow
	Logins      int           // logins and registrations waiting for their turn at the password hash; then SLOW_DOWN
	Hashes      int           // passwords hashed at once; each takes a core and the memory that its cost says
	Writers     int           // store actors; one makes the largest batches, on every engine
	Batch       int           // messages stored in one transaction, and users whose marks are
	Backlog     int           // messages waiting for a transaction, of one store actor; then SLOW_DOWN
	Queries     int           // reads and small writes of one store actor at once
	Waiting     int           // those waiting for their turn; then SLOW_DOWN
	Envelopes   int           // envelopes waiting for the bus; then they are dropped and the other nodes read the store; hints are dropped at half of it
	Held        int           // messages that one user holds because an earlier one is missing; beyond, they are read again
	Roster      int           // members of groups that a login lists, over all groups
	Convs       int           // conversations that a v2 login lists; CONVS tells the others
	Page        int           // messages read from the store at a time to catch up
	Watchers    int           // users who are told that one came or went
	Hints       int           // hints a second that a group hands to its members here, each member counted; more are dropped; 0 for no limit
	Hole        time.Duration // how long a missing number is waited for before the rows are read
	Marks       time.Duration // how long a classic delivery waits before it is written down
	Silence     time.Duration // how long a v2 client may send nothing
	Absence     time.Duration // how long a user without a connection passes for online to who watches; below Idle
	GoAway      time.Duration // over which time clients are asked to spread when they have to connect again
	Token       time.Duration // how long a token logs in that is not used
	Idle        time.Duration // how long a user or group that nobody uses stays in memory; above Write, or what a slow client was handed is forgotten
	Reply       time.Duration // how long anybody waits for the store
	Job         time.Duration // how long one call of the store may take; below Reply
	Write       time.Duration // how long a client may take nothing of what is written to it
	Drain       time.Duration // how long a node may take to end
}

// DefaultLimits suit one node of two cores.
func DefaultLimits() Limits {
	return Limits{
		InFlight:    64,
		Rate:        1000,    // far above a person or a bot, below what would starve the others
		PerAddress:  0,       // all who come through one proxy or NAT have one address
		Connections: 50_000,  // half a gigabyte, and descriptors to spare where the system gives 65,536
		Outbound:    1 << 20, // about 10 s of the busiest group; above the longest LOGIN_ACK
		Logins:      64,      // about a second of hashing on two cores
		Hashes:      2,       // of 19 MiB each; more would take the cores that messages need
		Writers:     1,       // two were slower, see sqlstore
		Batch:       512,     // beyond it the commit grows as fast as the batch
		Backlog:     16384,   // a second of the fastest store: a client may as well wait there
		Queries:     4,       // as many as SQLite has connections that read
		Waiting:     4096,    // a thousand logins at once, of four calls each
		Envelopes:   16384,   // as Backlog: a second of the fastest store
		Held:        256,     // 50 ms of the busiest conversation
		Roster:      1000,    // a classic LOGIN_ACK has room for about fifteen
		Convs:       200,     // what fits into Outbound beside the longest lists of friends and groups
		Page:        256,     // half a second of a client at the classic pace
		Watchers:    500,     // a popular user comes and goes without a flood; friend lists tell the rest
		Hints:       10_000,  // a hundred a second in a group of a hundred, one in one of ten thousand, in a larger one none
		Hole:        50 * time.Millisecond,
		Marks:       time.Second,
		Silence:     90 * time.Second, // clients send PING every minute at least
		Absence:     10 * time.Second, // a change of networks
		GoAway:      5 * time.Second,
		Token:       90 * 24 * time.Hour, // a phone in a drawer over the summer
		Idle:        time.Minute,
		Reply:       10 * time.Second,
		Job:         8 * time.Second, // below Reply: who waits hears of it
		Write:       30 * time.Second,
		Drain:       10 * time.Second,
	}
}

// Network is what Limits.PerAddress counts as one client address: an IPv4 address, or the /64
// network of an IPv6 one, for a host has as many addresses of its network as it likes.
func Network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap()
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	network, _ := addr.Prefix(bits) // fails for a number of bits that no address has
	return network
}
