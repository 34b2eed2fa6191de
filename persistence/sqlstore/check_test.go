package sqlstore

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckFindsTheSchemaOfAStoreThatIsInUse(t *testing.T) {
	path := newPath(t)
	s := openTest(t, path, Options{})
	register(t, s, "ann")

	found, err := Check(t.Context(), "sqlite:"+path, Options{})

	if want := (Finding{Where: path, Have: 3, Want: 3}); err != nil || found != want {
		t.Fatalf("%+v, %v", found, err)
	}
	register(t, s, "bob")
}

func TestCheckChangesNothing(t *testing.T) {
	closed, killed := newPath(t), newPath(t)
	s := openTest(t, closed, Options{})
	register(t, s, "ann")
	left := contents(t, filepath.Dir(closed)) // as a node that is killed leaves it
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Dir(killed), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"chat.db", "chat.db-wal"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(killed), name), []byte(left[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range map[string]string{"closed": closed, "killed": killed} {
		before := contents(t, filepath.Dir(path))

		found, err := Check(t.Context(), "sqlite:"+path, Options{})

		after := contents(t, filepath.Dir(path))
		delete(after, "chat.db-shm") // SQLite's index of the log, which it makes anew
		if err != nil || found.Have != 3 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if !maps.Equal(before, after) {
			t.Errorf("%s: the files changed", name)
		}
	}
}

// contents are the files of a folder by their names.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		content, readErr := os.ReadFile(filepath.Join(dir, entry.Name()))
		err = errors.Join(err, readErr)
		files[entry.Name()] = string(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCheckOfAMissingStoreMakesNothing(t *testing.T) {
	path := newPath(t)

	found, err := Check(t.Context(), "sqlite:"+path, Options{})

	if want := (Finding{Where: path, Missing: true}); err != nil || found != want {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}
}

func TestCheckForetellsWhetherAStoreCanBeOpened(t *testing.T) {
	closed := newPath(t)
	if err := Migrate(t.Context(), "sqlite:"+closed, Options{}); err != nil {
		t.Fatal(err)
	}
	// Whoever is root may write everywhere, so what is expected is what Open finds afterwards.
	for name, path := range map[string]string{
		"in a new folder":                 newPath(t),
		"in a folder to read only":        filepath.Join(protected(t, t.TempDir()), "chat.db"),
		"below a folder to read only":     filepath.Join(protected(t, t.TempDir()), "data", "chat.db"),
		"there, in a folder to read only": filepath.Join(protected(t, filepath.Dir(closed)), "chat.db"),
		"where its folder is a file":      filepath.Join(written(t, "a file"), "data", "chat.db"),
		"where a folder is":               t.TempDir(),
		"an empty file":                   written(t, ""),
		"a text":                          written(t, strings.Repeat("no database ", 100)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Check(t.Context(), "sqlite:"+path, Options{})

			s, openErr := Open(t.Context(), "sqlite:"+path, Options{})
			if openErr == nil {
				s.Close()
			}
			if (err == nil) != (openErr == nil) {
				t.Errorf("foretold %v, found %v", err, openErr)
			}
		})
	}
}

// protected takes the right to write away from a folder until the test ends.
func protected(t *testing.T, dir string) string {
	t.Helper()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	return dir
}

// written is the path of a file with this content.
func written(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chat.db")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckSaysInASentenceWhatIsWrong(t *testing.T) {
	text, file := written(t, strings.Repeat("no database ", 100)), written(t, "")
	for url, want := range map[string]string{
		"chat.db":                          "write sqlite:PATH",
		"sqlite:":                          "write sqlite:PATH",
		"sqlite:" + text:                   text + ": read the schema's version: sqlite3: file is not a database",
		"sqlite:" + t.TempDir():            "is a folder, not a file",
		"sqlite:" + file + "/data/chat.db": file + " is a file, not a folder",
	} {
		_, err := Check(t.Context(), url, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestCheckSaysWhatTheNodeWillDoAboutTheSchema(t *testing.T) {
	older, same, newer := written(t, ""), newPath(t), newPath(t)
	lift(t, same, 0)
	lift(t, newer, 1)
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "chat.db"): " is not there yet and will be created",
		older:                                 " has schema 0, which the node will migrate to 3",
		same:                                  " has schema 3, which is this node's",
		newer:                                 " has schema 4, one newer than this node's, which it serves",
	} {
		found, err := Check(t.Context(), "sqlite:"+path, Options{})
		if err != nil || found.String() != path+want {
			t.Errorf("%v, %v; want %q", found, err, want)
		}
	}
}

func TestCheckRefusesASchemaThatOpenRefuses(t *testing.T) {
	path := newPath(t)
	lift(t, path, 2)

	_, err := Check(t.Context(), "sqlite:"+path, Options{})

	_, openErr := Open(t.Context(), "sqlite:"+path, Options{})
	if err == nil || openErr == nil || !strings.HasSuffix(err.Error(), errors.Unwrap(openErr).Error()) {
		t.Errorf("check: %v\nopen: %v", err, openErr)
	}
}

// lift makes a store whose schema is so many versions newer than this build's.
func lift(t *testing.T, path string, newer int) {
	t.Helper()
	s := openTest(t, path, Options{})
	for range newer {
		_, err := s.writer.Exec("INSERT INTO goose_db_version (version_id, is_applied) SELECT MAX(version_id) + 1, 1 FROM goose_db_version")
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
