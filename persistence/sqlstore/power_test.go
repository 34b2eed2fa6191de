package sqlstore

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"chatserver/persistence"
)

const wal = "chat.db-wal"

func TestEachAppendIsFlushedBeforeItReturns(t *testing.T) {
	d, opts := newDisk(t)
	s := openTest(t, newPath(t), opts)
	ann := register(t, s, "ann")
	for i := range 20 {
		_, before := d.unflushed(wal)

		mustAppend(t, s, note(ann, i))

		writes, after := d.unflushed(wal)
		if after <= before || writes > 0 {
			t.Fatalf("append %d: %d flushes, %d writes not flushed", i, after-before, writes)
		}
	}
}

func TestEachOtherChangeIsFlushedBeforeItReturns(t *testing.T) {
	d, opts := newDisk(t)
	s := openTest(t, newPath(t), opts)
	ann, bob := register(t, s, "ann"), register(t, s, "bob")
	var group persistence.GroupID
	var token persistence.TokenID
	later := time.Now().Add(time.Hour)
	for i, change := range []func() error{
		func() error { _, err := s.Register(t.Context(), "cleo", []byte("cleo"), "hash"); return err },
		func() error { _, err := s.Befriend(t.Context(), ann, bob); return err },
		func() error { return s.Block(t.Context(), ann, bob) },
		func() error { return s.Unblock(t.Context(), ann, bob) },
		func() (err error) { group, err = s.Found(t.Context(), ann, "tea", []byte("tea"), ""); return err },
		func() error { _, err := s.Join(t.Context(), group, bob); return err },
		func() error { return s.SetRole(t.Context(), group, ann, bob, persistence.Admin) },
		func() error { return s.SetGroup(t.Context(), group, bob, persistence.GroupChange{Closed: new(true)}) },
		func() error { return s.Invite(t.Context(), group, bob, 3) },
		func() error { _, err := s.Ban(t.Context(), group, bob, 3); return err },
		func() error { return s.Unban(t.Context(), group, bob, 3) },
		func() error { return s.Kick(t.Context(), group, ann, bob) },
		func() error { _, err := s.Leave(t.Context(), group, ann); return err },
		func() (err error) { group, err = s.Found(t.Context(), ann, "tea", []byte("tea"), ""); return err },
		func() error { _, err := s.Disband(t.Context(), group, ann); return err },
		func() error { return s.Unfriend(t.Context(), ann, bob) },
		func() (err error) { token, err = s.Issue(t.Context(), ann, "phone", []byte("1"), later); return err },
		func() error {
			_, err := s.Redeem(t.Context(), []byte("1"), []byte("2"), []byte("seed"), time.Now(), later)
			return err
		},
		func() error { return s.Revoke(t.Context(), ann, token) },
		func() error { return s.SetPassword(t.Context(), ann, "new hash", 0) },
		func() error { _, err := s.CloseAccount(t.Context(), ann); return err },
	} {
		_, before := d.unflushed(wal)
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if writes, after := d.unflushed(wal); after <= before || writes > 0 {
			t.Errorf("change %d: %d flushes, %d writes not flushed", i, after-before, writes)
		}
	}
}

// image is a disk at a power cut and how many batches had been acknowledged by then.
type image struct {
	files map[string][]byte
	acked int
}

