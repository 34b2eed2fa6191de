package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatserver/configs/servers/servertest"
	"chatserver/persistence"
)

func TestAURLOfMySQLSaysWhatIsWrongWithItAndNoPassword(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("top\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"mysql://ann:top@db/chat":                          "",
		"mysql://ann:t%40p@[::1]:3307/chat?tls=true":       "",
		"mysql://ann@/chat?socket=/run/mysqld/mysqld.sock": "",
		"mysql:":                                               "names no user or no database",
		"mysql://ann:top@db":                                   "names no user or no database",
		"mysql://db/chat":                                      "names no user or no database",
		"mysql://ann:top@/chat":                                "names no host",
		"mysql://ann:top%zz@db/chat":                           "cannot be read",
		"mysql://ann:top@db/chat/more":                         "no database",
		"mysql://ann:top@db/chat?tsl=true":                     `no option "tsl"`,
		"mysql://ann:top@db/chat?tls=yes":                      "write true, skip-verify",
		"mysql://ann:top@db/chat?socket=/run/mysqld/mysqld.so": "a host and a socket",
		"mysql:ann:top@db/chat":                                "cannot be read",
		"mysqls://ann:top@db/chat":                             "write sqlite:PATH or mysql://",
	} {
		err := Valid(url, Options{})
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "top")) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
		if shown := Redacted(url); strings.Contains(shown, "top") {
			t.Errorf("%s is shown as %s", url, shown)
		}
	}
	for _, c := range []struct {
		url  string
		opts Options
		want string
	}{
		{"mysql://ann@db/chat", Options{PasswordFile: secret}, ""},
		{"mysql://ann@db/chat", Options{PasswordFile: secret + "s"}, "read the store's password"},
		{"mysql://ann:top@db/chat", Options{PasswordFile: secret}, "in its URL and in a file"},
		{"mysql://ann@db/chat", Options{CAFile: secret}, "add ?tls=true"},
		{"mysql://ann@db/chat?tls=true", Options{CAFile: secret + "s"}, "read the certificates"},
		{"mysql://ann@db/chat?tls=true", Options{CAFile: secret}, "no certificate in PEM"},
	} {
		if err := Valid(c.url, c.opts); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.url, err, c.want)
		}
	}
}

func TestAServerThatPromisesTooLittleIsRefusedOrWarnedOf(t *testing.T) {
	db := servertest.MariaDB(t)
	url := newDatabase(t, db, "chat")
	for _, c := range []struct {
		flush      string
		weak       bool
		err, warns string
	}{
		{"2", false, "set it to 1 on the server", ""},
		{"2", true, "", "does not flush each commit"},
		{"1", false, "", ""},
	} {
		if _, err := db.Query(t.Context(), "SET GLOBAL innodb_flush_log_at_trx_commit = "+c.flush); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		opts := Options{Weak: c.weak, Log: slog.New(slog.NewTextHandler(&log, nil))}
		_, checkErr := Check(t.Context(), url, opts)
		s, err := Open(t.Context(), url, opts)
		if err == nil {
			err = s.Close()
		}
		for _, err := range []error{err, checkErr} {
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if warned := strings.Contains(log.String(), "level=WARN"); warned != (c.warns != "") || !strings.Contains(log.String(), c.warns) {
			t.Errorf("%+v: %s", c, &log)
		}
	}
}

func TestABinaryLogThatIsNotFlushedIsWarnedOf(t *testing.T) {
	for binary, want := range map[string]bool{"ON": true, "OFF": false} {
		var log bytes.Buffer
		server := mysqlServer{"innodb_flush_log_at_trx_commit": "1", "log_bin": binary, "sync_binlog": "0"}
		err := server.promises(Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil || strings.Contains(log.String(), "sync_binlog to 1") != want {
			t.Errorf("log_bin %s: %v, %s", binary, err, &log)
		}
	}
}

func TestAMissingDatabaseAndAMissingServerAreTold(t *testing.T) {
	db := servertest.MariaDB(t)
	_, missing := Open(t.Context(), db.URL("chat"), Options{})
	_, checked := Check(t.Context(), db.URL("chat"), Options{})
	_, plain := Open(t.Context(), db.URL("mysql")+"?tls=true", Options{})
	if err := db.Pause(); err != nil {
		t.Fatal(err)
	}
	_, silent := Open(t.Context(), db.URL("mysql"), Options{Timeout: time.Second})
	if err := errors.Join(db.Resume(), db.Kill()); err != nil {
		t.Fatal(err)
	}
	_, gone := Open(t.Context(), db.URL("chat"), Options{})
	for want, err := range map[string]error{
		"run CREATE DATABASE `chat`": missing, "there is no database chat": checked, "connection refused": gone,
		"server does not support TLS": plain, "did not answer within 1s": silent,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestConnectionsThatTheServerDroppedAreReplacedUnnoticed(t *testing.T) {
	n := newNodes(t)
	s, ann := n.stores[0], n.users[0]
	for i := range 5 {
		ids, err := n.db.Query(t.Context(), "SELECT GROUP_CONCAT('KILL ', id SEPARATOR '; ') FROM information_schema.processlist WHERE db = 'chat'")
		if err == nil {
			_, err = n.db.Query(t.Context(), ids)
		}
		if err != nil {
			t.Fatal(err)
		}
		mustAppend(t, s, note(ann, i))
		_, readErr := s.Roster(t.Context(), ann, 10)
		_, findErr := s.Find(t.Context(), ann, ann)
		if err := errors.Join(readErr, findErr, s.Ping(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

func TestAServerThatMayOnlyBeReadRefusesAndLosesNothing(t *testing.T) {
	db := servertest.MariaDB(t)
	newDatabase(t, db, "chat")
	for _, statement := range []string{"CREATE USER chat@'127.0.0.1' IDENTIFIED BY 'top:@/'", "GRANT ALL ON chat.* TO chat@'127.0.0.1'"} {
		if _, err := db.Query(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	s := openOn(t, "mysql://chat:top%3A%40%2F@"+db.Addr()+"/chat", Options{})
	ann := register(t, s, "ann")
	mustAppend(t, s, note(ann, 0))
	readOnly := func(value string) {
		if _, err := db.Query(t.Context(), "SET GLOBAL read_only = "+value); err != nil {
			t.Fatal(err)
		}
	}
	readOnly("1")

	_, err := s.Append(t.Context(), []persistence.Draft{note(ann, 1)})

	if err == nil || !strings.Contains(err.Error(), "read-only") || s.Ping(t.Context()) == nil {
		t.Errorf("append: %v", err)
	}
	readOnly("0")
	if out := mustAppend(t, s, note(ann, 0), note(ann, 1)); !out[0].Dup || out[1].Seq != 2 {
		t.Errorf("%+v", out)
	}
}

func TestAServerThatIsSilentIsWaitedForUntilTheTimeIsUp(t *testing.T) {
	db := servertest.MariaDB(t)
	s := openOn(t, newDatabase(t, db, "chat"), Options{Timeout: 2500 * time.Millisecond})
	ann := register(t, s, "ann")
	if err := db.Pause(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()

	_, err := s.Append(ctx, []persistence.Draft{note(ann, 0)})

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if err := db.Resume(); err != nil {
		t.Fatal(err)
	}
	if out := mustAppend(t, s, note(ann, 0)); out[0].Seq != 1 {
		t.Errorf("%+v", out)
	}
}
