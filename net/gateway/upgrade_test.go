package gateway

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/actors"
	"chatserver/net/wire"
)

// readsOf returns what each read of the client brings, until n bytes have come. Over net.Pipe a read
// with room for it is one write.
func readsOf(t *testing.T, client net.Conn, n int) (reads []string) {
	t.Helper()
	buf := make([]byte, 1<<20)
	for n > 0 {
		got, err := client.Read(buf)
		if err != nil {
			t.Fatalf("after %d reads: %v", len(reads), err)
		}
		reads = append(reads, string(buf[:got]))
		n -= got
	}
	return reads
}

func TestBurstToAnUpgradedClientIsFewWritesAndNoWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, func(c *Config) { c.Pace = time.Hour }).pipe()
		s.conn.Upgrade()
		var sent strings.Builder
		for i := range 1000 {
			object := fmt.Sprintf("%0119d\n", i)
			sent.WriteString(object)
			s.conn.Send([]byte(object))
		}

		reads := readsOf(t, client, sent.Len())
		if want := 1 + sent.Len()/(batch-120) + 1; strings.Join(reads, "") != sent.String() || len(reads) > want {
			t.Fatalf("%d writes, want all bytes in order and %d at most", len(reads), want)
		}
		synctest.Wait()
		if len(s.told) > 0 {
			t.Fatalf("told %v", <-s.told)
		}
	})
}

func TestObjectLargerThanABatchIsOneWriteOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		s.conn.Upgrade()
		large := strings.Repeat("x", 2*batch) + "\n"
		for _, object := range []string{"being written\n", "one\n", "two\n", large, "three\n", "four\n"} {
			s.conn.Send([]byte(object))
			synctest.Wait()
		}

		want := []string{"being written\n", "one\ntwo\n", large, "three\nfour\n"}
		for i, got := range readsOf(t, client, len(strings.Join(want, ""))) {
			if got != want[i] {
				t.Fatalf("write %d is %.40q, want %.40q", i, got, want[i])
			}
		}
	})
}

func TestObjectsAreNotChangedByWritingThemTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		s.conn.Upgrade()
		shared := append(make([]byte, 0, 64), "shared\n"...) // with room for what comes behind it
		s.conn.Send(shared)
		s.conn.Send(shared)
		s.conn.Send([]byte("other\n"))

		readsOf(t, client, len("shared\nshared\nother\n"))
		if got := string(shared[:cap(shared)]); got != "shared\n"+strings.Repeat("\x00", 57) {
			t.Fatalf("the bytes are now %q", got)
		}
	})
}

func TestUpgradeLosesNothingOfWhatWasQueuedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, func(c *Config) { c.Pace = time.Second }).pipe()
		for _, object := range []string{"1\n", "2\n", "3\n"} {
			s.conn.Send([]byte(object))
		}
		first := readsOf(t, client, len("1\n")) // and the writer is in the pace behind it
		s.conn.Upgrade()
		s.conn.Send([]byte("4\n"))

		rest := readsOf(t, client, len("2\n3\n4\n"))
		if got := append(first, rest...); len(got) != 2 || strings.Join(got, "") != "1\n2\n3\n4\n" {
			t.Fatalf("wrote %q, want 1, then all that was queued", got)
		}
		s.want(t, actors.Written{N: 1})
	})
}

func TestTooManyBytesQueuedEndAnUpgradedConnectionToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Limits.Outbound = 10 })
		_, s := w.pipe()
		s.conn.Upgrade()
		s.conn.Send([]byte("in hand.\n"))
		synctest.Wait() // the writer waits for the client
		s.conn.Send([]byte("five\n"))
		s.conn.Send([]byte("five\n"))
		synctest.Wait()
		if len(s.told) > 0 {
			t.Fatalf("10 bytes are allowed, told %v", <-s.told)
		}
		s.conn.Send([]byte("\n"))

		s.want(t, actors.HungUp{Err: errSlow})
		synctest.Wait()
		if w.meter.count(wire.SlowConsumer) != 1 {
			t.Fatalf("counted %v", w.meter.closed)
		}
	})
}

func TestUpgradedClientThatIsSilentIsHungUpOn(t *testing.T) {
	for _, said := range []string{"", `{"msgid":1,"v":2}`, `{"msgid"`} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, nil)
			client, s := w.pipe()
			start := time.Now()
			io.WriteString(client, said)
			if strings.HasSuffix(said, "}") {
				s.want(t, said)
			}
			s.conn.Upgrade()

			hung := (<-s.told).(actors.HungUp)
			fault, ok := errors.AsType[*wire.Fault](hung.Err)
			if took := time.Since(start); !ok || fault.Close != wire.Silent || took != w.gate.Limits.Silence {
				t.Fatalf("after %q told %v in %v", said, hung.Err, took)
			}
			s.conn.Send([]byte("why\n"))
			s.conn.Close(wire.Silent)
			if got := readLine(t, bufio.NewReader(client)); got != "why\n" {
				t.Fatalf("read %q", got)
			}
			client.Close()
		})
	}
}

func TestWhateverAClientSendsKeepsItAlive(t *testing.T) {
	for _, said := range []string{`{"msgid":18}`, "\n"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, nil)
			client, s := w.pipe()
			s.conn.Upgrade()
			for range 10 {
				time.Sleep(w.gate.Limits.Silence - time.Nanosecond)
				io.WriteString(client, said)
				if said != "\n" {
					s.want(t, said)
					s.conn.Done()
				}
			}
			synctest.Wait()
			if len(s.told) > 0 {
				t.Fatalf("told %v", <-s.told)
			}
		})
	}
}

func TestClientThatIsReadNoFurtherIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Limits.InFlight = 1 })
		client, s := w.pipe()
		s.conn.Upgrade()
		io.WriteString(client, `{"msgid":6}`)
		go io.WriteString(client, `{"msgid":18}`)
		s.want(t, `{"msgid":6}`)
		time.Sleep(2 * w.gate.Limits.Silence)
		s.conn.Done()

		s.want(t, `{"msgid":18}`)
	})
}

func TestClassicClientMayBeSilentForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		for range 3 {
			time.Sleep(1000 * time.Hour)
			io.WriteString(client, `{"msgid":6,"msg":"and more than fits the first read"}`)
			s.want(t, `{"msgid":6,"msg":"and more than fits the first read"}`)
		}
	})
}

func TestObjectMayComeInPiecesWithLongPausesBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		for _, piece := range []string{"{", `"msgid":`, "6", "}{}"} {
			io.WriteString(client, piece)
			time.Sleep(10 * settle)
		}
		s.want(t, `{"msgid":6}`, `{}`)
	})
}

func TestUpgradeOfAConnectionThatEndsChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		client, s := w.pipe()
		s.conn.Send([]byte("bye\n"))
		s.conn.Close(wire.Replaced)
		s.conn.Upgrade()

		if got := readLine(t, bufio.NewReader(client)); got != "bye\n" {
			t.Fatalf("read %q", got)
		}
		start := time.Now()
		w.gate.Shutdown(t.Context())
		if took := time.Since(start); took != linger || w.meter.count(wire.Replaced) != 1 {
			t.Fatalf("ended after %v, counted %v", took, w.meter.closed)
		}
	})
}
