package client

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"chatserver/net/wire"
)

func openState(t *testing.T, path string) State {
	t.Helper()
	s, err := OpenState(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// states opens each kind of State; again opens what it has kept.
var states = map[string]func(t *testing.T) (again func() State){
	"memory": func(t *testing.T) func() State {
		s := Memory()
		return func() State { return s }
	},
	"file": func(t *testing.T) func() State {
		path := filepath.Join(t.TempDir(), "ann.db")
		return func() State { return openState(t, path) }
	},
}

func TestStateKeepsWhatIsSaved(t *testing.T) {
	who := Identity{ID: 1, Name: "ann", Device: "laptop", Token: "tok"}
	first := Queued{1, Outgoing{bob, "c1", "hi", at(1)}}
	second := Queued{256, Outgoing{team, "c2", "\u4f60\u597d", at(2)}}
	for name, c := range map[string]struct {
		changes []Change
		want    Kept
	}{
		"nothing":   {nil, Kept{}},
		"who it is": {[]Change{{Identity: &who}}, Kept{Identity: who}},
		"positions": {[]Change{{Epoch: "e", Positions: map[wire.Conv]uint64{bob: 1, team: 7}}, {Positions: map[wire.Conv]uint64{bob: 300}}},
			Kept{Epoch: "e", Positions: map[wire.Conv]uint64{bob: 300, team: 7}}},
		"a new epoch": {[]Change{{Identity: &who, Epoch: "e", Positions: map[wire.Conv]uint64{bob: 1}}, {Epoch: "e2", Positions: map[wire.Conv]uint64{team: 2}}},
			Kept{Identity: who, Epoch: "e2", Positions: map[wire.Conv]uint64{team: 2}}},
		"an outbox in order": {[]Change{{Queue: []Queued{second}}, {Queue: []Queued{first}}},
			Kept{Outbox: []Queued{first, second}}},
		"what has left it": {[]Change{{Queue: []Queued{first, second}}, {Unqueue: []uint64{1, 99}}},
			Kept{Outbox: []Queued{second}}},
	} {
		for kind, open := range states {
			t.Run(name+" in "+kind, func(t *testing.T) {
				again := open(t)
				s := again()
				for _, change := range c.changes {
					if err := s.Save(change); err != nil {
						t.Fatal(err)
					}
				}
				s.Close()

				kept, err := again().Load()

				if len(kept.Positions) == 0 {
					kept.Positions = nil
				}
				if !reflect.DeepEqual(kept, c.want) || err != nil {
					t.Errorf("kept %+v, %v\nwant %+v", kept, err, c.want)
				}
			})
		}
	}
}

func TestStateFileIsOnesOwnAndForOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chatserver", "ann.db")
	s := openState(t, path)

	_, err := OpenState(path)
	folder, _ := os.Stat(filepath.Dir(path))
	file, _ := os.Stat(path)
	s.Close()
	again, later := OpenState(path)

	if !errors.Is(err, ErrInUse) || later != nil {
		t.Errorf("while it is open: %v; after: %v", err, later)
	}
	again.Close()
	if folder.Mode().Perm() != 0o700 || file.Mode().Perm() != 0o600 {
		t.Errorf("the folder has mode %v, the file %v", folder.Mode(), file.Mode())
	}
}

func TestWhatIsNoStateIsNotOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("buy milk"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := OpenState(path)

	if text, _ := os.ReadFile(path); err == nil || string(text) != "buy milk" {
		t.Errorf("%v, and the file is %q", err, text)
	}
}
