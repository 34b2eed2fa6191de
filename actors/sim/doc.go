// Package sim is a world in which actors run one message at a time: on the goroutine of the
// test, in an order drawn from a seed, on a virtual clock, with faults where the test wants them.
// The actors, their supervision and the engine are the real ones; only mailboxes, clock and crew
// are the world's. The same seed gives the same history, to the letter.
//
//	func TestStrangerIsRefused(t *testing.T) {
//		w := sim.New(t)
//		env := actors.Env{Clock: w, Crew: w.Crew(), Log: w.Logger(), Props: w.Props(), Fatal: w.Fatal}
//		group, eve := w.Spawn("groups/7", newGroup(env, 7)), w.Probe("eve")
//
//		eve.Ask(group, Post{From: 9, Body: "hi"})
//		w.Settle()
//
//		eve.Want(Refused{ErrNotMember})
//	}
//
// What is left to the seed is whose turn comes next, and in which order jobs end. One actor's
// messages stay in the order in which they were posted, system messages first, as the engine has
// it. Time passes in [World.Advance] only.
//
// A world may hold whole processes, each of them the actors below one name. [World.Crash] ends one as
// a power cut does, after which the same names may be used anew; [World.Clock] is a clock of its own
// that may be wrong.
//
// [World.Trace] is the history, a line a turn; [Golden] compares it with a file, which -update
// records anew; such a test names its seed. [Seeds] runs a test under many seeds and says how to
// have the failing one again; [SeedsInParallel] does so on all cores. A thousand small worlds take a
// quarter of a second. A long history is kept by its [Tail] only, which makes a turn many times cheaper.
//
// [Witness] tells what actors receive, to see which of their cases a test reaches. [Try] runs a test
// whose failure is wanted as a value, and [Shrink] finds how little of what it did makes it fail.
//
// What happens unseen in a node is in the open here: a panic that no fault injected, a record of
// level Error, nil sent to an actor fail the test unless declared (see [World.ExpectError]);
// messages lost with a stopped actor's mailbox stand in the trace.
//
// The engine has a clock of its own that a world cannot replace. So actors do without
// SetReceiveTimeout, futures, and supervision that counts restarts within a time. An actor that
// asked one that is gone gets *actor.DeadLetterResponse, in a node as here.
package sim
