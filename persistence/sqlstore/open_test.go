package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/ncruces/go-sqlite3"

	"chatserver/persistence"
)

func TestEveryPooledConnectionFlushesAtCommit(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	for name, pool := range map[string]struct {
		db    *sql.DB
		conns int
	}{"writer": {s.writer, 1}, "reader": {s.reader, sqliteReaders}} {
		for range pool.conns { // all are held at once, so each is another connection
			conn, err := pool.db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "fullfsync": "1"} {
				var got string
				if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %s is %q, %v; want %q", name, pragma, got, err, want)
				}
			}
		}
		if n := pool.db.Stats().MaxOpenConnections; n != pool.conns {
			t.Errorf("%s: up to %d connections, looked at %d", name, n, pool.conns)
		}
	}
}

func TestAConnectionThatWouldNotFlushIsRefused(t *testing.T) {
	c, err := sqlite3.Open(":memory:") // has no write-ahead log
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := sqliteDurable(c); err == nil || !strings.Contains(err.Error(), "power cut") {
		t.Fatal(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	if _, err := s.reader.Exec("DELETE FROM user"); !errors.Is(err, sqlite3.READONLY) {
		t.Fatal(err)
	}
}

func TestASecondNodeIsToldWhatToDo(t *testing.T) {
	path := newPath(t)
	first := openTest(t, path, Options{})

	_, err := Open(t.Context(), "sqlite:"+path, Options{})
	if err == nil || !strings.Contains(err.Error(), "another node uses "+path+": stop it") {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openTest(t, path, Options{})
}

func TestASecondNodeFindsTheLockThroughALinkToTheFile(t *testing.T) {
	path := newPath(t)
	openTest(t, path, Options{})
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}

	s, err := Open(t.Context(), "sqlite:"+link, Options{})

	if err == nil {
		s.Close()
		t.Fatal("two nodes use one file")
	}
	if !strings.Contains(err.Error(), "another node uses "+link) {
		t.Error(err)
	}
}

func TestAURLOfNoEngineIsRefused(t *testing.T) {
	for _, url := range []string{"", "chat.db", "sqlite", "sqlite:", "oracle:chat"} {
		if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "sqlite:PATH") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	path := newPath(t)
	register(t, openTest(t, path, Options{}), "ann")
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + ".lock": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
		}
	}
}

func TestAPathMayHaveAnyCharacters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?mode=memory&x=%41#c", "chät.db")
	openTest(t, path, Options{})
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasStoredIsThereAfterOpeningAgain(t *testing.T) {
	path := newPath(t)
	later := time.UnixMilli(2_000_000_000_000)
	s := openTest(t, path, Options{Now: func() time.Time { return later }})
	ann := register(t, s, "ann")
	mustAppend(t, s, note(ann, 0))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = openTest(t, path, Options{Now: func() time.Time { return later.Add(-time.Hour) }})

	out := mustAppend(t, s, note(ann, 0), note(ann, 1))
	if !out[0].Dup || out[0].Seq != 1 || out[1].Seq != 2 || !out[1].At.Equal(later) {
		t.Fatalf("%+v", out)
	}
	if bob := register(t, s, "bob"); bob == ann {
		t.Fatalf("user %d again", bob)
	}
}

func TestMigratingTwiceIsHarmless(t *testing.T) {
	path := newPath(t)
	for range 2 {
		if err := Migrate(t.Context(), "sqlite:"+path, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	register(t, openTest(t, path, Options{}), "ann")
}

func TestASchemaOneNewerIsServedAndANewerOneRefused(t *testing.T) {
	path := newPath(t)
	for step, ok := range []bool{true, true, false} { // this build's schema, one newer, two newer
		s, err := Open(t.Context(), "sqlite:"+path, Options{})
		if (err == nil) != ok {
			t.Fatalf("%d versions newer: %v", step, err)
		}
		if !ok {
			if !strings.Contains(err.Error(), "start a newer node") {
				t.Fatal(err)
			}
			break
		}
		_, err = s.writer.Exec("INSERT INTO goose_db_version (version_id, is_applied) SELECT MAX(version_id) + 1, 1 FROM goose_db_version")
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestATransactionThatLostRunsAgainAFewTimes(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	for _, c := range []struct {
		err  error
		want int
	}{{sqlite3.BUSY, tries}, {sqlite3.FULL, 1}, {persistence.ErrNotFound, 1}, {nil, 1}} {
		runs := 0
		err := s.write(t.Context(), func(*sql.Tx) error { runs++; return c.err })
		if runs != c.want || !errors.Is(err, c.err) {
			t.Errorf("%v: %d runs, %v", c.err, runs, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := s.retry(ctx, s.dialect.again, func() error { cancel(); return sqlite3.BUSY })
	if !errors.Is(failed(ctx, err, "test"), context.Canceled) {
		t.Error(err)
	}
}

func TestALeavingCreatorIsFollowedByTheLongestServingAdmin(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann, bob, cleo, dan := register(t, s, "ann"), register(t, s, "bob"), register(t, s, "cleo"), register(t, s, "dan")
	group, err := s.Found(t.Context(), ann, "tea", []byte("tea"), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []persistence.UserID{bob, dan, cleo} {
		if _, err := s.Join(t.Context(), group, id); err != nil {
			t.Fatal(err)
		}
	}
	_, err = sq.Update("groupuser").Set("grouprole", "admin").Where(sq.Eq{"userid": []any{cleo, dan}}).RunWith(s.writer).Exec()
	if err != nil {
		t.Fatal(err)
	}

	_, err = s.Leave(t.Context(), group, ann)

	rows, err2 := s.Members(t.Context(), group, 4)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[1].ID != dan || rows[1].Role != persistence.Creator {
		t.Fatalf("%+v", rows)
	}
}

func TestABacklogFollowsTheNumbersWhereTimesDoNot(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann, bob, cleo := register(t, s, "ann"), register(t, s, "bob"), register(t, s, "cleo")
	ab, ac := persistence.Direct(ann, bob), persistence.Direct(ann, cleo)
	for i, d := range []persistence.Draft{{Conv: ab, Body: "1"}, {Conv: ab, Body: "3"}, {Conv: ac, Body: "2"}, {Conv: ab, Body: "4"}} {
		d.Sender, d.CID = d.Conv.Peer(ann), string(rune('a'+i))
		mustAppend(t, s, d)
		_, err := sq.Update("message").Set("ts", []int{100, 300, 200, 50}[i]).Where(sq.Eq{"cid": []byte(d.CID)}).RunWith(s.writer).Exec()
		if err != nil {
			t.Fatal(err)
		}
	}

	msgs, err := s.Backlog(t.Context(), ann, 10)

	var bodies string
	for _, m := range msgs {
		bodies += m.Body
	}
	if err != nil || bodies != "1234" {
		t.Fatalf("%s, %v", bodies, err)
	}
}
