package main

import (
	"time"

	"chatserver/actors"
	"chatserver/persistence/account"
)

// Config is a node's configuration. Comments name the key where the field's name does not.
type Config struct {
	Name      string   // of this node, in its logs
	Listen    []string // addresses that clients connect to
	Store     string   // where everything is kept
	Bus       string   // what joins nodes to one server
	Admin     string   // address of the operators' endpoints; empty for none
	TimeZone  string   // time-zone: the IANA zone that the "time" of a message is written in
	LogLevel  string   // log-level
	LogFormat string   // log-format

	LoginPolicy actors.LoginPolicy // login.policy
	Argon2      string             // auth.argon2: what a new password hash costs; each hash remembers its own

	// MaxObject is classic.max-object: bytes of an object to a classic client, 0 for no such limit.
	MaxObject int
	// Pace is classic.pace: the pause between two objects to a classic client, 0 for none.
	Pace time.Duration

	Limits actors.Limits // limits.NAME
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
		Limits:      actors.DefaultLimits(),
	}
}
