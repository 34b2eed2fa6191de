package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
	"chatserver/net/cluster"
)

func TestNodeAloneHasABusOfItsOwn(t *testing.T) {
	cfg := Default()
	if got := carried(t, cfg, cfg); got != nil {
		t.Errorf("two nodes alone: %v", got)
	}
}

func TestNodesWithTheSameRedisAndKeyHearEachOther(t *testing.T) {
	server := servertest.Redis(t, servers.WithPassword("seekret"))
	cfg := Default()
	cfg.Bus, cfg.KeyFile = server.URL(), secret(t, " 0123456789abcdef\n")
	other := cfg
	other.KeyFile = secret(t, "0123456789abcdef")
	if got := carried(t, cfg, other); got == nil || got.Number != 7 {
		t.Errorf("got %v", got)
	}
}

// carried is what a node hears of another one's batch 7; nil where the other finds nobody.
func carried(t *testing.T, of, from Config) *cluster.Batch {
	t.Helper()
	receiver, sender := busOf(t, of), busOf(t, from)
	heard := make(ear, 1)
	if err := receiver.Open(t.Context(), "bob/1", heard); err != nil {
		t.Fatal(err)
	}
	err := sender.Publish(t.Context(), []cluster.Mail{{To: "bob/1", Batch: cluster.Batch{From: "ann/1", Number: 7}}})[0]
	if errors.Is(err, cluster.ErrNobody) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	select {
	case b := <-heard:
		return &b
	case <-time.After(20 * time.Second):
		t.Fatal("nothing is heard")
		return nil
	}
}

func busOf(t *testing.T, cfg Config) cluster.Bus {
	t.Helper()
	bus, err := cfg.bus(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bus.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return bus
}

// ear hears batches. What is missed is told to nobody: the test waits in vain.
type ear chan cluster.Batch

func (e ear) Heard(b cluster.Batch) { e <- b }
func (e ear) Missed(error)          {}

func TestBusWithoutAKeyIsWarnedOfAndItsPasswordNotTold(t *testing.T) {
	cfg := Default()
	for url, want := range map[string]string{
		"local":                     "",
		"redis://ann:seekret@r:1/2": "cluster-key-file",
	} {
		var log bytes.Buffer
		cfg.Bus = url
		if _, err := cfg.bus(slog.New(slog.NewTextHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
		if got := log.String(); !strings.Contains(got, want) || want == "" && got != "" || strings.Contains(got, "seekret") {
			t.Errorf("%s: %s", url, got)
		}
	}
	cfg.KeyFile = secret(t, "0123456789abcdef")
	var log bytes.Buffer
	if _, err := cfg.bus(slog.New(slog.NewTextHandler(&log, nil))); err != nil || log.Len() != 0 {
		t.Errorf("with a key: %v, %s", err, log.String())
	}
}

func TestClusterKeyThatIsShortOrMissingIsRefused(t *testing.T) {
	for path, want := range map[string]string{
		secret(t, " 0123456789abcde\n"):            "has 15 bytes",
		filepath.Join(t.TempDir(), "no such file"): "no such file",
	} {
		cfg := Default()
		cfg.KeyFile = path
		err := cfg.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), "cluster-key-file: ") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "0123") {
			t.Errorf("got %v", err)
		}
	}
}

func TestBusThatIsNoneIsRefusedWithoutItsPassword(t *testing.T) {
	for _, url := range []string{"", "redis", "redis:", "redis://:seekret@r:x", "mem://a", "rediss://:seekret@"} {
		cfg := Default()
		cfg.Bus = url
		err := cfg.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), "bus: ") || strings.Contains(err.Error(), "seekret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// secret writes a file with this text.
func secret(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
