package gateway

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/actors"
	"chatserver/net/wire"
)

func TestEverySplitOfTheBytesGivesTheSameFrames(t *testing.T) {
	const stream = "{\"msgid\":1}\x00{\"msgid\":3}\n{\"a\":{\"b\":\"}\"}}"
	for size := range len(stream) {
		synctest.Test(t, func(t *testing.T) {
			client, s := newWorld(t, nil).pipe()
			for rest := stream; rest != ""; {
				n := min(size+1, len(rest))
				io.WriteString(client, rest[:n])
				rest = rest[n:]
			}
			client.Close()

			s.want(t, `{"msgid":1}`, `{"msgid":3}`, `{"a":{"b":"}"}}`, actors.HungUp{})
			s.conn.Close(wire.ClientLeft)
		})
	}
}

func TestReadingStopsUntilAFrameIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, func(c *Config) { c.Limits.InFlight = 2 }).pipe()
		wrote := make(chan int, 3)
		go func() {
			for i := range 3 {
				io.WriteString(client, `{}`)
				wrote <- i
			}
			client.Close()
		}()

		s.want(t, `{}`, `{}`)
		synctest.Wait()
		if len(wrote) != 2 || len(s.told) != 0 {
			t.Fatalf("%d objects were read, want 2", len(wrote))
		}

		s.conn.Done()
		s.want(t, `{}`)
		s.conn.Done()
		s.want(t, actors.HungUp{})
	})
}

func TestObjectsAreThePaceApartAndTheFirstIsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pace = 2 * time.Millisecond
		client, s := newWorld(t, func(c *Config) { c.Pace = pace }).pipe()
		start, buf := time.Now(), make([]byte, 1024)
		read := func(want string, at time.Duration) {
			t.Helper()
			n, err := client.Read(buf)
			if got := string(buf[:n]); err != nil || got != want || time.Since(start) != at {
				t.Fatalf("read %q, %v after %v, want %q after %v", got, err, time.Since(start), want, at)
			}
		}

		s.conn.Send([]byte("one\n"))
		s.conn.Send([]byte("two\n"))
		read("one\n", 0)
		read("two\n", pace)
		s.want(t, actors.Written{N: 1}, actors.Written{N: 1})
		s.conn.Send([]byte("three\n")) // by now the queue was empty
		read("three\n", 2*pace)
		time.Sleep(time.Second)
		s.conn.Send([]byte("four\n"))
		read("four\n", 2*pace+time.Second)
	})
}

func TestEachObjectIsOneWriteWithoutAPaceToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		s.conn.Send([]byte("one\n"))
		s.conn.Send([]byte("two\n"))

		buf := make([]byte, 1024)
		for _, want := range []string{"one\n", "two\n"} {
			if n, _ := client.Read(buf); string(buf[:n]) != want {
				t.Fatalf("one read gave %q, want %q", buf[:n], want)
			}
		}
	})
}

func TestTooManyBytesQueuedEndTheConnectionAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Limits.Outbound = 10 })
		client, s := w.pipe()
		s.conn.Send([]byte("being written\n"[4:]))
		synctest.Wait() // the writer has it in hand and waits for the client
		s.conn.Send([]byte("10 bytes.\n"))
		s.conn.Send([]byte("\n"))

		s.want(t, actors.HungUp{Err: errSlow})
		synctest.Wait()
		if got, err := io.ReadAll(client); len(got) > 0 || err != nil || w.meter.count(wire.SlowConsumer) != 1 {
			t.Fatalf("read %q, %v; counted %v", got, err, w.meter.closed)
		}
		s.conn.Close(wire.ReadFailed) // what a session does on HungUp
		if len(w.meter.closed) != 1 {
			t.Fatalf("counted %v, want one close", w.meter.closed)
		}
	})
}

func TestWhatWasWrittenMakesRoomForMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, func(c *Config) { c.Limits.Outbound = 10 }).pipe()
		lines := bufio.NewReader(client)
		for range 5 {
			s.conn.Send([]byte("6 byt\n"))
			if got := readLine(t, lines); got != "6 byt\n" {
				t.Fatalf("read %q", got)
			}
		}
	})
}

func TestClientThatTakesNothingIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		_, s := w.pipe()
		s.conn.Send([]byte("one\n"))
		time.Sleep(w.gate.Limits.Write)

		synctest.Wait()
		if hung := (<-s.told).(actors.HungUp); !errors.Is(hung.Err, os.ErrDeadlineExceeded) {
			t.Fatalf("told %v, want a write that timed out", hung.Err)
		}
		if w.meter.count(wire.WriteFailed) != 1 {
			t.Fatalf("counted %v", w.meter.closed)
		}
	})
}

func TestCloseWaitsForTheQueueNoLongerThanOneWriteMayTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		client, s := w.pipe()
		for range 3 {
			s.conn.Send([]byte("slowly\n"))
		}
		start := time.Now()
		s.conn.Close(wire.Draining)
		s.conn.Send([]byte("too late\n"))

		time.Sleep(w.gate.Limits.Write / 2)
		if line := readLine(t, bufio.NewReaderSize(client, 16)); line != "slowly\n" {
			t.Fatalf("read %q", line)
		}
		w.gate.Shutdown(t.Context())
		if took := time.Since(start); took != w.gate.Limits.Write || w.meter.count(wire.Draining) != 1 {
			t.Fatalf("ended after %v, counted %v", took, w.meter.closed)
		}
	})
}

func TestLastObjectArrivesThoughInputIsUnread(t *testing.T) {
	client, s := newWorld(t, func(c *Config) { c.Limits.InFlight = 1 }).dial()
	wrote := make(chan error)
	go func() {
		_, err := io.WriteString(client, strings.Repeat("{}", 8<<20)) // more than sockets hold
		wrote <- errors.Join(err, client.CloseWrite())
	}()

	s.want(t, `{}`)
	s.conn.Send([]byte("bye\n"))
	s.conn.Close(wire.BadFrame)

	if err := <-wrote; err != nil {
		t.Fatalf("the connection was reset: %v", err)
	}
	if got := readAll(t, client); got != "bye\n" {
		t.Fatalf("read %q", got)
	}
}

func TestClientThatEndedItsSideStillGetsItsAnswers(t *testing.T) {
	client, s := newWorld(t, nil).dial()
	io.WriteString(client, `{"msgid":1}`)
	client.CloseWrite()

	s.want(t, `{"msgid":1}`, actors.HungUp{})
	s.conn.Send([]byte("answer\n"))
	s.conn.Close(wire.ClientLeft)

	if got := readAll(t, client); got != "answer\n" {
		t.Fatalf("read %q", got)
	}
}

func TestSilentClientIsWaitedForOnlyShortlyAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		_, s := w.pipe()
		start := time.Now()
		s.conn.Close(wire.Replaced)
		w.gate.Shutdown(t.Context())
		if took := time.Since(start); took != linger || w.meter.count(wire.Replaced) != 1 {
			t.Fatalf("ended after %v, counted %v", took, w.meter.closed)
		}
	})
}

func TestBrokenFramingIsToldAndDoesNotCloseByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		go io.WriteString(client, "{}hello")

		s.want(t, `{}`)
		var fault *wire.Fault
		if hung := (<-s.told).(actors.HungUp); !errors.As(hung.Err, &fault) {
			t.Fatalf("told %v, want a fault", hung.Err)
		}
		s.conn.Send([]byte("why\n"))
		s.conn.Close(wire.BadFrame)
		if got := readLine(t, bufio.NewReader(client)); got != "why\n" {
			t.Fatalf("read %q", got)
		}
		client.Close()
	})
}

func TestObjectCutOffByTheClientIsNoProperEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newWorld(t, nil).pipe()
		io.WriteString(client, `{"msgid"`)
		client.Close()
		s.want(t, actors.HungUp{Err: io.ErrUnexpectedEOF})
		s.conn.Close(wire.ReadFailed)
	})
}

func TestConnectionRefusedBeforeItWasOpenedIsAnsweredAndClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		client, server := net.Pipe()
		c := newConn(w.gate, server, clientOf(server))
		w.gate.enter(c)
		c.Send([]byte("full\n"))
		c.Close(wire.Draining)
		go c.serve()
		if got := readLine(t, bufio.NewReader(client)); got != "full\n" {
			t.Fatalf("read %q", got)
		}
		client.Close()
		w.gate.Shutdown(t.Context())
	})
}
