package actors

import (
	"testing"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
)

func TestWhatCameBeforeALateClaimIsReadThoughThatIsMadeBeforeTheNextBeat(t *testing.T) {
	c := newCluster(t, sim.New(t))
	c.nodes[0].register("ann", "bob", "eve") // who are in no group, which would be claimed before heads are read
	ann := c.nodes[0].enter(1)
	broken := c.w.FailJobs("n2/router").At(1)
	bob := c.nodes[1].enter(2)
	ann.ask(to(2, "nobody knows where you are"))
	c.nodes[1].enter(3) // whose claim takes that of bob along

	c.w.Advance(cluster.BeatTime)

	if broken.Hits() != 1 {
		t.Fatal("the claim did not fail")
	}
	bob.want("ONE_CHAT 1 ann: nobody knows where you are")
}
