package sqlstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"chatserver/persistence"
)

func TestAStoreOfTheFirstSchemaIsBroughtUp(t *testing.T) {
	path := newPath(t)
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	d := dialects["sqlite"]
	p, err := d.open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := migrator(p.writer, d)
	if err == nil {
		_, err = m.UpTo(t.Context(), 1)
	}
	if err == nil {
		_, err = p.writer.Exec("INSERT INTO user (id, name, namekey, password) VALUES (7, x'616e6e', x'616e6e', x'00')")
	}
	if err := errors.Join(err, p.close()); err != nil {
		t.Fatal(err)
	}

	s := openTest(t, path, Options{})

	if c, err := s.CredentialsOf(t.Context(), []byte("ann")); err != nil || c.ID != 7 {
		t.Errorf("%+v, %v", c, err)
	}
	if name, err := s.Epoch(t.Context()); err != nil || name == "" {
		t.Errorf("epoch %q, %v", name, err)
	}
}

func TestANodeOfTheFirstSchemaRunsOnThisOne(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann := register(t, s, "ann")
	run(t, s, "INSERT INTO allgroup (id, groupname, namekey, groupdesc) VALUES (7, 'tea', 'tea', '')")
	run(t, s, fmt.Sprint("INSERT INTO conversation (conv, head, ver) VALUES (", int64(persistence.GroupConv(7)), ", 0, 1)"))

	m, err := s.Join(t.Context(), 7, ann)

	if err != nil || m.Closed {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestAStoreKeepsItsEpochUntilItWasRestored(t *testing.T) {
	path := newPath(t)
	var names []string
	for _, before := range []func() error{
		func() error { return nil },
		func() error { return nil },
		func() error { return Restored(t.Context(), "sqlite:"+path, Options{}) },
	} {
		if err := before(); err != nil {
			t.Fatal(err)
		}
		s := openTest(t, path, Options{})
		name, err := s.Epoch(t.Context())
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if names[0] == "" || names[1] != names[0] || names[2] == names[0] || names[2] == "" {
		t.Errorf("epochs %q", names)
	}
}
