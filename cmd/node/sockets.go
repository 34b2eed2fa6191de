package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"chatserver/net/gateway"
)

// headersIn bounds how long an operator's request may take to arrive.
const headersIn = 5 * time.Second

// listen opens every address of the configuration.
func (n *node) listen(ctx context.Context) error {
	for _, address := range n.cfg.Listen {
		listener, err := gateway.Listen(ctx, address)
		if err != nil {
			return unheard("listen", address, err)
		}
		n.listeners = append(n.listeners, listener)
	}
	if n.cfg.Admin == "" {
		return nil
	}
	admin, err := new(net.ListenConfig).Listen(ctx, "tcp", n.cfg.Admin)
	if err != nil {
		return unheard("admin", n.cfg.Admin, err)
	}
	n.admin = admin
	if tcp, ok := admin.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		n.log.Warn("whoever reaches the operators' endpoints sees memory and code", "admin", tcp.String())
	}
	return nil
}

// unheard says what to do about an address that cannot be listened on.
func unheard(key, address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop what uses it or choose another with --%s", address, key)
	}
	return fmt.Errorf("%s: %w", key, err)
}

// operate serves the operators' endpoints, if there are any.
func (n *node) operate() {
	if n.admin == nil {
		return
	}
	n.operators = &http.Server{
		Handler:           gateway.Admin(n.meter, n.ready),
		ReadHeaderTimeout: headersIn,
		ErrorLog:          slog.NewLogLogger(n.log.Handler(), slog.LevelDebug),
	}
	n.operating.Go(func() {
		if err := n.operators.Serve(n.admin); !errors.Is(err, http.ErrServerClosed) {
			n.log.Error("the operators' endpoints are gone", "err", err)
		}
	})
}

// greeting says how to connect.
func (n *node) greeting() string {
	var addresses []string
	for _, listener := range n.listeners {
		addresses = append(addresses, listener.Addr().String())
	}
	hint := "go run ./cmd/client"
	if first := addresses[0]; first != "127.0.0.1:6000" { // the client's default
		hint += " --addr " + first
	}
	return fmt.Sprintf("chatserver is listening on %s: %s", strings.Join(addresses, " and "), hint)
}

// adminAddress is where the operators' endpoints are, empty where they are not.
func (n *node) adminAddress() string {
	if n.admin == nil {
		return ""
	}
	return n.admin.Addr().String()
}

func (n *node) closeListeners() (err error) {
	for _, listener := range n.listeners {
		err = errors.Join(err, listener.Close())
	}
	return err
}

// closeAdmin ends the operators' endpoints in the middle of what they answer.
func (n *node) closeAdmin() error {
	switch {
	case n.operators != nil:
		err := n.operators.Close()
		n.operating.Wait()
		return err
	case n.admin != nil:
		return n.admin.Close()
	}
	return nil
}

func (n *node) closeSockets() error { return errors.Join(n.closeListeners(), n.closeAdmin()) }
