package terminaltest

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

func TestBinaryHasTheTerminal(t *testing.T) {
	c := Open(t, 40, 5)
	c.Start(os.Environ(), "sh", "-c", `sleep 60 & trap 'kill $!; stty size; exit 7' WINCH
		stty size; read line; echo "it read $line"; wait`)
	c.Sees("5 40")

	c.Types("你好\r")
	c.Sees("it read 你好")
	c.Resize(30, 4)

	c.Sees("4 30")
	c.Exits(7)
}

func TestStopEndsABinaryInOrder(t *testing.T) {
	c := Open(t, 40, 5)
	c.Start(os.Environ(), "sh", "-c", `trap 'echo bye; exit 3' TERM; echo ready; while read line; do :; done`)
	c.Sees("ready")

	c.Stop()

	c.Sees("bye")
	c.Exits(3)
}

func TestPictureHasTextAndLooks(t *testing.T) {
	c := Open(t, 20, 3)
	c.Start(os.Environ(), "printf", `plain \033[31mred\033[0m\r\n\033[7m<&>\033[0m 你好 done`)
	c.Sees("done")

	svg := c.Draw()

	if text := textOf(t, svg); text != "plain red<&>你好 done       " {
		t.Errorf("the picture has the text %q", text)
	}
	for what, part := range map[string]string{
		"red":                        `fill="` + inks[1] + `">red<`,
		"reversed":                   `fill="` + paper + `">&lt;&amp;&gt;<`,
		"in the middle of two cells": fmt.Sprintf(`x="%d" y="%d" text-anchor="middle" fill="%s">好<`, left(7), top(1)+baseline, ink),
	} {
		if !strings.Contains(svg, part) {
			t.Errorf("nothing in the picture is %s:\n%s", what, svg)
		}
	}
}

// textOf is the text in a picture.
func textOf(t *testing.T, svg string) string {
	t.Helper()
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return strings.ReplaceAll(text.String(), "\n", "")
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
		if chars, ok := token.(xml.CharData); ok {
			text.Write(chars)
		}
	}
}
