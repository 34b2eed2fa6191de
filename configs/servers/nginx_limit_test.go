package servers

import (
	"os"
	"regexp"
	"testing"
)

var limits = regexp.MustCompile(`(?m)^ *limit_conn addresses \d+;`)

func TestNginxTakesTheBoundOfConnectionsThatTheFileOffers(t *testing.T) {
	if err := Install(t.Context(), os.Stderr, "nginx", "libnginx-mod-stream"); err != nil {
		t.Fatal(err)
	}
	n := &Nginx{Server: &Server{dir: t.TempDir()}, nodes: []string{"127.0.0.1:6001"}, switches: []string{"#limit "}}
	if err := n.open(options{port: 8000}); err != nil {
		t.Fatal(err)
	}
	if err := n.configure(); err != nil {
		t.Fatal(err)
	}

	if out, err := n.nginx("-T").CombinedOutput(); err != nil || !limits.Match(out) {
		t.Errorf("%v: %s", err, out)
	}
}
