package servers

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"syscall"
)

// Node is a node of the chat server.
type Node struct {
	*Server
	admin int // the port of its operators' endpoints
}

// StartNode starts the program as a node of that name, with the flags beside those that say who it is and where
// it listens, and returns once it is ready for clients.
func StartNode(ctx context.Context, dir, program, name string, flags []string, opts ...Option) (*Node, error) {
	o := decide(opts)
	n := &Node{&Server{name: "node " + name, dir: dir, last: syscall.SIGKILL}, o.admin}
	if err := n.open(o); err != nil {
		return nil, fmt.Errorf("prepare node %s: %w", name, err)
	}
	if n.admin == 0 {
		port, err := FreePort()
		if err != nil {
			return nil, err
		}
		n.admin = port
	}
	n.asks = n.ready
	n.command = func() (*exec.Cmd, error) {
		own := []string{"--name", name, "--listen", "tcp://" + n.Addr(), "--admin", n.Admin()}
		return exec.Command(program, append(own, flags...)...), nil
	}
	return n, n.first(ctx)
}

// Admin is where its operators' endpoints are: 127.0.0.1:PORT.
func (n *Node) Admin() string { return local(n.admin) }

// ready asks the node whether it wants clients.
func (n *Node) ready(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Admin()+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz says %s", answer.Status)
	}
	return nil
}
