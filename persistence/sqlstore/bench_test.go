package sqlstore

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"chatserver/configs/servers/servertest"
	"chatserver/persistence"
)

// engines make new stores' URLs.
var engines = map[string]func(b *testing.B) string{
	"sqlite": func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "chat.db") },
	"mysql":  func(b *testing.B) string { return newDatabase(b, servertest.MariaDB(b), "chat") },
}

// BenchmarkAppend stores 100-byte messages in 50 conversations, with cids ordered by time: one batch
// after another, and from two writers at once as a node with MySQL does.
func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		engine  string
		writers int
	}{{"sqlite", 1}, {"mysql", 1}, {"mysql", 2}} {
		b.Run(fmt.Sprintf("%s/writers=%d", c.engine, c.writers), func(b *testing.B) {
			s := openOn(b, engines[c.engine](b), Options{})
			for i := range 51 {
				register(b, s, fmt.Sprint("user", i))
			}
			for _, size := range []int{1, 16, 128, 512} {
				b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) { appendAll(b, s, c.writers, size) })
			}
		})
	}
}

// appendAll appends b.N batches by so many writers, each of which has conversations of its own.
func appendAll(b *testing.B, s *Store, writers, size int) {
	body := strings.Repeat("x", 100)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			drafts := make([]persistence.Draft, size)
			for n := w; n < b.N; n += writers {
				for i := range drafts {
					at := n*size + i
					conv := persistence.Direct(1, persistence.UserID(2+(at*writers+w)%50))
					drafts[i] = persistence.Draft{Conv: conv, Sender: 1, CID: fmt.Sprintf("018f-%d-%032x", b.N, at), Body: body}
				}
				if _, err := s.Append(b.Context(), drafts); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRedeem logs devices in again, so many at once.
func BenchmarkRedeem(b *testing.B) {
	for name, url := range engines {
		b.Run(name, func(b *testing.B) {
			s := openOn(b, url(b), Options{})
			var tokens [32]string
			for i := range tokens {
				tokens[i] = fmt.Sprint(i)
				user := register(b, s, tokens[i])
				if _, err := s.Issue(b.Context(), user, "phone", []byte(tokens[i]), time.Now().Add(time.Hour)); err != nil {
					b.Fatal(err)
				}
			}
			for _, at := range []int{1, 8, 32} {
				b.Run(fmt.Sprintf("at=%d", at), func(b *testing.B) { redeemAll(b, s, tokens[:at]) })
			}
		})
	}
}

// redeemAll redeems b.N times, each token by a goroutine of its own.
func redeemAll(b *testing.B, s *Store, tokens []string) {
	var wg sync.WaitGroup
	for i := range tokens {
		wg.Go(func() {
			for n := i; n < b.N; n += len(tokens) {
				next := tokens[i] + "x"
				if len(next) > 30 {
					next = fmt.Sprint(i)
				}
				now := time.Now()
				if _, err := s.Redeem(b.Context(), []byte(tokens[i]), []byte(next), []byte(next), now, now.Add(time.Hour)); err != nil {
					b.Error(err)
					return
				}
				tokens[i] = next
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "logins/s")
}
