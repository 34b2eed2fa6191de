//go:build race

package sim

// fewer divides the seeds of a run under the race detector: a world has one goroutine, and is there
// to find what a message does, not what a goroutine does.
const fewer = 8
