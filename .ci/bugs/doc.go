// Package bugs sees to it that the simulation of package actors would find a defect, for a test that cannot
// fail proves nothing. Each diff in testdata is a mistake that somebody could make in the server; nothing but
// this package's test ever builds it, and TestPromise has to fail with it within some seeds, of the harm that
// the mistake does. Where the simulation has a model in the place of what is mistaken, the store, it is what
// judges the real one that has to; where later repairs mostly hide the harm, it is the one test that meets it.
// The test takes minutes and has a task of its own, so it lies where ./... does not look.
package bugs
