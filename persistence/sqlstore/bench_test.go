package sqlstore

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"chatserver/persistence"
)

// BenchmarkAppend stores 100-byte messages in 50 conversations, with cids ordered by time.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 16, 128, 512} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			s, err := Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "chat.db"), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			for i := range 51 {
				name := fmt.Sprint("user", i)
				if _, err := s.Register(b.Context(), name, []byte(name), "hash"); err != nil {
					b.Fatal(err)
				}
			}
			body := strings.Repeat("x", 100)
			drafts := make([]persistence.Draft, size)
			n := 0
			for b.Loop() {
				for i := range drafts {
					n++
					conv := persistence.Direct(1, persistence.UserID(2+n%50))
					drafts[i] = persistence.Draft{Conv: conv, Sender: 1, CID: fmt.Sprintf("018f-%032x", n), Body: body}
				}
				if _, err := s.Append(b.Context(), drafts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
