package actors

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/persistence"
	"chatserver/persistence/sqlstore/sqlstoretest"
)

// newEnv is an Env in w over a fresh store.
func newEnv(t testing.TB, w *sim.World) *Env { return testEnv(w, sqlstoretest.Open(t, w.Now)) }

func testEnv(w *sim.World, store persistence.Store) *Env {
	ids, secrets := 0, 0
	return &Env{
		Store: store, Bus: cluster.NewLocal(w.Now).Bus(), Clock: w, Crew: w.Crew(), Passwords: plain{}, Meter: &counts{}, Log: w.Logger(),
		Limits: DefaultLimits(), Login: Multi, Classic: Classic{MaxObject: 1023}, Zone: time.UTC,
		Name: "sim", NewID: func() string { ids++; return fmt.Sprintf("c%d", ids) },
		NewSecret: func() string { secrets++; return fmt.Sprintf("secret %d", secrets) },
		Props:     w.Props(), Fatal: w.Fatal,
	}
}

// node is a whole node in a world.
type node struct {
	t     testing.TB
	w     *sim.World
	env   *Env
	meter *counts
	root  *actor.PID
	conns int
	peers []*node // of its cluster, itself among them, on one of which it dials; nil: it dials itself
}

func newNode(t testing.TB, w *sim.World, adjust ...func(*Env)) *node {
	env := newEnv(t, w)
	for _, f := range adjust {
		f(env)
	}
	n := &node{t: t, w: w, env: env, meter: env.Meter.(*counts), root: Start(w.System(), env)}
	w.Settle()
	return n
}

// dial connects from an address of its own.
func (n *node) dial() *client {
	n.conns++
	return n.dialFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(n.conns)}))
}

func (n *node) dialFrom(addr netip.Addr) *client {
	c, root := &client{t: n.t, w: n.w}, n.root
	if len(n.peers) > 0 {
		root = n.peers[n.w.Rand().IntN(len(n.peers))].root
	}
	n.w.System().Root.Send(root, Connected{c, addr})
	n.w.Settle()
	return c
}

// register makes accounts with the password "secret", whose ids are 1, 2, 3 …
func (n *node) register(names ...string) {
	n.t.Helper()
	for _, name := range names {
		_, err := n.env.Store.Register(context.Background(), name, []byte(name), "plain:secret")
		if err != nil {
			n.t.Fatal(err)
		}
	}
}

// login dials and logs in, and drops the LOGIN_ACK.
func (n *node) login(id int) *client {
	n.t.Helper()
	c := n.dial().send(login(id))
	if got := c.briefly(); len(got) == 0 || !strings.HasPrefix(got[0], "LOGIN_ACK") || strings.HasPrefix(got[0], "LOGIN_ACK 1") {
		n.t.Fatalf("login of %d: %q", id, got)
	}
	return c
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// group makes a group of these users, the first of them its creator.
func (n *node) group(name string, users ...persistence.UserID) persistence.GroupID {
	n.t.Helper()
	ctx := context.Background()
	id := must[persistence.GroupID](n.t)(n.env.Store.Found(ctx, users[0], name, []byte(name), ""))
	for _, u := range users[1:] {
		must[persistence.Membership](n.t)(n.env.Store.Join(ctx, id, u))
	}
	return id
}
