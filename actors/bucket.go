package actors

import (
	"time"

	"chatserver/net/wire"
)

// bucket lets rate requests a second through, and as many at once.
type bucket struct {
	rate   float64 // 0: no limit
	tokens float64
	at     time.Time
}

func newBucket(rate int) bucket { return bucket{rate: float64(rate), tokens: float64(rate)} }

// take uses a token for a request, or refuses it and tells when there is one.
func (b *bucket) take(now time.Time) *wire.Fault {
	wait := b.spend(now, 1)
	if wait == 0 {
		return nil
	}
	return &wire.Fault{Errno: wire.SlowDown, Text: "you send faster than this server allows, try again in a moment", Retry: wait}
}

// spend uses n tokens, or tells after how long there are as many. More than rate there never are.
func (b *bucket) spend(now time.Time, n int) (wait time.Duration) {
	if b.rate == 0 {
		return 0
	}
	if !b.at.IsZero() {
		b.tokens = min(b.rate, b.tokens+b.rate*max(0, now.Sub(b.at).Seconds()))
	}
	b.at = now
	if lack := float64(n) - b.tokens; lack > 0 {
		return time.Duration(lack/b.rate*float64(time.Second)).Truncate(time.Millisecond) + time.Millisecond
	}
	b.tokens -= float64(n)
	return 0
}