func TestAPowerCutTakesNothingBackAndLeavesNothingHalfWritten(t *testing.T) {
	const batches, size, cuts = 60, 4, 40
	d, opts := newDisk(t)
	s := openTest(t, newPath(t), opts)
	ann, bob := register(t, s, "ann"), register(t, s, "bob")
	rng := rand.New(rand.NewPCG(1, 2))
	var images []image
	acked, writes := 0, 0
	d.onWrite = func() {
		if writes++; writes%7 == 0 && len(images) < cuts {
			images = append(images, image{d.cut(rng), acked})
		}
	}

	for b := range batches {
		var drafts []persistence.Draft
		for i := range size {
			drafts = append(drafts, persistence.Draft{
				Conv: persistence.Direct(ann, bob), Sender: ann, CID: fmt.Sprintf("%04d", b*size+i), Body: fmt.Sprint(b*size + i),
			})
		}
		mustAppend(t, s, drafts...)
		acked++
		if b == batches/2 {
			if _, err := s.writer.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.onWrite = func() {}

	if len(images) < cuts {
		t.Fatalf("%d cuts in %d writes", len(images), writes)
	}
	for _, img := range append(images, image{d.cut(rng), acked}) {
		after := openTest(t, restore(t, img.files), Options{})
		msgs := stored(t, after, ann, bob)
		if len(msgs)%size != 0 || len(msgs) < img.acked*size {
			t.Fatalf("%d messages after %d batches of %d", len(msgs), img.acked, size)
		}
		for i, m := range msgs {
			if m.Seq != uint64(i+1) || m.Body != fmt.Sprint(i) {
				t.Fatalf("message %d is %+v", i+1, m)
			}
		}
		convs, err := after.Convs(t.Context(), bob, 0, 10)
		if err != nil || len(msgs) > 0 && (len(convs) != 1 || convs[0].Head != uint64(len(msgs))) {
			t.Fatalf("%d messages, but conversations are %+v, %v", len(msgs), convs, err)
		}
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFullDiskRefusesAndTheStoreRecovers(t *testing.T) {
	d, opts := newDisk(t)
	s := openTest(t, newPath(t), opts)
	ann := register(t, s, "ann")
	mustAppend(t, s, note(ann, 0))
	room := 4096 + 24 // one frame of a transaction that has several
	d.full = func(n int) bool { room -= n; return room < 0 }

	_, err := s.Append(t.Context(), []persistence.Draft{note(ann, 1)})
	pinged := s.Ping(t.Context())
	d.full = func(int) bool { return false }

	if !errors.Is(err, sqlite3.FULL) || !errors.Is(pinged, sqlite3.FULL) {
		t.Fatalf("append: %v, ping: %v", err, pinged)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := mustAppend(t, s, note(ann, 1), note(ann, 2))
	if out[0].Seq != 2 || out[1].Seq != 3 || out[0].Dup {
		t.Fatalf("%+v", out)
	}
}

func TestAFlushThatFailsIsNeverTakenForOneThatDidNot(t *testing.T) {
	d, opts := newDisk(t)
	path := newPath(t)
	s := openTest(t, path, opts)
	ann := register(t, s, "ann")
	fails := 0
	d.broken = func() bool { fails++; return true }

	_, err := s.Append(t.Context(), []persistence.Draft{note(ann, 0)})
	d.broken = func() bool { return false }

	if !errors.Is(err, sqlite3.IOERR_FSYNC) || fails != tries {
		t.Fatalf("%v after %d flushes", err, fails)
	}
	out := mustAppend(t, s, note(ann, 0), note(ann, 1))
	if out[0].Seq != 1 || out[1].Seq != 2 {
		t.Fatalf("%+v", out)
	}
	msgs := stored(t, openTest(t, restore(t, d.cut(rand.New(rand.NewPCG(1, 2)))), Options{}), ann, ann)
	if len(msgs) != 2 {
		t.Fatalf("%+v", msgs)
	}
}

func TestACommitThatFailsAfterItTookEffectIsFoundByItsCIDs(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann := register(t, s, "ann")
	failed := false
	conn, err := s.writer.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = conn.Raw(func(c any) error {
		// What this hook returns is what COMMIT returns, once the commit is done.
		c.(driver.Conn).Raw().WALHook(func(*sqlite3.Conn, string, int) error {
			failed = true
			return sqlite3.IOERR
		})
		return nil
	})
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}

	out := mustAppend(t, s, note(ann, 0), note(ann, 1))

	if !failed || out[0].Seq != 1 || out[1].Seq != 2 {
		t.Fatalf("commit failed: %v, %+v", failed, out)
	}
	if msgs := stored(t, s, ann, ann); len(msgs) != 2 {
		t.Fatalf("%+v", msgs)
	}
}

// stored are the messages of two users.
func stored(t *testing.T, s *Store, a, b persistence.UserID) []persistence.Message {
	t.Helper()
	part, err := s.Read(t.Context(), a, persistence.Direct(a, b), persistence.Span{Limit: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	return part.Messages
}

func register(t testing.TB, s *Store, name string) persistence.UserID {
	t.Helper()
	id, err := s.Register(t.Context(), name, []byte(name), "hash")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// note is a user's i-th note to itself.
func note(user persistence.UserID, i int) persistence.Draft {
	return persistence.Draft{Conv: persistence.Direct(user, user), Sender: user, CID: fmt.Sprintf("%04d", i), Body: fmt.Sprint(i)}
}

func mustAppend(t *testing.T, s *Store, drafts ...persistence.Draft) []persistence.Outcome {
	t.Helper()
	out, err := s.Append(t.Context(), drafts)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range out {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	return out
}
