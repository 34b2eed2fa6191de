package actors

import (
	"testing"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/net/wire"
)

// drain ends a node, whose end takes a moment.
func (c *cluster3) drain(i int) {
	c.t.Helper()
	main := c.w.Probe("main")
	main.Ask(c.nodes[i].root, Drain{})
	c.w.Advance(4 * cluster.BeatTime)
	main.Want(Drained{})
}

func TestANodeLeavesTheBusOnce(t *testing.T) {
	c, _, _, _ := trio(t)
	c.w.Delay(sim.Of[closed]("n1/router"), cluster.BeatTime+cluster.BeatTime/2) // it has something to send meanwhile
	c.drain(0)
}

func TestANodeEndsThoughAWriterDiesMeanwhile(t *testing.T) {
	c, _, bob, _ := trio(t)
	c.w.ExpectError("an actor panicked")
	c.w.Delay(sim.Of[queried]("n2/store/"), cluster.BeatTime/2)
	c.w.Panic(sim.Of[queried]("n2/store/")).At(1)
	bob.ask(wire.Logout{}) // whose watchers are asked for
	c.drain(1)
}
