package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"time"

	"chatserver/net/cluster"
	"chatserver/net/cluster/redisbus"
)

const (
	localBus      = "local" // the bus of a node that has no others
	minClusterKey = 16      // bytes of a cluster key: what is shorter may be guessed
)

// bus makes the end of this node of what joins it to others. It connects when it is opened. A bus that
// anybody can speak on who reaches its server is warned of.
func (c *Config) bus(log *slog.Logger) (cluster.Bus, error) {
	if c.Bus == localBus {
		return cluster.NewLocal(time.Now).Bus(), nil
	}
	address, err := redisbus.ParseURL(c.Bus)
	if err != nil {
		return nil, fmt.Errorf("bus: %w", err)
	}
	key, err := c.clusterKey()
	if err != nil {
		return nil, fmt.Errorf("cluster-key-file: %w", err)
	}
	if key == nil {
		log.Warn("there is no cluster-key-file: whoever can write to the bus can speak for any node", "bus", address.String())
	}
	return redisbus.New(address, redisbus.Options{Key: key, Log: log}), nil
}

// clusterKey is what cluster-key-file holds, without space around it; nil: there is none.
func (c *Config) clusterKey() ([]byte, error) {
	if c.KeyFile == "" {
		return nil, nil
	}
	content, err := os.ReadFile(c.KeyFile)
	if err != nil {
		return nil, err
	}
	key := bytes.TrimSpace(content)
	if len(key) < minClusterKey {
		return nil, fmt.Errorf("%s has %d bytes, %d are the least: write what openssl rand -base64 32 prints, the same on every node", c.KeyFile, len(key), minClusterKey)
	}
	return key, nil
}
