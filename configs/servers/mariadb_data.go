package servers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// emptyData copies the data folder of a server without databases to dir. Making one takes seconds, so one
// of each version is kept in the user's cache.
func emptyData(ctx context.Context, dir string) error {
	version, err := exec.CommandContext(ctx, program("mariadbd"), "--no-defaults", "--version").Output()
	if err != nil {
		return fmt.Errorf("ask mariadbd for its version: %w", err)
	}
	cache, err := cacheDir("mariadb")
	if err != nil {
		return err
	}
	install := installation()
	made := sha256.Sum256([]byte(string(version) + strings.Join(install, " ")))
	model := filepath.Join(cache, hex.EncodeToString(made[:8]))
	err = alone(ctx, "prepare a data folder", func() error {
		if _, err := os.Stat(model); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return whole(model, func(dir string) error { return installData(ctx, install, dir) })
	})
	if err != nil {
		return err
	}
	return whole(dir, func(dir string) error { return os.CopyFS(dir, os.DirFS(model)) })
}

// installation is the command that makes a data folder, without the folder. Root gets no password, and is
// known by address since the configuration looks up no names.
func installation() []string {
	return append([]string{
		"--no-defaults", "--skip-name-resolve", "--auth-root-authentication-method=normal", "--skip-test-db",
		"--innodb-log-file-size=8M", "--innodb-data-file-path=ibdata1:2M:autoextend",
	}, asUser()...)
}

func installData(ctx context.Context, install []string, dir string) error {
	cmd := exec.CommandContext(ctx, program("mariadb-install-db"), append(install, "--datadir="+dir)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", cmd, err, out)
	}
	return nil
}

// whole makes dir all at once: if make fails or this process ends meanwhile, there is no dir.
func whole(dir string, fill func(dir string) error) error {
	part, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".part-")
	if err != nil {
		return err
	}
	if err := fill(part); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	return os.Rename(part, dir)
}
