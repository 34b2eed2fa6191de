package servers

import (
	"os"
	"strings"
)

// told is how many lines of a log an error has.
const told = 20

// tail returns the last lines of the file.
func tail(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(len(lines)-told, 0):], "\n")
}
