package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Report is what a run found. As JSON it is one line; fields are added, never changed.
type Report struct {
	Scenario string    `json:"scenario"`
	Dialect  string    `json:"dialect"`
	Conns    int       `json:"conns"`
	Messages *Messages `json:"messages,omitempty"`
	Logins   []Logins  `json:"logins,omitempty"`
	Idle     *Idle     `json:"idle,omitempty"`
	CPU      *CPU      `json:"cpu,omitempty"`
	Error    string    `json:"error,omitempty"` // why the run ended before its time
}

// Messages is what chat and group find. The figures a second and the latencies are of the measured
// span, all others of the whole run.
type Messages struct {
	Window             int     `json:"window"`
	Size               int     `json:"size"`
	Senders            int     `json:"senders"`
	Seconds            float64 `json:"seconds"` // how long the measured span was
	Sent               uint64  `json:"sent"`
	Delivered          int64   `json:"delivered"`
	Acknowledged       int64   `json:"acknowledged"`
	DeliveredPerSecond float64 `json:"delivered_per_s"`
	AckedPerSecond     float64 `json:"acknowledged_per_s"`
	Delivery           Latency `json:"delivery_ms"` // from sending to the receiver
	Ack                Latency `json:"ack_ms"`      // from sending to the sender's ACK
	SlowDowns          int64   `json:"slow_downs"`  // requests that were refused for now and sent again
	Faults             Faults  `json:"faults"`
	Hint               string  `json:"hint,omitempty"`

	delivery, ack *hdrhistogram.Histogram
}

// Logins is what login finds, of one way to log in.
type Logins struct {
	By        string  `json:"by"` // password or token
	Seconds   float64 `json:"seconds"`
	Count     int64   `json:"count"`
	PerSecond float64 `json:"per_s"`
	Took      Latency `json:"took_ms"` // from dialling to being logged in
	SlowDowns int64   `json:"slow_downs"`
	CPU       *CPU    `json:"cpu,omitempty"`
}

// Idle is what idle finds.
type Idle struct {
	LoginSeconds    float64 `json:"login_seconds"` // to log all connections in
	LoginsPerSecond float64 `json:"logins_per_s"`
	Lost            int64   `json:"lost"`                    // connections that ended
	MemoryBefore    int64   `json:"memory_before,omitempty"` // bytes resident of the nodes
	MemoryAfter     int64   `json:"memory_after,omitempty"`
	PerConnection   int64   `json:"memory_per_connection,omitempty"`
}

// CPU is the processor time that was taken in the measured span. 1 is one core.
type CPU struct {
	Nodes      float64 `json:"nodes,omitempty"`
	Bench      float64 `json:"bench"`
	PerMessage float64 `json:"node_us_per_message,omitempty"` // of the nodes, for each delivery
}

// failed is the report of a run that err ended.
func (r Report) failed(err error) (Report, error) {
	r.Error = err.Error()
	return r, err
}

// Latency is a distribution in milliseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func latency(h *hdrhistogram.Histogram) Latency {
	ms := func(quantile float64) float64 { return float64(h.ValueAtQuantile(quantile)) / 1000 }
	return Latency{ms(50), ms(90), ms(99), float64(h.Max()) / 1000}
}

func (l Latency) String() string {
	return fmt.Sprintf("p50 %s ms, p90 %s, p99 %s, max %s", digits(l.P50), digits(l.P90), digits(l.P99), digits(l.Max))
}

// digits is ms with three digits, or with all those before the point.
func digits(ms float64) string {
	if ms >= 100 {
		return fmt.Sprintf("%.0f", ms)
	}
	return fmt.Sprintf("%.3g", ms)
}

// perSecond is 0 where nothing was measured.
func perSecond(count int64, took time.Duration) float64 {
	if took <= 0 {
		return 0
	}
	return float64(count) / took.Seconds()
}

// write writes the report for people, or as one line of JSON.
func (r Report) write(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	w := &lines{out: out}
	w.line("%s, %s, %d connections", r.Scenario, r.Dialect, r.Conns)
	if r.Messages != nil {
		r.Messages.write(w)
	}
	for _, l := range r.Logins {
		w.line("logins by %-8s %9.0f/s   %v", l.By, l.PerSecond, l.Took)
		w.unless(l.SlowDowns, "refused for now  %9d     and tried again", l.SlowDowns)
		l.CPU.write(w)
	}
	if r.Idle != nil {
		r.Idle.write(w)
	}
	r.CPU.write(w)
	if r.Error != "" {
		w.line("ended before its time, with messages under way")
	}
	return w.err
}

func (m *Messages) write(w *lines) {
	w.line("%d senders, window %d, %d bytes, %.3g s", m.Senders, m.Window, m.Size, m.Seconds)
	w.line("delivered        %9.0f/s   %v", m.DeliveredPerSecond, m.Delivery)
	if m.Acknowledged > 0 {
		w.line("acknowledged     %9.0f/s   %v", m.AckedPerSecond, m.Ack)
	}
	w.line("sent             %9d     delivered %d, acknowledged %d", m.Sent, m.Delivered, m.Acknowledged)
	w.unless(m.SlowDowns, "refused for now  %9d     and sent again", m.SlowDowns)
	f := m.Faults
	w.line("lost %d, unacknowledged %d, doubled %d, reordered %d, misnumbered %d, strange %d",
		f.Lost, f.Unacknowledged, f.Doubled, f.Reordered, f.Misnumbered, f.Strange)
	if m.Hint != "" {
		w.line("%s", m.Hint)
	}
}

// write writes nothing where c is nil.
func (c *CPU) write(w *lines) {
	switch {
	case c == nil:
		return
	case c.PerMessage > 0:
		w.line("the nodes take    %8.2f cores, %.1f µs for each delivery", c.Nodes, c.PerMessage)
	case c.Nodes > 0:
		w.line("the nodes take    %8.2f cores", c.Nodes)
	}
	w.line("this bench takes  %8.2f cores", c.Bench)
}

func (i *Idle) write(w *lines) {
	w.line("logins           %9.0f/s   all in %.1f s", i.LoginsPerSecond, i.LoginSeconds)
	w.line("connections lost %9d", i.Lost)
	w.unless(i.MemoryAfter, "memory           %9.1f KiB a connection, %.1f MiB before, %.1f MiB after",
		float64(i.PerConnection)/(1<<10), float64(i.MemoryBefore)/(1<<20), float64(i.MemoryAfter)/(1<<20))
}

// lines writes lines until one fails.
type lines struct {
	out io.Writer
	err error
}

func (w *lines) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, format+"\n", args...)
	}
}

// unless writes a line unless count is 0.
func (w *lines) unless(count int64, format string, args ...any) {
	if count != 0 {
		w.line(format, args...)
	}
}

// publish writes the report, and the picture that was asked for. It fails where promises were broken;
// in a run that ended before its time, what was under way is lost anyway.
func (r Report) publish(out io.Writer, o options) error {
	if err := r.write(out, o.JSON); err != nil {
		return err
	}
	if o.SVG != "" && r.Messages != nil {
		if err := r.saveSVG(o.SVG); err != nil {
			return err
		}
	}
	switch {
	case r.Error == "" && r.Messages != nil && r.Messages.Faults.any():
		return errBroken
	case r.Idle != nil && r.Idle.Lost > 0:
		return errEnded
	}
	return nil
}
