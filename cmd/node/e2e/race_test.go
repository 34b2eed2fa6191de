//go:build race

package e2e

// fewer divides how many messages are sent where programs run under the race detector, which makes
// SQLite thirty times slower.
const fewer = 10
