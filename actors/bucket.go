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

// take uses a token, or tells when the next one is there.
func (b *bucket) take(now time.Time) *wire.Fault {
	if b.rate == 0 {
		return nil
	}
	if !b.at.IsZero() {
		b.tokens = min(b.rate, b.tokens+b.rate*max(0, now.Sub(b.at).Seconds()))
	}
	b.at = now
	if b.tokens < 1 {
		wait := time.Duration((1-b.tokens)/b.rate*float64(time.Second)).Truncate(time.Millisecond) + time.Millisecond
		return &wire.Fault{Errno: wire.SlowDown, Text: "you send faster than this server allows, try again in a moment", Retry: wait}
	}
	b.tokens--
	return nil
}
