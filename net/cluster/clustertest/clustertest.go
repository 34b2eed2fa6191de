// Package clustertest checks that a cluster.Bus keeps its promises. Every implementation passes it:
//
//	clustertest.Run(t, func(t *testing.T) clustertest.Fixture { … })
//
// Time is in the hand of the Fixture, so no test waits for a lease to end. What only one
// implementation can go through, such as a lost connection, is tested beside it.
package clustertest

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"chatserver/net/cluster"
)

// Fixture is a server that joins nodes, empty at first.
type Fixture struct {
	Bus    func() cluster.Bus            // makes the end of one more node, which ends with the test
	Lapse  func(node cluster.NodeID)     // ends a node's lease at once
	Empty  func()                        // forgets all leases and claims, as a restart does
	Settle func(deceased cluster.NodeID) // ends the minute for which somebody has an estate alone
}

// Run runs the suite on fixtures that begin makes.
func Run(t *testing.T, begin func(t *testing.T) Fixture) {
	for _, group := range []map[string]func(*world){leases, mail, claims, estates} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			t.Run(name, func(t *testing.T) { group[name](&world{T: t, Fixture: begin(t)}) })
		}
	}
}

// world is one test and its nodes, whose errors fail the test.
type world struct {
	*testing.T
	Fixture
}

// patience is how long a test waits for what has to come.
const patience = 20 * time.Second

// node is an open node.
type node struct {
	w   *world
	bus cluster.Bus
	id  cluster.NodeID
	ear *ear
}

// ear keeps what it is told. It holds more than any test sends.
type ear struct {
	heard  chan cluster.Batch
	missed chan error
}

func newEar() *ear { return &ear{make(chan cluster.Batch, 10_000), make(chan error, 100)} }

// Heard is described at cluster.Ear.
func (e *ear) Heard(b cluster.Batch) { e.heard <- b }

// Missed is described at cluster.Ear.
func (e *ear) Missed(err error) { e.missed <- err }

// open makes a node of that name and opens its first run.
func (w *world) open(name string) *node {
	w.Helper()
	n := &node{w: w, bus: w.Bus()}
	n.reopen(cluster.NewNodeID(name, "1"))
	return n
}

// reopen opens the node as another run, with another ear.
func (n *node) reopen(id cluster.NodeID) {
	n.w.Helper()
	n.id, n.ear = id, newEar()
	n.w.ok(n.bus.Open(n.w.Context(), id, n.ear))
}

func (n *node) beat() cluster.View {
	n.w.Helper()
	v, err := n.bus.Beat(n.w.Context())
	n.w.ok(err)
	return v
}

// send publishes one batch to each of the nodes, all of which take it.
func (n *node) send(number uint64, to ...*node) {
	n.w.Helper()
	posts := make([]cluster.Mail, len(to))
	for i, receiver := range to {
		posts[i] = cluster.Mail{To: receiver.id, Batch: cluster.Batch{From: n.id, Number: number}}
	}
	n.w.ok(errors.Join(n.bus.Publish(n.w.Context(), posts)...))
}

// hears is the next batch that the node hears.
func (n *node) hears() cluster.Batch {
	n.w.Helper()
	select {
	case b := <-n.ear.heard:
		return b
	case err := <-n.ear.missed:
		n.w.Fatalf("%s missed something: %v", n.id, err)
	case <-time.After(patience):
		n.w.Fatalf("%s hears nothing", n.id)
	}
	return cluster.Batch{}
}

// claim claims keys, without a turn.
func (n *node) claim(keys ...cluster.Key) []cluster.Claimed {
	n.w.Helper()
	wanted := make([]cluster.Claim, len(keys))
	for i, key := range keys {
		wanted[i].Key = key
	}
	found, err := n.bus.Claim(n.w.Context(), n.id, wanted)
	n.w.ok(err)
	equal(n.w, len(found), len(keys))
	return found
}

// turn claims a user and returns the turn that this was.
func (n *node) turn(user cluster.Key) uint64 {
	n.w.Helper()
	found, err := n.bus.Claim(n.w.Context(), n.id, []cluster.Claim{{Key: user, Turn: true}})
	n.w.ok(err)
	return found[0].Turn
}

func (n *node) release(keys ...cluster.Key) {
	n.w.Helper()
	n.w.ok(n.bus.Release(n.w.Context(), n.id, keys))
}

// hide hides the user and returns who claims it.
func (n *node) hide(user cluster.Key) []cluster.NodeID {
	n.w.Helper()
	found, err := n.bus.Hide(n.w.Context(), []cluster.Key{user})
	n.w.ok(err)
	equal(n.w, len(found), 1)
	return found[0]
}

// at is which nodes claim the key.
func (n *node) at(key cluster.Key) []cluster.NodeID {
	n.w.Helper()
	found, err := n.bus.Locate(n.w.Context(), []cluster.Key{key})
	n.w.ok(err)
	equal(n.w, len(found), 1)
	return found[0]
}

func ids(nodes ...*node) (ids []cluster.NodeID) {
	for _, n := range nodes {
		ids = append(ids, n.id)
	}
	return ids
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) refused(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("got error %v, want %v", err, want)
	}
}

func equal[T any](w *world, got, want T) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

// over is a context that has ended.
func (w *world) over() context.Context {
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	return ctx
}
