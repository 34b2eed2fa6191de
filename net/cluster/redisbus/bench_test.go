package redisbus

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"chatserver/configs/servers/servertest"
	"chatserver/net/cluster"
	"chatserver/persistence"
)

// said is a batch of n messages of 100 bytes.
func said(n int) cluster.Batch {
	e := cluster.Stored{Message: persistence.Message{
		Conv: persistence.Direct(1000, 2000), Seq: 12345, Sender: persistence.User{ID: 1000, Name: "somebody"},
		CID: "0190d3a1-7c2e-7000-8000-123456789abc", Body: strings.Repeat("x", 100), At: time.UnixMilli(1_700_000_000_001),
	}}
	b := cluster.Batch{From: "ann/0190d3a1", Number: 1000}
	for range n {
		b.Envelopes = append(b.Envelopes, e)
	}
	return b
}

// BenchmarkCodec tells what one envelope costs, alone or in a batch.
func BenchmarkCodec(b *testing.B) {
	for name, key := range map[string]string{"plain": "", "sealed": "0123456789abcdef"} {
		for _, n := range []int{1, 64} {
			s, batch := newSealer([]byte(key)), said(n)
			packed, err := s.pack("bob/2", batch)
			if err != nil {
				b.Fatal(err)
			}
			frame := string(packed)
			b.Run(fmt.Sprintf("pack/%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.pack("bob/2", batch); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/envelope")
			})
			b.Run(fmt.Sprintf("unpack/%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.unpack("bob/2", frame); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/envelope")
			})
		}
	}
}

// counter counts what it hears.
type counter struct {
	b     *testing.B
	heard chan int
}

func (c counter) Heard(b cluster.Batch) { c.heard <- len(b.Envelopes) }
func (c counter) Missed(err error)      { c.b.Error(err) }

func started(b *testing.B) (bus *Bus, ear counter) {
	b.Helper()
	address, err := ParseURL(servertest.Redis(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	bus, ear = New(address, Options{Key: []byte("0123456789abcdef")}), counter{b, make(chan int, 1<<16)}
	b.Cleanup(func() {
		if err := bus.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	if err := bus.Open(b.Context(), "ann/1", ear); err != nil {
		b.Fatal(err)
	}
	return bus, ear
}

// BenchmarkPublishToHeard tells how many messages cross from one node to another.
func BenchmarkPublishToHeard(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			bus, ear := started(b)
			mail := []cluster.Mail{{To: "ann/1", Batch: said(n)}}
			calls := 0
			for b.Loop() {
				if err := bus.Publish(b.Context(), mail)[0]; err != nil {
					b.Fatal(err)
				}
				calls++
			}
			for range calls {
				<-ear.heard
			}
			b.ReportMetric(float64(calls*n)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// BenchmarkPresence tells what it costs to find, claim and renew.
func BenchmarkPresence(b *testing.B) {
	const users = 128
	keys, claims := make([]cluster.Key, users), make([]cluster.Claim, users)
	for i := range keys {
		keys[i] = cluster.Key(i + 1)
		claims[i] = cluster.Claim{Key: keys[i], Turn: true}
	}
	calls := map[string]func(ctx context.Context, bus *Bus) error{
		"locate 128": func(ctx context.Context, bus *Bus) error { _, err := bus.Locate(ctx, keys); return err },
		"claim 128":  func(ctx context.Context, bus *Bus) error { _, err := bus.Claim(ctx, "ann/1", claims); return err },
		"claim 1":    func(ctx context.Context, bus *Bus) error { _, err := bus.Claim(ctx, "ann/1", claims[:1]); return err },
		"beat":       func(ctx context.Context, bus *Bus) error { _, err := bus.Beat(ctx); return err },
	}
	for name, call := range calls {
		b.Run(name, func(b *testing.B) {
			bus, _ := started(b)
			if _, err := bus.Claim(b.Context(), "ann/1", claims); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := call(b.Context(), bus); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
