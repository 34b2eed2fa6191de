package main

import "testing"

func TestImportsOnlyPointDown(t *testing.T) {
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{"cmd/node", "chatserver/net/gateway", true},
		{"net/gateway", "chatserver/actors", true},
		{"actors", "chatserver/net/wire", true},
		{"net/client/classictest", "chatserver/net/client", true},
		{"actors", "chatserver/actors/sim", true},
		{"actors", "github.com/asynkron/protoactor-go/actor", true},
		{"net/wire", "encoding/json", true},
		{"configs/servers/servertest", "chatserver/configs/servers", true},
		{"configs/servers", "chatserver/configs", true},
		{"actors", "chatserver/net/gateway", false},
		{"actors/sim", "chatserver/actors", false},
		{"net/cluster/redisbus", "chatserver/actors", false},
		{"net/client", "chatserver/persistence/sqlstore", false},
		{"net/wire", "chatserver/persistence", false},
		{"net/wire", "golang.org/x/text/unicode/norm", false},
		{"persistence", "chatserver/persistence/account", false},
		{"configs", "chatserver/configs/servers", false},
		{"util", "fmt", false},
		{"net", "fmt", false},
	} {
		faults := listed{ImportPath: module + "/" + c.from, Imports: []string{c.to}}.faults()
		if (len(faults) == 0) != c.allowed {
			t.Errorf("%s imports %s: %q", c.from, c.to, faults)
		}
	}
}
