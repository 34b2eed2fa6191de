package redisbus

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Options are what a Bus may be told beside the Address. The zero Options serve.
type Options struct {
	// Key seals what nodes send each other, the same for all nodes. nil: whoever can write to Redis can
	// speak for any node.
	Key []byte
	// Roots sign the certificate of a server with TLS. nil: those of the system.
	Roots *x509.CertPool
	// Timeout is for each wait within a call: for a connection, until Redis took a request, until it
	// answered. 2 s unless set: it is below LeaseTime, so a Beat is tried twice before the lease ends.
	// A call whose context has a deadline ends with that if it is sooner; one whose context is
	// cancelled meanwhile may only end with this.
	Timeout time.Duration
	// Silence is how long Redis may say nothing to who listens, and is asked to three times meanwhile;
	// then the connection is given up. 3 s unless set.
	Silence time.Duration
	// Log is told at Debug what no caller and no Ear is. nil: nowhere.
	Log *slog.Logger
}

// The bounds of a Bus.
const (
	connections = 4        // at once, beside the one that listens: calls are few and each is a whole batch
	bufferSize  = 64 << 10 // bytes of each connection, twice: a batch of 64 envelopes in one write
	chunk       = 512      // keys in one round trip: to claim them takes Redis some 3 ms
	estateTime  = time.Minute
)

// connect makes a client, which connects later. It tries nothing twice: that is for the caller, who
// knows what may be done twice.
func connect(address Address, opts Options) redis.UniversalClient {
	settings := &redis.UniversalOptions{
		Addrs:    []string{address.Host},
		Username: address.User,
		Password: address.Password,
		DB:       address.DB,

		ClientName: "chatserver",
		Protocol:   2, // the older one: what is heard is read without a look for other news first

		MaxRetries:            -1,
		DialerRetries:         1,
		DialTimeout:           opts.Timeout,
		ReadTimeout:           opts.Timeout,
		WriteTimeout:          opts.Timeout,
		PoolTimeout:           opts.Timeout,
		ContextTimeoutEnabled: true,

		PoolSize:         connections,
		MaxActiveConns:   connections,
		PipelinePoolSize: -1,
		ReadBufferSize:   bufferSize,
		WriteBufferSize:  bufferSize,

		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if address.TLS {
		host, _, _ := net.SplitHostPort(address.Host)
		settings.TLSConfig = &tls.Config{ServerName: host, RootCAs: opts.Roots, MinVersion: tls.VersionTLS12}
	}
	return redis.NewUniversalClient(settings)
}
