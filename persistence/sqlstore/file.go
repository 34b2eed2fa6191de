//go:build unix

package sqlstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// errLocked: another process, or another Store of this one, holds the lock.
var errLocked = errors.New("locked")

// lockFile takes the exclusive lock on the file at path, which it creates, and returns what gives
// it back. The kernel gives it back too when the process ends in whatever way. The file stays:
// to remove it would let two nodes lock two files of one name.
func lockFile(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// createFile makes the file at path, with the folders above it, so that a power cut cannot take
// back that they exist. What is there already is left as it is.
func createFile(path string) error {
	dir := filepath.Dir(path)
	changed := []string{dir}
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); !errors.Is(err, os.ErrNotExist) {
			break
		}
		changed = append(changed, filepath.Dir(d))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, d := range changed {
		if err := flushFolder(d); err != nil {
			return err
		}
	}
	return nil
}

func flushFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// lookFile reports whether a file is at path. It fails where this process may not write it, or may
// not create it, and changes nothing.
func lookFile(path string) (there bool, err error) {
	info, err := os.Stat(path)
	switch {
	case absent(err):
		return false, creatable(path)
	case err != nil:
		return false, err
	case info.IsDir():
		return true, fmt.Errorf("%s is a folder, not a file", path)
	}
	return true, errors.Join(writable(path, readWrite), writable(filepath.Dir(path), readWrite|search))
}

// creatable says why createFile would fail at path, where nothing is, nil for no reason known.
func creatable(path string) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case absent(err):
		return creatable(dir)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is a file, not a folder", dir)
	}
	return writable(dir, readWrite|search)
}

// absent says that a path leads to nothing, or through a file.
func absent(err error) bool { return errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) }

// Rights as access(2) counts them.
const (
	search    = 1
	readWrite = 4 | 2
)

// writable fails where this process does not have these rights to the file or folder at path.
func writable(path string, rights uint32) error {
	if err := syscall.Access(path, rights); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return nil
}
