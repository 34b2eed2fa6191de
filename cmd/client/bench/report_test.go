package bench

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// reports are what runs found.
func reports() map[string]Report {
	m := &Messages{
		Window: 16, Size: 100, Senders: 50, Seconds: 10, Sent: 200_020, Delivered: 200_020, Acknowledged: 200_020,
		DeliveredPerSecond: 20_001.4, AckedPerSecond: 19_998.2, SlowDowns: 12, delivery: newHistogram(), ack: newHistogram(),
	}
	for i := range int64(1000) {
		m.delivery.RecordValue(800 + i*i/500)
		m.ack.RecordValue(700 + i)
	}
	m.Delivery, m.Ack = latency(m.delivery), latency(m.ack)
	broken := *m
	broken.Faults = Faults{Lost: 3, Doubled: 1}
	broken.Hint = "a hint"
	return map[string]Report{
		"chat":   {Scenario: "chat", Dialect: "v2", Conns: 100, Messages: m, CPU: &CPU{Nodes: 1.3, Bench: 0.4, PerMessage: 65}},
		"broken": {Scenario: "chat", Dialect: "v2", Conns: 100, Messages: &broken},
		"login": {Scenario: "login", Dialect: "v2", Conns: 50, Logins: []Logins{
			{By: byPassword, Seconds: 10, Count: 600, PerSecond: 60, Took: Latency{80.04, 900, 950, 1234.5}, SlowDowns: 7},
			{By: byToken, Seconds: 10, Count: 20_000, PerSecond: 2000, Took: Latency{20, 30, 40, 50}, CPU: &CPU{Nodes: 0.5, Bench: 0.1}},
		}},
		"idle": {Scenario: "idle", Dialect: "classic", Conns: 1000, Idle: &Idle{
			LoginSeconds: 2, LoginsPerSecond: 500, Lost: 1, MemoryBefore: 50 << 20, MemoryAfter: 60 << 20, PerConnection: 10 << 10}},
	}
}

func TestReports(t *testing.T) {
	for name, r := range reports() {
		var text, line, picture bytes.Buffer
		err := errors.Join(r.write(&text, false), r.write(&line, true))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", text.Bytes())
		golden(t, name+".json", line.Bytes())
		if name == "chat" {
			if err := r.drawSVG(&picture); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".svg", picture.Bytes())
		}
	}
}

func TestPictureOfNothingIsWellFormed(t *testing.T) {
	r := Report{Scenario: "chat", Messages: &Messages{delivery: newHistogram(), ack: newHistogram()}}
	var picture bytes.Buffer

	if err := r.drawSVG(&picture); err != nil {
		t.Fatal(err)
	}

	for tokens := xml.NewDecoder(&picture); ; {
		if _, err := tokens.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestBrokenPromisesFailTheRunUnlessItFailedAnyway(t *testing.T) {
	broken := reports()["broken"]
	ended := broken
	ended.Error = "the connection broke"

	if err := broken.publish(io.Discard, options{}); err != errBroken {
		t.Errorf("broken: %v", err)
	}
	if err := ended.publish(io.Discard, options{}); err != nil {
		t.Errorf("ended before its time: %v", err)
	}
	if err := reports()["idle"].publish(io.Discard, options{}); err != errEnded {
		t.Errorf("with a connection lost: %v", err)
	}
	if err := reports()["chat"].publish(io.Discard, options{}); err != nil {
		t.Errorf("kept: %v", err)
	}
}

func TestPacedClassicServerIsPointedOut(t *testing.T) {
	for name, c := range map[string]struct {
		dialect string
		each    float64
		want    bool
	}{
		"classic at 480 a second": {"classic", 480, true},
		"classic far above":       {"classic", 900, false},
		"classic far below":       {"classic", 100, false},
		"v2, which has no pace":   {"v2", 480, false},
	} {
		o := quick(0)
		o.Dialect = c.dialect
		talk := newTalkTo(t, &server{}, o)

		hint := talk.hint(2 * c.each) // of two receivers

		if (hint != "") != c.want {
			t.Errorf("%s: %q", name, hint)
		}
	}
}

func TestOptionsOutOfBoundsAreNamedAllAtOnce(t *testing.T) {
	o := *defaults()
	o.Addrs = []string{"127.0.0.1:6000"}
	if err := o.validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	o.Addrs, o.Dialect, o.Conns, o.Members, o.Senders = nil, "v3", 1, 1, 2
	o.Window, o.Size, o.Duration, o.Warmup = 0, minSize-1, 0, -time.Second

	err := o.validate()

	golden(t, "options.txt", []byte(err.Error()+"\n"))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs, see it with -update:\n%s", path, got)
	}
}
