package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// look is how long the wait for another process's lock pauses between two looks.
const look = 20 * time.Millisecond

// cacheDir is the folder of that name in the user's cache, made if it is missing.
func cacheDir(name string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder, set HOME or XDG_CACHE_HOME: %w", err)
	}
	dir := filepath.Join(cache, "chatserver", name)
	return dir, os.MkdirAll(dir, 0o700)
}

// alone runs do while no other process of this user runs one of the same name.
func alone(ctx context.Context, name string, do func() error) error {
	dir, err := cacheDir("locks")
	if err != nil {
		return err
	}
	lock := flock.New(filepath.Join(dir, name))
	if _, err := lock.TryLockContext(ctx, look); err != nil {
		return fmt.Errorf("wait for another process to %s: %w", name, err)
	}
	return errors.Join(do(), lock.Unlock())
}
