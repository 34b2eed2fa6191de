package main

import (
	"log/slog"
	"time"

	"chatserver/actors"
	"chatserver/persistence/account"
	"chatserver/persistence/sqlstore"
)

// Config is a node's configuration. Comments name the key where the field's name does not.
type Config struct {
	Name      string   // of this node, in its logs
	Listen    []string // addresses that clients connect to
	Store     string   // where everything is kept; may have a password
	Bus       string   // what joins nodes to one server
	KeyFile   string   // cluster-key-file: what seals what nodes send each other; empty for nothing
	Admin     string   // address of the operators' endpoints; empty for none
	TimeZone  string   // time-zone: the IANA zone that the "time" of a message is written in
	LogLevel  string   // log-level
	LogFormat string   // log-format

	MySQL MySQL // store.NAME, for a store on a server

	LoginPolicy actors.LoginPolicy // login.policy
	Argon2      string             // auth.argon2: what a new password hash costs; each hash remembers its own

	// MaxObject is classic.max-object: bytes of an object to a classic client, 0 for no such limit.
	MaxObject int
	// Pace is classic.pace: the pause between two objects to a classic client, 0 for none.
	Pace time.Duration

	Limits actors.Limits // limits.NAME
}

// MySQL is how a node speaks to the server of its store.
type MySQL struct {
	PasswordFile string        // password-file
	CAFile       string        // ca-file
	Connections  int           // at most so many
	Timeout      time.Duration // for a connection, and for each answer
	Weak         bool          // a server that does not flush each commit will do
}

// Default is the configuration of a node that is told nothing.
func Default() Config {
	return Config{
		Name:        "node",
		Listen:      []string{"tcp://127.0.0.1:6000"},
		Store:       "sqlite:./data/chat.db",
		Bus:         "local",
		Admin:       "127.0.0.1:6060",
		TimeZone:    "UTC",
		LogLevel:    "info",
		LogFormat:   "text",
		LoginPolicy: actors.Multi,
		Argon2:      account.DefaultCost.String(),
		MaxObject:   1023, // what the original's clients read at once
		Pace:        2 * time.Millisecond,
		MySQL:       MySQL{Connections: 32, Timeout: 5 * time.Second},
		Limits:      actors.DefaultLimits(),
	}
}

// options are those of the store.
func (c *Config) options(log *slog.Logger) sqlstore.Options {
	m := c.MySQL
	return sqlstore.Options{
		Log: log, PasswordFile: m.PasswordFile, CAFile: m.CAFile, Connections: m.Connections, Timeout: m.Timeout, Weak: m.Weak,
	}
}
