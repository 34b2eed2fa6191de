package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"chatserver/configs/servers"
)

// Ports above --base, and how many nodes fit in between.
const (
	adminPorts  = 60
	mariadbPort = 306
	redisPort   = 380
	maxNodes    = 50
)

// cluster is what the flags say of one, and where to tell of it.
type cluster struct {
	dir   string
	nodes int
	port  int
	base  int
	full  bool     // MariaDB has its deployed sizes
	flags []string // for each node

	out, log io.Writer
}

// start starts what does not run yet.
func (c cluster) start(ctx context.Context) error {
	if c.nodes < 1 || c.nodes > maxNodes {
		return fmt.Errorf("--nodes must be 1 to %d", maxNodes)
	}
	binary, err := nodeBinary()
	if err != nil {
		return err
	}
	if err := servers.Install(ctx, c.log, servers.Packages()...); err != nil {
		return err
	}
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	ran, last, err := c.running()
	if err != nil {
		return err
	}
	c.nodes = max(c.nodes, last) // a node that runs is not taken from nginx
	if err := c.launch(ctx, binary); err != nil {
		return fmt.Errorf("%w\nwhat was started still runs: cluster stop ends it", err)
	}
	if ran == c.nodes+len(others) {
		fmt.Fprintln(c.out, "the cluster runs already")
	}
	return c.tell()
}

// launch starts all parts in the order in which they need each other; it finds those that run.
func (c cluster) launch(ctx context.Context, binary string) error {
	store, err := c.startStore(ctx)
	if err != nil {
		return err
	}
	bus, err := servers.StartRedis(ctx, c.part("redis"), servers.OnPort(c.base+redisPort), servers.Detached())
	if err != nil {
		return err
	}
	key, err := c.secret("cluster.key")
	if err != nil {
		return err
	}
	flags := append([]string{"--store", store, "--store.password-file", c.part(passwordFile), "--bus", bus.URL(), "--cluster-key-file", key}, c.flags...)
	nodes, starting := errgroup.WithContext(ctx)
	for i := 1; i <= c.nodes; i++ {
		nodes.Go(func() error {
			_, err := servers.StartNode(starting, c.part(nodeName(i)), binary, nodeName(i), flags,
				servers.OnPort(c.base+i), servers.AdminOnPort(c.base+adminPorts+i), servers.Detached())
			return err
		})
	}
	if err := nodes.Wait(); err != nil {
		return err
	}
	_, err = servers.StartNginx(ctx, c.part("nginx"), c.addresses(), servers.OnPort(c.port), servers.Detached())
	return err
}

// stop ends everything in the folder, each before what it needs, and goes on where something does not end.
func (c cluster) stop() error {
	if _, err := os.Stat(c.dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no cluster in %s", c.dir)
	}
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	ran, _, err := c.running()
	if err != nil {
		return err
	}
	errs := []error{servers.End(c.part("nginx"))}
	var nodes errgroup.Group
	for i := 1; i <= maxNodes; i++ {
		nodes.Go(func() error { return servers.End(c.part(nodeName(i))) })
	}
	errs = append(errs, nodes.Wait(), servers.End(c.part("redis")), servers.End(c.part("mariadb")))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%d servers ended; their data stays in %s\n", ran, c.dir)
	return err
}

// others are the parts that are no nodes.
var others = []string{"mariadb", "redis", "nginx"}

// running counts the parts that run, and says which node is the last of them.
func (c cluster) running() (count, last int, err error) {
	names := slices.Clone(others)
	for i := 1; i <= maxNodes; i++ {
		names = append(names, nodeName(i))
	}
	for i, name := range names {
		pid, err := servers.Running(c.part(name))
		if err != nil {
			return 0, 0, err
		}
		if pid != 0 {
			count++
			last = i - len(others) + 1
		}
	}
	return count, last, nil
}

// lock keeps other commands out of the folder, which it makes.
func (c cluster) lock() (unlock func(), err error) {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(c.part("lock"))
	locked, err := lock.TryLock()
	if err == nil && !locked {
		err = fmt.Errorf("another command is at work in %s: wait for its end", c.dir)
	}
	return func() { lock.Unlock() }, err
}

// tell says where everything is.
func (c cluster) tell() error {
	at := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
	lines := fmt.Sprintf("clients connect to %s, with: go run ./cmd/client --addr %s\n", at(c.port), at(c.port))
	for i := 1; i <= c.nodes; i++ {
		lines += fmt.Sprintf("  %-8s %-16s http://%s/readyz, /metrics\n", nodeName(i), at(c.base+i), at(c.base+adminPorts+i))
	}
	lines += fmt.Sprintf("  %-8s %s\n  %-8s %s\nlogs and data are in %s\n", "mariadb", at(c.base+mariadbPort), "redis", at(c.base+redisPort), c.dir)
	_, err := io.WriteString(c.out, lines)
	return err
}

func (c cluster) part(name string) string { return filepath.Join(c.dir, name) }

func nodeName(i int) string { return "n" + strconv.Itoa(i) }

// addresses are where the nodes listen.
func (c cluster) addresses() (all []string) {
	for i := 1; i <= c.nodes; i++ {
		all = append(all, net.JoinHostPort("127.0.0.1", strconv.Itoa(c.base+i)))
	}
	return all
}

// secret returns the path of a file with a secret, which is drawn where there is none yet.
func (c cluster) secret(name string) (path string, err error) {
	path = c.part(name)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(file, rand.Text()+rand.Text()+"\n")
	return path, errors.Join(err, file.Close())
}

// nodeBinary is the program node beside this one.
func nodeBinary() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(filepath.Dir(self), "node")
	if _, err := os.Stat(binary); err != nil {
		return "", fmt.Errorf("the program node is to be beside this one, as task cluster builds them: %w", err)
	}
	return binary, nil
}
