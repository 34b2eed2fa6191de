package e2e

import (
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
)

// cluster is three nodes with one store and one bus.
type cluster struct {
	t     *testing.T
	store *servers.MariaDB
	bus   *servers.Redis
	flags []string // of each node
	ports []int
	nodes []*node
}

// startCluster starts three nodes on a database of their own and waits until they serve. They end with the test.
func startCluster(t *testing.T, flags ...string) *cluster {
	t.Helper()
	store, err := sharedStore()
	if err != nil {
		t.Fatal(err)
	}
	return startClusterOn(t, store, flags...)
}

// startClusterOn is startCluster for a test that has plans with its store.
func startClusterOn(t *testing.T, store *servers.MariaDB, flags ...string) *cluster {
	t.Helper()
	name := "e2e_" + strings.ToLower(rand.Text())
	if err := store.CreateDatabase(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "cluster.key")
	if err := os.WriteFile(key, []byte(rand.Text()), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, store: store, bus: servertest.Redis(t)}
	c.flags = append([]string{"--store", store.URL(name), "--bus", c.bus.URL(), "--cluster-key-file", key}, flags...)
	for i := range 3 {
		c.ports = append(c.ports, c.port())
		c.nodes = append(c.nodes, launch(t, c.command(i)))
	}
	for _, n := range c.nodes {
		n.awaitServing()
	}
	return c
}

// sharedStore is a MariaDB for all clusters that leave it in peace. TestMain ends it.
var sharedStore = sync.OnceValues(func() (*servers.MariaDB, error) {
	ctx := context.Background()
	if err := servers.Install(ctx, os.Stderr, "mariadb-server"); err != nil {
		return nil, err
	}
	return servers.StartMariaDB(ctx, mariadb)
})

func (c *cluster) port() int {
	c.t.Helper()
	port, err := servers.FreePort()
	if err != nil {
		c.t.Fatal(err)
	}
	return port
}

// command is node i of the cluster, counted from 0.
func (c *cluster) command(i int) *exec.Cmd {
	own := []string{"--name", "n" + strconv.Itoa(i+1), "--listen", "tcp://127.0.0.1:" + strconv.Itoa(c.ports[i])}
	return command(append(own, c.flags...)...)
}

// restart starts node i again, which was killed.
func (c *cluster) restart(i int) {
	c.t.Helper()
	c.nodes[i] = launch(c.t, c.command(i))
	c.nodes[i].awaitServing()
}

// grow adds a node, of which nobody is told, and returns it.
func (c *cluster) grow() *node {
	c.t.Helper()
	c.ports, c.nodes = append(c.ports, c.port()), append(c.nodes, nil)
	c.restart(len(c.nodes) - 1)
	return c.nodes[len(c.nodes)-1]
}

// addresses are where the nodes listen.
func (c *cluster) addresses() (all []string) {
	for _, n := range c.nodes {
		all = append(all, n.addr)
	}
	return all
}

// front starts an nginx before the nodes and returns it twice: as it is, and as what clients take for a node.
func (c *cluster) front() (*servers.Nginx, *node) {
	c.t.Helper()
	nginx := servertest.Nginx(c.t, c.addresses())
	return nginx, &node{t: c.t, addr: nginx.Addr(), home: homeless(c.t)}
}
