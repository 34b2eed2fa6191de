package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"chatserver/actors"
	"chatserver/net/cluster/redisbus"
	"chatserver/net/gateway"
	"chatserver/net/wire"
	"chatserver/persistence/account"
	"chatserver/persistence/sqlstore"
)

// The bounds of what a configuration may say, beside those that every limit has.
const (
	minMaxObject = 512         // below it a message has no room beside its own fields
	maxPace      = time.Second // beyond it a client gets a login's messages in minutes
	pingEvery    = time.Minute // how often a v2 client sends PING at least, as the protocol has it
)

var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Validate tells all that is wrong with c, each fault with its key, nil for nothing.
func (c *Config) Validate() error {
	v := validator{}
	v.must(nodeName.MatchString(c.Name), "name: %q is not 1 to 64 letters, digits, dots, dashes, underscores", c.Name)
	v.must(len(c.Listen) > 0, "listen: give at least one address, tcp://HOST:PORT")
	for _, address := range c.Listen {
		_, err := gateway.ParseAddress(address)
		v.nofail("listen", err)
	}
	v.store(c)
	v.bus(c.Bus)
	_, err := c.clusterKey()
	v.nofail("cluster-key-file", err)
	v.admin(c.Admin)
	_, err = c.zone()
	v.nofail("time-zone", err)
	_, err = c.level()
	v.nofail("log-level", err)
	v.must(c.LogFormat == "text" || c.LogFormat == "json", "log-format: %q is neither text nor json", c.LogFormat)
	v.login(c)
	v.must(c.MaxObject == 0 || c.MaxObject >= minMaxObject, "classic.max-object: %d is neither 0 nor %d or more", c.MaxObject, minMaxObject)
	v.must(c.Pace >= 0 && c.Pace <= maxPace, "classic.pace: %v is not between 0 and %v", c.Pace, maxPace)
	v.limits(c)
	return errors.Join(v.faults...)
}

// validator collects faults.
type validator struct{ faults []error }

func (v *validator) must(ok bool, format string, args ...any) {
	if !ok {
		v.faults = append(v.faults, fmt.Errorf(format, args...))
	}
}

func (v *validator) nofail(key string, err error) {
	v.must(err == nil, "%s: %w", key, err)
}

func (v *validator) admin(address string) {
	if address == "" {
		return
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	v.must(err == nil, "admin: %q is not HOST:PORT with a port between 0 and 65535", address)
}

func (v *validator) store(c *Config) {
	v.nofail("store", sqlstore.Valid(c.Store, c.options(nil)))
	v.must(c.MySQL.Connections >= 2, "store.connections: it must be 2 or more, one to write and one to read")
	v.must(c.MySQL.Timeout > sqlstore.LockWait, "store.timeout: it must be above %v, which a locked row is waited for", sqlstore.LockWait)
}

func (v *validator) bus(url string) {
	if url == localBus {
		return
	}
	_, err := redisbus.ParseURL(url)
	v.must(err == nil, "bus: %q is neither %s nor a Redis server: %w", redacted(url), localBus, err)
}

// redacted is url up to its first @, where a password would stand before it.
func redacted(url string) string {
	if scheme, rest, _ := strings.Cut(url, ":"); strings.Contains(rest, "@") {
		return scheme + ":…"
	}
	return url
}

func (v *validator) login(c *Config) {
	switch c.LoginPolicy {
	case actors.Multi, actors.Reject, actors.Replace:
	default:
		v.must(false, "login.policy: %q is none of multi, reject, replace", c.LoginPolicy)
	}
	_, err := account.ParseCost(c.Argon2)
	v.nofail("auth.argon2", err)
}

func (v *validator) limits(c *Config) {
	for _, l := range limitsOf(&c.Limits) {
		switch n := l.count(); {
		case n < 0 && l.off:
			v.must(false, "%s: it must be 0 or more", l.key())
		case n <= 0 && !l.off:
			v.must(false, "%s: it must be above 0", l.key())
		}
	}
	largest := max(c.MaxObject, wire.MaxSync)
	v.must(c.Limits.Outbound/2 >= largest, "limits.outbound: twice %d bytes must fit, an answer and the messages behind it", largest)
	v.must(c.Limits.Idle > c.Limits.Write, "limits.idle: it must be above limits.write, or what a slow client was handed is forgotten")
	v.must(c.Limits.Idle > c.Limits.Absence, "limits.idle: it must be above limits.absence, or nobody is told that a user went")
	v.must(c.Limits.Silence > pingEvery, "limits.silence: it must be above %v, or clients are closed that send PING as they should", pingEvery)
	v.must(c.Limits.Job < c.Limits.Reply, "limits.job: it must be below limits.reply, or who waits never hears why")
}

// zone is the zone that times are written in.
func (c *Config) zone() (*time.Location, error) {
	if c.TimeZone == "" || c.TimeZone == "Local" { // whatever the machine has: not the same on every node
		return nil, fmt.Errorf("%q is no IANA zone such as UTC or Europe/Paris", c.TimeZone)
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("%q is no IANA zone such as UTC or Europe/Paris", c.TimeZone)
	}
	return zone, nil
}

// level is the least level that is logged.
func (c *Config) level() (slog.Level, error) {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, ok := levels[c.LogLevel]
	if !ok {
		return 0, fmt.Errorf("%q is none of debug, info, warn, error", c.LogLevel)
	}
	return level, nil
}
