//go:build !race

package e2e

const fewer = 1
