package gateway

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chatserver/net/wire"
)

// get asks the operators' endpoints for path.
func get(t *testing.T, admin http.Handler, path string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	admin.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return answer.Code, answer.Body.String()
}

func TestReadinessSaysWhyNot(t *testing.T) {
	var fault error
	admin := Admin(NewMeter(), func(ctx context.Context) (string, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("readiness is asked without a deadline")
		}
		return "ready, but slow", fault
	})
	if code, body := get(t, admin, "/readyz"); code != http.StatusOK || body != "ready, but slow\n" {
		t.Fatalf("ready: %d %s", code, body)
	}

	fault = errors.New("the disk is full")
	if code, body := get(t, admin, "/readyz"); code != http.StatusServiceUnavailable || body != "not ready: the disk is full\n" {
		t.Fatalf("not ready: %d %s", code, body)
	}
	if code, _ := get(t, admin, "/healthz"); code != http.StatusOK {
		t.Fatalf("a node that is not ready lives all the same, got %d", code)
	}
}

func TestMetricsShowWhatWasCounted(t *testing.T) {
	m := NewMeter()
	m.Session(3)
	m.Session(-1)
	m.Online(1)
	m.Refused(wire.LoginID, wire.Denied)
	m.Closed(wire.ClientLeft)
	m.Committed(16, 2*time.Millisecond)
	m.Relayed(3)
	m.Dropped(2)
	m.Gap()
	m.Deaf(true)
	m.Crashed("users")

	_, body := get(t, Admin(m, nil), "/metrics")
	for _, line := range []string{
		"chatserver_sessions 2",
		"chatserver_users_online 1",
		`chatserver_refused_total{errno="DENIED",msgid="LOGIN"} 1`,
		`chatserver_connections_closed_total{reason="client_left"} 1`,
		"chatserver_messages_stored_total 16",
		"chatserver_envelopes_sent_total 3",
		"chatserver_envelopes_dropped_total 2",
		"chatserver_gaps_total 1",
		"chatserver_deaf 1",
		`chatserver_commit_messages_bucket{le="16"} 1`,
		`chatserver_commit_seconds_bucket{le="0.002"} 1`,
		`chatserver_crashes_total{kind="users"} 1`,
		"go_goroutines ",
		"process_open_fds ",
	} {
		if !strings.Contains(body, "\n"+line) {
			t.Errorf("no line %q", line)
		}
	}
}

func TestUnknownMsgidsAreOneSeries(t *testing.T) {
	m := NewMeter()
	for id := range wire.MsgID(1000) {
		m.Refused(1000+id, wire.Unknown)
		m.Refused(-id, wire.Unknown)
	}
	_, body := get(t, Admin(m, nil), "/metrics")
	if got := strings.Count(body, "\nchatserver_refused_total{"); got != 1 {
		t.Fatalf("%d series, want 1", got)
	}
}

func TestProfilesAreServed(t *testing.T) {
	admin := Admin(NewMeter(), nil)
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/goroutine?debug=1", "/debug/pprof/cmdline"} {
		if code, body := get(t, admin, path); code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
}
