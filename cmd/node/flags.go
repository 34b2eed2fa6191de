package main

import (
	"time"

	"github.com/spf13/pflag"

	"chatserver/actors"
)

// flagsOf returns the keys of the configuration as flags that set cfg, whose values are their defaults.
func flagsOf(cfg *Config) *pflag.FlagSet {
	fs := pflag.NewFlagSet("node", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.StringVar(&cfg.Name, "name", cfg.Name, "name of this node, in its logs")
	fs.StringArrayVar(&cfg.Listen, "listen", cfg.Listen, "address that clients connect to, tcp://HOST:PORT; may be repeated")
	fs.StringVar(&cfg.Store, "store", cfg.Store, "where everything is kept, sqlite:PATH or mysql://USER@HOST:PORT/DATABASE; ?tls=true, ?socket=PATH")
	cfg.MySQL.flags(fs)
	fs.StringVar(&cfg.Bus, "bus", cfg.Bus, "what joins nodes to one server: redis://[USER:PASSWORD@]HOST[:PORT][/DB], rediss:// for TLS, or local, which is this node alone")
	fs.StringVar(&cfg.KeyFile, "cluster-key-file", cfg.KeyFile, "file with a secret of 16 bytes or more, the same for all nodes, without which nobody speaks for a node on the bus")
	fs.StringVar(&cfg.Admin, "admin", cfg.Admin, "HOST:PORT of health, readiness, metrics and profiles; empty for none")
	fs.StringVar(&cfg.TimeZone, "time-zone", cfg.TimeZone, "IANA zone that the time of a message is written in; the same on every node")
	fs.StringVar(&cfg.LogLevel, "log-level", cfg.LogLevel, "debug, info, warn or error")
	fs.StringVar(&cfg.LogFormat, "log-format", cfg.LogFormat, "text or json")
	fs.StringVar((*string)(&cfg.LoginPolicy), "login.policy", string(cfg.LoginPolicy),
		"second login of an account: multi (both live), reject (it is refused), replace (the first is closed)")
	fs.StringVar(&cfg.Argon2, "auth.argon2", cfg.Argon2, "cost of new password hashes: KiB of memory, passes, threads")
	fs.IntVar(&cfg.MaxObject, "classic.max-object", cfg.MaxObject, "bytes of an object to a classic client; 0 for no such limit")
	fs.DurationVar(&cfg.Pace, "classic.pace", cfg.Pace, "pause between two objects to a classic client; 0 for none")
	for _, l := range limitsOf(&cfg.Limits) {
		l.flag(fs)
	}
	return fs
}

func (m *MySQL) flags(fs *pflag.FlagSet) {
	fs.StringVar(&m.PasswordFile, "store.password-file", m.PasswordFile, "file with the password of MySQL's user, where the URL does not have it")
	fs.StringVar(&m.CAFile, "store.ca-file", m.CAFile, "certificates in PEM that sign MySQL's; empty for the system's")
	fs.IntVar(&m.Connections, "store.connections", m.Connections, "connections to MySQL, half of them for reading")
	fs.DurationVar(&m.Timeout, "store.timeout", m.Timeout, "how long MySQL may take to accept a connection or to answer; above 2s, which a locked row is waited for")
	fs.BoolVar(&m.Weak, "store.weak", m.Weak, "start though MySQL does not flush each commit: a power cut takes acknowledged messages back")
}

// limit is one of actors.Limits as a key of the configuration.
type limit struct {
	name  string
	value any // *int or *time.Duration
	usage string
	off   bool // 0 turns it off; the others are above 0
}

func (l limit) key() string { return "limits." + l.name }

func (l limit) flag(fs *pflag.FlagSet) {
	switch value := l.value.(type) {
	case *int:
		fs.IntVar(value, l.key(), *value, l.usage)
	case *time.Duration:
		fs.DurationVar(value, l.key(), *value, l.usage)
	}
}

// count is the limit as a number, whatever its unit.
func (l limit) count() int64 {
	switch value := l.value.(type) {
	case *int:
		return int64(*value)
	case *time.Duration:
		return int64(*value)
	}
	panic("limit " + l.name + " is neither a number nor a duration")
}

// limitsOf lists the bounds of a node. What they are for is said in actors.Limits at length.
func limitsOf(l *actors.Limits) []limit {
	return []limit{
		{name: "in-flight", value: &l.InFlight, usage: "requests of one session being served; then its socket is read no further"},
		{name: "rate", value: &l.Rate, off: true, usage: "requests a second of a session that is logged in, and as many at once; 0 for no limit"},
		{name: "per-address", value: &l.PerAddress, off: true, usage: "connections of one IPv4 address or IPv6 /64, and its failed logins and registrations a minute; 0 for no limit, as behind a proxy"},
		{name: "connections", value: &l.Connections, usage: "open connections; more are refused"},
		{name: "outbound", value: &l.Outbound, usage: "bytes queued to one client; then it is closed as slow"},
		{name: "logins", value: &l.Logins, usage: "logins and registrations waiting for their password hash"},
		{name: "hashes", value: &l.Hashes, usage: "passwords hashed at once; each takes a core and the memory of auth.argon2"},
		{name: "writers", value: &l.Writers, usage: "store actors; one makes the largest batches"},
		{name: "batch", value: &l.Batch, usage: "messages stored in one transaction"},
		{name: "backlog", value: &l.Backlog, usage: "messages waiting for a transaction of one store actor"},
		{name: "queries", value: &l.Queries, usage: "reads and small writes of one store actor at once"},
		{name: "waiting", value: &l.Waiting, usage: "reads and small writes waiting for their turn"},
		{name: "envelopes", value: &l.Envelopes, usage: "envelopes waiting for the bus; then they are dropped and the other nodes read the store"},
		{name: "held", value: &l.Held, usage: "messages one user holds because an earlier one is missing"},
		{name: "roster", value: &l.Roster, usage: "members that a login lists, over all groups"},
		{name: "convs", value: &l.Convs, usage: "conversations that a login lists"},
		{name: "page", value: &l.Page, usage: "messages read from the store at a time"},
		{name: "watchers", value: &l.Watchers, usage: "users who are told that one came or went"},
		{name: "hints", value: &l.Hints, off: true, usage: "hints a second that one group hands to its members, each member counted; 0 for no limit"},
		{name: "hole", value: &l.Hole, usage: "how long a missing message is waited for before the store is asked"},
		{name: "marks", value: &l.Marks, usage: "how long a delivery waits before it is written down"},
		{name: "absence", value: &l.Absence, usage: "how long a user without a connection passes for online to who watches; below limits.idle"},
		{name: "token", value: &l.Token, usage: "how long a token logs in that is not used"},
		{name: "idle", value: &l.Idle, usage: "how long a user or group that nobody uses stays in memory; above limits.write and limits.absence"},
		{name: "reply", value: &l.Reply, usage: "how long anybody waits for the store"},
		{name: "job", value: &l.Job, usage: "how long one call of the store may take; below limits.reply"},
		{name: "write", value: &l.Write, usage: "how long a client may take nothing of what is written to it"},
		{name: "silence", value: &l.Silence, usage: "how long a v2 client may send nothing; then it is closed; above 60s, at which clients send PING"},
		{name: "go-away", value: &l.GoAway, usage: "how long clients are asked to spread their reconnects when the node ends"},
		{name: "drain", value: &l.Drain, usage: "how long the node may take to end"},
	}
}
