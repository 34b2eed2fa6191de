package gateway

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"chatserver/actors"
	"chatserver/net/wire"
)

// Meter counts for Prometheus what actors.Meter is told, beside what the Go runtime and the
// process tell of themselves.
type Meter struct {
	registry *prometheus.Registry
	sessions prometheus.Gauge
	online   prometheus.Gauge
	refused  *prometheus.CounterVec
	closed   *prometheus.CounterVec
	stored   prometheus.Counter
	batch    prometheus.Histogram
	commit   prometheus.Histogram
	relayed  prometheus.Counter
	dropped  prometheus.Counter
	gaps     prometheus.Counter
	deaf     prometheus.Gauge
	degraded atomic.Bool
	crashes  *prometheus.CounterVec
}

var _ actors.Meter = (*Meter)(nil)

// NewMeter makes a Meter with everything at zero and a registry of its own.
func NewMeter() *Meter {
	m := &Meter{
		registry: prometheus.NewRegistry(),
		sessions: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "chatserver_sessions", Help: "Open sessions."}),
		online: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "chatserver_users_online", Help: "Users with a session on this node."}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "chatserver_refused_total", Help: "Requests that failed, by message and errno."}, []string{"msgid", "errno"}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "chatserver_connections_closed_total", Help: "Connections that ended, by reason."}, []string{"reason"}),
		stored: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chatserver_messages_stored_total", Help: "Messages that the store took."}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "chatserver_commit_messages", Help: "Messages of one transaction.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 11)}), // 1 to 1024: limits.batch is 512
		commit: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "chatserver_commit_seconds", Help: "How long a transaction took, with its flush.",
			Buckets: prometheus.ExponentialBuckets(0.00025, 2, 16)}), // 0.25 ms to 8 s, which limits.job is
		relayed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chatserver_envelopes_sent_total", Help: "Envelopes sent to other nodes."}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chatserver_envelopes_dropped_total", Help: "Envelopes that did not reach other nodes, which read the store instead."}),
		gaps: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chatserver_gaps_total", Help: "Times that something from other nodes was found to have been missed."}),
		deaf: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "chatserver_deaf", Help: "1 while something keeps this node from hearing others, and it reads the store instead."}),
		crashes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "chatserver_crashes_total", Help: "Panics of actors, by the name of their parent, and of jobs, by crew."}, []string{"kind"}),
	}
	m.registry.MustRegister(m.sessions, m.online, m.refused, m.closed, m.stored, m.batch, m.commit, m.relayed, m.dropped, m.gaps, m.deaf, m.crashes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// ServeHTTP answers with all that was counted.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// Session counts open sessions.
func (m *Meter) Session(delta int) { m.sessions.Add(float64(delta)) }

// Online counts users with a session here.
func (m *Meter) Online(delta int) { m.online.Add(float64(delta)) }

// Refused counts a request that failed. A msgid that the protocol does not know is the client's
// choice: all of them are one series, or a client could make as many as it likes.
func (m *Meter) Refused(id wire.MsgID, errno wire.Errno) {
	name := "UNKNOWN"
	if id >= wire.LoginID && id <= wire.InviteID {
		name = id.String()
	}
	m.refused.WithLabelValues(name, errno.String()).Inc()
}

// Closed counts a connection that ended.
func (m *Meter) Closed(reason wire.Reason) { m.closed.WithLabelValues(string(reason)).Inc() }

// Committed counts a batch that the store took.
func (m *Meter) Committed(messages int, took time.Duration) {
	m.stored.Add(float64(messages))
	m.batch.Observe(float64(messages))
	m.commit.Observe(took.Seconds())
}

// Relayed counts envelopes that were sent to other nodes.
func (m *Meter) Relayed(envelopes int) { m.relayed.Add(float64(envelopes)) }

// Dropped counts envelopes that were not.
func (m *Meter) Dropped(envelopes int) { m.dropped.Add(float64(envelopes)) }

// Gap counts what was found to have been missed.
func (m *Meter) Gap() { m.gaps.Inc() }

// Deaf notes whether other nodes are not heard.
func (m *Meter) Deaf(deaf bool) {
	m.degraded.Store(deaf)
	m.deaf.Set(map[bool]float64{true: 1}[deaf])
}

// Degraded tells whether other nodes are not heard: what they send comes, only later.
func (m *Meter) Degraded() bool { return m.degraded.Load() }

// Crashed counts a panic.
func (m *Meter) Crashed(kind string) { m.crashes.WithLabelValues(kind).Inc() }
