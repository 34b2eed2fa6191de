package actors

import (
	"errors"
	"fmt"
	"testing"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
)

// cluster3 are three nodes on one store and one bus, in one world.
type cluster3 struct {
	t     testing.TB
	w     *sim.World
	hub   *cluster.Local
	nodes []*node
	cut   map[string]bool // nodes, by name, that the bus does not reach
	lose  func(from, to cluster.NodeID) bool
	lives map[string]cluster.NodeID // of each node, by its name, the last one heard of
}

func newCluster(t testing.TB, w *sim.World, adjust ...func(*Env)) *cluster3 {
	c := &cluster3{t: t, w: w, hub: cluster.NewLocal(w.Now), cut: map[string]bool{}, lives: map[string]cluster.NodeID{}}
	c.hub.Hinder = c.hinder
	store := newEnv(t, w).Store
	for range 3 {
		c.start(testEnv(w, store), adjust...)
	}
	w.Settle()
	w.Advance(c.nodes[0].env.Limits.Job + 2*cluster.BeatTime) // they know of each other, and look for nothing any more
	return c
}

// start starts one more node.
func (c *cluster3) start(env *Env, adjust ...func(*Env)) {
	name := fmt.Sprintf("n%d", len(c.nodes)+1)
	env.Bus, env.Name = c.hub.Bus(), name
	ids, secrets := env.NewID, env.NewSecret
	env.NewID = func() string { return name + ids() }
	env.NewSecret = func() string { return name + secrets() }
	for _, f := range adjust {
		f(env)
	}
	c.nodes = append(c.nodes, &node{t: c.t, w: c.w, env: env, meter: env.Meter.(*counts), root: start(c.w.System(), env, name)})
}

// join starts a fourth node, and lets it come to rest.
func (c *cluster3) join() *node {
	c.start(testEnv(c.w, c.nodes[0].env.Store))
	c.w.Settle()
	return c.nodes[3]
}

// hinder is cluster.Local's.
func (c *cluster3) hinder(from, to cluster.NodeID) error {
	c.lives[from.Name()] = from
	if c.cut[from.Name()] || c.cut[to.Name()] || to != "" && c.lose != nil && c.lose(from, to) {
		return errors.New("the network broke")
	}
	return nil
}

// loseNext loses the next batch between two nodes.
func (c *cluster3) loseNext() {
	c.lose = func(from, to cluster.NodeID) bool {
		if from == to {
			return false
		}
		c.lose = nil
		return true
	}
}

// kill makes a node vanish from the bus without a word: nothing is heard of it, or reaches it, any
// more. Its actors live on, and nobody sees them.
func (c *cluster3) kill(i int) { c.cut[c.nodes[i].env.Name] = true }
