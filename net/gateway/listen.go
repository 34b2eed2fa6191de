package gateway

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"
)

// keepAlive finds classic connections whose client is gone without a word: they may be silent
// for ever, and no message of the protocol would ask them. Dead ones end after two minutes.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: time.Minute, Interval: 15 * time.Second, Count: 4}

// sendBuffer is how many bytes the kernel takes of what is written to a client. What lies there
// counts as delivered and is lost when the connection breaks, so it is little: more than the
// classic pace fills in a round trip.
const sendBuffer = 32 << 10

// Listen opens the listener that address names: tcp://HOST:PORT, where port 0 is any free one.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	host, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	config := net.ListenConfig{KeepAliveConfig: keepAlive}
	config.SetMultipathTCP(false) // its sockets know the keepalive's times on the newest kernels only
	return config.Listen(ctx, "tcp", host)
}

// ParseAddress returns the HOST:PORT of an address that Listen takes.
func ParseAddress(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("%q is no address: write tcp://HOST:PORT", address)
	}
	if u.Scheme != "tcp" {
		return "", fmt.Errorf("%s:// is not served, only tcp:// is: write tcp://HOST:PORT", u.Scheme)
	}
	if u.Port() == "" || *u != (url.URL{Scheme: u.Scheme, Host: u.Host}) {
		return "", fmt.Errorf("%q is not of the form tcp://HOST:PORT", address)
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); err != nil {
		return "", fmt.Errorf("%q has no port between 0 and 65535", address)
	}
	return u.Host, nil
}
