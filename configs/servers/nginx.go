package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"chatserver/configs"
)

// Nginx is an nginx that balances connections over nodes.
type Nginx struct {
	*Server
	nodes     []string
	switches  []string   // what in front of lines is removed, so that they count
	secure    int        // the port that takes TLS
	authority *Authority // nil: no TLS
}

// StartNginx starts an nginx in front of nodes, each an address HOST:PORT, and returns once it takes connections. One
// that runs in dir already is put in front of them.
func StartNginx(ctx context.Context, dir string, nodes []string, opts ...Option) (*Nginx, error) {
	o := decide(opts)
	n := &Nginx{Server: &Server{name: "nginx", dir: dir, last: syscall.SIGTERM}, nodes: nodes}
	n.command, n.asks = n.run, n.works
	if err := n.prepare(o); err != nil {
		return nil, fmt.Errorf("prepare nginx: %w", err)
	}
	before, err := Running(n.dir)
	if err != nil {
		return nil, err
	}
	if err := n.first(ctx); err != nil || before == 0 {
		return n, err
	}
	return n, n.Reload(ctx, nodes)
}

func (n *Nginx) prepare(o options) (err error) {
	if err := n.open(o); err != nil || !o.tls {
		return err
	}
	n.switches = append(n.switches, "#tls ")
	if n.secure, err = FreePort(); err != nil {
		return err
	}
	n.authority, err = NewAuthority(n.dir)
	return err
}

// TLSAddr is where clients connect with TLS to an nginx that was started [WithTLS].
func (n *Nginx) TLSAddr() string { return local(n.secure) }

// Authority is who signed the certificate of a server started [WithTLS]; nil of others.
func (n *Nginx) Authority() *Authority { return n.authority }

func (n *Nginx) config() string { return filepath.Join(n.dir, "nginx.conf") }

func (n *Nginx) run() (*exec.Cmd, error) {
	if err := n.configure(); err != nil {
		return nil, err
	}
	return n.nginx(), nil
}

// nginx is the program with the configuration. It stays in the foreground, and says in its log what it would say in a file.
func (n *Nginx) nginx(more ...string) *exec.Cmd {
	return exec.Command(program("nginx"), append([]string{"-e", "stderr", "-c", n.config(), "-g", "daemon off;"}, more...)...)
}

// change is what differs from the deployed configuration in one place.
type change struct {
	where *regexp.Regexp
	to    string
}

// changes are those of an nginx in a folder of its own. Where each is made stands once in the deployed file, $1 in it is kept.
func (n *Nginx) changes() []change {
	upstream := &strings.Builder{}
	for _, node := range n.nodes {
		fmt.Fprintf(upstream, "        server %s$1\n", node)
	}
	all := []change{
		{regexp.MustCompile(`(?m)(?:^ *server 127\.0\.0\.1:\d+( .*;)\n)+`), upstream.String()},
		{regexp.MustCompile(`/var/log/nginx/error\.log`), "stderr"},
		{regexp.MustCompile(`/run/nginx\.pid`), filepath.Join(n.dir, "nginx.pid")},
		{regexp.MustCompile(`listen 8000\b`), "listen " + n.Addr()},
	}
	if n.authority != nil {
		all = append(all,
			change{regexp.MustCompile(`listen 8443\b`), "listen " + n.TLSAddr()},
			change{regexp.MustCompile(`/etc/chatserver/cert\.pem`), n.authority.Certificate()},
			change{regexp.MustCompile(`/etc/chatserver/key\.pem`), n.authority.Key()})
	}
	return all
}

// configure writes the deployed configuration with the changes.
func (n *Nginx) configure() error {
	text := configs.Nginx
	for _, name := range n.switches {
		text = strings.ReplaceAll(text, name, "")
	}
	for _, c := range n.changes() {
		if found := c.where.FindAllString(text, -1); len(found) != 1 {
			return fmt.Errorf("configs/nginx.conf has %d places like %v, not one", len(found), c.where)
		}
		text = c.where.ReplaceAllString(text, c.to)
	}
	return os.WriteFile(n.config(), []byte(text), 0o644)
}

// works says whether a worker takes connections. A dial would be one, to some node.
func (n *Nginx) works(context.Context) error {
	workers, err := n.workers()
	if err == nil && len(workers) == 0 {
		err = errors.New("it has no worker yet")
	}
	return err
}

// Reload puts nginx in front of these nodes and returns when every new connection goes to one of them. Connections
// stay where they are.
func (n *Nginx) Reload(ctx context.Context, nodes []string) error {
	former := n.nodes
	n.nodes = nodes
	if err := n.configure(); err != nil {
		return err
	}
	if out, err := n.nginx("-t").CombinedOutput(); err != nil {
		n.nodes = former
		return errors.Join(fmt.Errorf("nginx does not take the nodes %q: %w: %s", nodes, err, out), n.configure())
	}
	old, err := n.workers()
	if err != nil {
		return err
	}
	if err := n.signal(syscall.SIGHUP); err != nil {
		return err
	}
	return n.retired(ctx, old)
}

// retired returns when none of the old workers takes connections any more, and others do.
func (n *Nginx) retired(ctx context.Context, old []string) error {
	ctx, cancel := context.WithTimeout(ctx, startup)
	defer cancel()
	for {
		now, err := n.workers()
		if err != nil {
			return err
		}
		if len(now) > 0 && !slices.ContainsFunc(now, func(pid string) bool { return slices.Contains(old, pid) }) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nginx does not take its new configuration: %w; the end of its log %s:\n%s", ctx.Err(), n.Log(), tail(n.Log()))
		case <-time.After(pause):
		}
	}
}

// workers are the process ids of the workers that take connections: one that is about to end renames itself.
func (n *Nginx) workers() (pids []string, err error) {
	pid, err := Running(n.dir)
	if err != nil {
		return nil, err
	}
	master := strconv.Itoa(pid)
	children, err := os.ReadFile(filepath.Join("/proc", master, "task", master, "children"))
	if err != nil {
		return nil, fmt.Errorf("ask Linux for nginx's workers: %w", err)
	}
	for _, pid := range strings.Fields(string(children)) {
		title, err := os.ReadFile(filepath.Join("/proc", pid, "cmdline"))
		if err == nil && strings.TrimRight(string(title), "\x00 ") == "nginx: worker process" {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
