package servers

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"chatserver/configs"
)

// Redis is a Redis server. It keeps nothing on disk: one that was killed comes back empty.
type Redis struct {
	*Server
	password  string
	authority *Authority // nil: no TLS
}

// StartRedis starts a server in dir and returns once it answers.
func StartRedis(ctx context.Context, dir string, opts ...Option) (*Redis, error) {
	o := decide(opts)
	r := &Redis{Server: &Server{name: "Redis", dir: dir, last: syscall.SIGKILL}, password: o.password}
	r.command, r.asks = r.run, r.pongs
	if err := r.prepare(o); err != nil {
		return nil, fmt.Errorf("prepare Redis: %w", err)
	}
	return r, r.first(ctx)
}

func (r *Redis) prepare(o options) (err error) {
	if err := r.open(o); err != nil {
		return err
	}
	if o.tls {
		if r.authority, err = NewAuthority(r.dir); err != nil {
			return err
		}
	}
	return os.WriteFile(r.config(), []byte(configs.Redis), 0o644)
}

func (r *Redis) config() string { return filepath.Join(r.dir, "redis.conf") }

func (r *Redis) run() (*exec.Cmd, error) {
	args := []string{r.config(), "--bind", "127.0.0.1", "--dir", r.dir, "--daemonize", "no", "--logfile", ""}
	if r.authority == nil {
		args = append(args, "--port", strconv.Itoa(r.port))
	} else {
		args = append(args, "--port", "0", "--tls-port", strconv.Itoa(r.port), "--tls-auth-clients", "no",
			"--tls-ca-cert-file", r.authority.File(), "--tls-cert-file", r.authority.Certificate(), "--tls-key-file", r.authority.Key())
	}
	if r.password != "" {
		args = append(args, "--requirepass", r.password)
	}
	return exec.Command(program("redis-server"), args...), nil
}

// URL is what a node's --bus takes: redis://127.0.0.1:PORT, or rediss:// with TLS, and the password if there is one.
func (r *Redis) URL() string {
	u := url.URL{Scheme: "redis", Host: r.Addr()}
	if r.authority != nil {
		u.Scheme = "rediss"
	}
	if r.password != "" {
		u.User = url.UserPassword("", r.password)
	}
	return u.String()
}

// Authority is who signed the certificate of a server started [WithTLS]; nil of others.
func (r *Redis) Authority() *Authority { return r.authority }

// pongs sends PING and reads PONG.
func (r *Redis) pongs(ctx context.Context) error {
	answers, err := r.ask(ctx, "AUTH "+strconv.Quote(r.password), "PING")
	switch {
	case err != nil:
		return err
	case answers[1] != "+PONG":
		return errors.New("to PING it says " + answers[1])
	}
	return nil
}

// ask sends inline commands and reads the first line of each answer.
func (r *Redis) ask(ctx context.Context, commands ...string) (answers []string, err error) {
	c, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := c.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	if _, err := c.Write([]byte(strings.Join(commands, "\r\n") + "\r\n")); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(c)
	for range commands {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, err
		}
		answers = append(answers, strings.TrimSpace(line))
	}
	return answers, nil
}

func (r *Redis) dial(ctx context.Context) (net.Conn, error) {
	if r.authority == nil {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "tcp", r.Addr())
	}
	pem, err := os.ReadFile(r.authority.File())
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots}}
	return dialer.DialContext(ctx, "tcp", r.Addr())
}
