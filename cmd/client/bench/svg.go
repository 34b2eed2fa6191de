package bench

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The picture in pixels, the plot in it, and how many bars a plot has.
const (
	pictureWidth, pictureHeight          = 720, 300
	plotLeft, plotTop                    = 30, 80
	plotWidth, plotHeight                = 660, 170
	plotRight, plotBottom                = plotLeft + plotWidth, plotTop + plotHeight
	bars                                 = 110
	deliveryColour, ackColour, inkColour = "#2f7ed8", "#e08214", "#333"
)

// saveSVG draws the latencies into a file.
func (r Report) saveSVG(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	err = r.drawSVG(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// drawSVG draws how latencies are spread: time goes to the right, each power of ten as wide as the
// next, and the height is the share of messages that took that long.
func (r Report) drawSVG(out io.Writer) error {
	m := r.Messages
	p := newPlot(m.delivery, m.ack)
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="%s">`+"\n",
		pictureWidth, pictureHeight, inkColour)
	fmt.Fprintf(&s, `<rect width="%d" height="%d" fill="white"/>`+"\n", pictureWidth, pictureHeight)
	text(&s, plotLeft, 22, inkColour, fmt.Sprintf("%s, %s: %d connections, %d senders, window %d, %d bytes",
		r.Scenario, r.Dialect, r.Conns, m.Senders, m.Window, m.Size))
	p.draw(&s, m.delivery, deliveryColour)
	text(&s, plotLeft, 42, deliveryColour, fmt.Sprintf("delivered %.0f/s: %v", m.DeliveredPerSecond, m.Delivery))
	if m.Acknowledged > 0 {
		p.draw(&s, m.ack, ackColour)
		text(&s, plotLeft, 60, ackColour, fmt.Sprintf("acknowledged %.0f/s: %v", m.AckedPerSecond, m.Ack))
	}
	p.axis(&s)
	s.WriteString("</svg>\n")
	_, err := io.WriteString(out, s.String())
	return err
}

func text(s *strings.Builder, x, y float64, colour, words string) {
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" fill="%s">%s</text>`+"\n", x, y, colour, words)
}

// plot has its time axis from lo to hi µs, both of them powers of ten.
type plot struct{ lo, hi float64 }

// newPlot has room for all that the histograms hold.
func newPlot(all ...*hdrhistogram.Histogram) plot {
	lo, hi := math.Inf(1), 0.0
	for _, h := range all {
		if h.TotalCount() > 0 {
			lo, hi = min(lo, float64(h.Min())), max(hi, float64(h.Max()))
		}
	}
	if hi == 0 { // they hold nothing
		lo, hi = 1000, 1000
	}
	p := plot{math.Pow(10, math.Floor(math.Log10(max(lo, shortest)))), math.Pow(10, math.Ceil(math.Log10(hi)))}
	p.hi = max(p.hi, 10*p.lo)
	return p
}

// along is how far along the axis a time is, from 0 to 1.
func (p plot) along(micros float64) float64 {
	return min(max(math.Log(micros/p.lo)/math.Log(p.hi/p.lo), 0), 1)
}

// shares is what part of h is in each bar, the highest of them as 1.
func (p plot) shares(h *hdrhistogram.Histogram) [bars]float64 {
	var shares [bars]float64
	highest := 0.0
	for _, bar := range h.Distribution() {
		i := min(int(p.along(float64(bar.From+bar.To)/2)*bars), bars-1)
		shares[i] += float64(bar.Count)
		highest = max(highest, shares[i])
	}
	for i := range shares {
		shares[i] /= max(highest, 1)
	}
	return shares
}

// draw draws one histogram as an area with steps.
func (p plot) draw(s *strings.Builder, h *hdrhistogram.Histogram, colour string) {
	fmt.Fprintf(s, `<path fill="%s" fill-opacity="0.25" stroke="%[1]s" d="M%d %d`, colour, plotLeft, plotBottom)
	for i, share := range p.shares(h) {
		left := plotLeft + float64(i*plotWidth)/bars
		right := plotLeft + float64((i+1)*plotWidth)/bars
		y := plotBottom - share*plotHeight
		fmt.Fprintf(s, "L%.1f %.1fL%.1f %[2]f", left, y, right)
	}
	fmt.Fprintf(s, `L%d %dZ"/>`+"\n", plotRight, plotBottom)
}

// axis draws the axis, with a mark at each power of ten.
func (p plot) axis(s *strings.Builder) {
	s.WriteString(`<g text-anchor="middle">` + "\n")
	for micros := p.lo; micros <= 1.01*p.hi; micros *= 10 {
		x := plotLeft + p.along(micros)*plotWidth
		fmt.Fprintf(s, `<path stroke="%s" stroke-opacity="0.3" d="M%.1f %dV%d"/>`+"\n", inkColour, x, plotTop, plotBottom)
		text(s, x, plotBottom+18, inkColour, fmt.Sprintf("%g ms", micros/1000))
	}
	s.WriteString("</g>\n")
}
