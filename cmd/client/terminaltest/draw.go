package terminaltest

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// The measures of a picture, in pixels. A cell is as wide as monospaced fonts of that size have it.
const (
	cellWidth, cellHeight = 9, 20
	fontSize              = 15
	baseline              = 15 // from the top of a cell
	margin                = 14
	frame                 = 32 // the bar at the top of the window
)

// border is the line between two parts of a screen.
const border = "│"

// The colours of a picture. inks are the eight basic ones.
const (
	paper = "#1a1b26"
	ink   = "#c8d0ee"
	bar   = "#24283b"
)

var inks = []string{"#1a1b26", "#f7768e", "#9ece6a", "#e0af68", "#7aa2f7", "#bb9af7", "#7dcfff", "#c8d0ee"}

// Draw is the terminal as an SVG picture of a window.
func (c *Terminal) Draw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	width, height := c.screen.Width()*cellWidth+2*margin, frame+c.screen.Height()*cellHeight+2*margin
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="%[3]d">
<rect width="%[1]d" height="%[2]d" rx="10" fill="%[4]s"/>
<path d="M0 %[5]d V10 A10 10 0 0 1 10 0 H%[6]d A10 10 0 0 1 %[1]d 10 V%[5]d Z" fill="%[7]s"/>
`, width, height, fontSize, paper, frame, width-10, bar)
	for n, light := range []string{inks[1], inks[3], inks[2]} {
		fmt.Fprintf(&svg, `<circle cx="%d" cy="%d" r="6" fill="%s"/>`+"\n", 20+n*20, frame/2, light)
	}
	for y := range c.screen.Height() {
		for x := 0; x < c.screen.Width(); {
			x = c.drawRun(&svg, x, y)
		}
	}
	at := c.screen.CursorPosition()
	drawRect(&svg, at.X, at.Y, 1, ink)
	svg.WriteString("</svg>\n")
	return svg.String()
}

// drawRun draws the cells from x on that look alike, and returns where the next ones start.
func (c *Terminal) drawRun(svg *strings.Builder, x, y int) int {
	first := c.screen.CellAt(x, y)
	text, end := c.run(x, y)
	fore := hex(first.Style.Fg)
	if first.Style.Attrs&uv.AttrReverse != 0 {
		drawRect(svg, x, y, end-x, fore)
		fore = paper
	}
	look := fmt.Sprintf(`fill="%s"`, fore)
	if first.Style.Attrs&uv.AttrBold != 0 {
		look += ` font-weight="bold"`
	}
	if first.Style.Attrs&uv.AttrFaint != 0 {
		look += ` opacity="0.55"`
	}
	middle := (left(x) + left(end)) / 2
	switch {
	case strings.TrimSpace(text) == "":
		return end
	case text == border: // those of a font do not meet
		fmt.Fprintf(svg, `<rect x="%d" y="%d" width="1" height="%d" %s/>`+"\n", middle, top(y), cellHeight, look)
		return end
	case first.Width > 1:
		fmt.Fprintf(svg, `<text x="%d" y="%d" text-anchor="middle" %s>`, middle, top(y)+baseline, look)
	default:
		fmt.Fprintf(svg, `<text x="%d" y="%d" textLength="%d" xml:space="preserve" %s>`, left(x), top(y)+baseline, left(end)-left(x), look)
	}
	xml.EscapeText(svg, []byte(text))
	svg.WriteString("</text>\n")
	return end
}

// run is the text of the cells from x on that are drawn as one, and where the next ones start. A
// wide cell is alone, as fonts differ in how wide it is.
func (c *Terminal) run(x, y int) (text string, end int) {
	first := c.screen.CellAt(x, y)
	text, end = first.Content, x+max(1, first.Width)
	for first.Width == 1 && text != border && end < c.screen.Width() {
		cell := c.screen.CellAt(end, y)
		if !cell.Style.Equal(&first.Style) || cell.Width != 1 || cell.Content == border {
			break
		}
		text += cell.Content
		end++
	}
	return text, end
}

// drawRect fills cells of a line.
func drawRect(svg *strings.Builder, x, y, cells int, fill string) {
	fmt.Fprintf(svg, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s" shape-rendering="crispEdges"/>`+"\n",
		left(x), top(y), cells*cellWidth, cellHeight, fill)
}

func left(x int) int { return margin + x*cellWidth }
func top(y int) int  { return frame + margin + y*cellHeight }

// hex is a colour as SVG has it; nil is that of plain text.
func hex(c color.Color) string {
	if c == nil {
		return ink
	}
	if basic, ok := c.(ansi.BasicColor); ok && int(basic) < len(inks) {
		return inks[basic]
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
