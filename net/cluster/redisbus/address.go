package redisbus

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Address is where a Redis server is, and how to log in there.
type Address struct {
	Host     string // HOST:PORT
	TLS      bool
	User     string // empty: the server's default user
	Password string // empty: the server asks for none
	DB       int
}

// errAddress does not repeat what it is about, which may have a password in it.
var errAddress = errors.New("write redis://[USER:PASSWORD@]HOST[:PORT][/DB], or rediss:// for TLS; characters other than letters and digits in a password as %XX")

// ParseURL reads redis://[USER:PASSWORD@]HOST[:PORT][/DB], or rediss:// for TLS. Port 6379 and database 0
// need not be written.
func ParseURL(text string) (Address, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return Address{}, errAddress
	}
	a := Address{Host: u.Host, TLS: u.Scheme == "rediss", User: u.User.Username()}
	a.Password, _ = u.User.Password()
	if u.Port() == "" {
		a.Host = net.JoinHostPort(u.Hostname(), "6379")
	} else if port, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || port == 0 {
		return Address{}, errAddress
	}
	if db := strings.TrimPrefix(u.Path, "/"); db != "" {
		n, err := strconv.ParseUint(db, 10, 16)
		if err != nil {
			return Address{}, errAddress
		}
		a.DB = int(n)
	}
	return a, nil
}

// String is the URL without the user and the password.
func (a Address) String() string {
	scheme := "redis"
	if a.TLS {
		scheme = "rediss"
	}
	return fmt.Sprintf("%s://%s/%d", scheme, a.Host, a.DB)
}
