package actors

import (
	"testing"

	"chatserver/net/cluster"
)

func TestWhereOneLoginIsAllowedADeadNodeHoldsNone(t *testing.T) {
	t.Run("killed", func(t *testing.T) {
		c, _, _, _ := trio(t, func(e *Env) { e.Login = Reject })
		c.kill(1)
		c.nodes[0].w.Advance(cluster.LeaseTime + 2*cluster.BeatTime)
		c.nodes[0].enter(2)
	})
	t.Run("drained", func(t *testing.T) {
		c, _, _, _ := trio(t, func(e *Env) { e.Login = Reject })
		c.drain(1)
		c.nodes[0].enter(2)
	})
	t.Run("begun anew", func(t *testing.T) {
		c, _, bob, _ := trio(t, func(e *Env) { e.Login = Reject })
		c.hub.Lapse(c.lives["n2"])
		c.nodes[0].w.Advance(2 * cluster.BeatTime)
		bob.hangUp()
		c.nodes[1].enter(2)
	})
}
