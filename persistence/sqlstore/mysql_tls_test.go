package sqlstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatserver/configs/servers"
	"chatserver/configs/servers/servertest"
)

func TestAServerIsSpokenToInTLSWhereTheURLAsksForIt(t *testing.T) {
	db := servertest.MariaDB(t)
	url := newDatabase(t, db, "chat")
	openOn(t, url+"?tls=preferred", Options{}) // a server without TLS
	authority := certify(t, db)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("it's secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := db.Query(t.Context(), "CREATE USER ann@'127.0.0.1' IDENTIFIED BY 'it\\'s secret' REQUIRE SSL; GRANT ALL ON chat.* TO ann@'127.0.0.1'")
	if err != nil {
		t.Fatal(err)
	}
	url = strings.Replace(url, "root@", "ann@", 1)
	for _, c := range []struct{ query, ca, want string }{
		{"", "", "Access denied"},
		{"?tls=true", "", "unknown authority"},
		{"?tls=true", authority.File(), ""},
		{"?tls=skip-verify", "", ""},
		{"?tls=preferred", "", ""},
	} {
		_, err := Check(t.Context(), url+c.query, Options{PasswordFile: secret, CAFile: c.ca})
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s, certificates %q: %v, want %q", c.query, c.ca, err, c.want)
		}
	}
}

// certify gives a server a certificate and starts it anew.
func certify(t *testing.T, db *servers.MariaDB) *servers.Authority {
	t.Helper()
	authority, err := servers.NewAuthority(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.OpenFile(filepath.Join(db.Dir(), "mysql.cnf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(config, "\n[mysqld]\nssl_cert=%s\nssl_key=%s\n", authority.Certificate(), authority.Key())
	if err := errors.Join(err, config.Close(), db.Kill(), db.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	return authority
}
