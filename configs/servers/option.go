package servers

// Option changes how a server is started.
type Option func(*options)

type options struct {
	port     int // 0: a free one
	admin    int // of a node; 0: a free one
	detached bool
	password string
	tls      bool
	full     bool
}

func decide(opts []Option) (o options) {
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// OnPort lets the server listen on this port of 127.0.0.1. Without it a free one is chosen.
func OnPort(port int) Option { return func(o *options) { o.port = port } }

// AdminOnPort lets a node have its operators' endpoints on this port of 127.0.0.1. Without it a free one is chosen.
func AdminOnPort(port int) Option { return func(o *options) { o.admin = port } }

// Detached lets the server live on when this process ends, until [End] or its Stop.
func Detached() Option { return func(o *options) { o.detached = true } }

// WithPassword is what clients of a Redis have to know.
func WithPassword(password string) Option { return func(o *options) { o.password = password } }

// WithTLS lets a Redis take TLS only, and an nginx TLS as well on a port of its own, with a certificate made for it;
// see [Authority].
func WithTLS() Option { return func(o *options) { o.tls = true } }

// FullSize lets a MariaDB have the sizes of configs/mysql.cnf instead of small ones.
func FullSize() Option { return func(o *options) { o.full = true } }
