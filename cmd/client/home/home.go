package home

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// ErrNoAccount: no account of that name or id is logged in here.
var ErrNoAccount = errors.New("no such account is logged in on this computer")

// Home is what is kept of the accounts of one server.
type Home struct {
	root string // of all servers
	dir  string // of this one
}

// Folder is where everything is kept.
func Folder() (string, error) {
	return xdg("XDG_STATE_HOME", ".local/state")
}

// ConfigFolder is where a person's configuration is.
func ConfigFolder() (string, error) {
	return xdg("XDG_CONFIG_HOME", ".config")
}

// xdg is the folder of this program in the one that a variable names. One that is no absolute path
// does not count, as the XDG base directory specification has it.
func xdg(variable, otherwise string) (string, error) {
	base := os.Getenv(variable)
	if !filepath.IsAbs(base) {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("%w; set %s to a folder", err, variable)
		}
		base = filepath.Join(user, filepath.FromSlash(otherwise))
	}
	return filepath.Join(base, "chatserver"), nil
}

// Of is the home of accounts of the server that is reached at addrs, below the folder root. In which
// order they stand, and how often, does not matter. Nothing is written before an account is kept.
func Of(root string, addrs []string) Home {
	server := url.PathEscape(strings.Join(slices.Compact(slices.Sorted(slices.Values(addrs))), ","))
	return Home{root: root, dir: filepath.Join(root, server)}
}

// Accounts are the accounts that are logged in, in the order of their ids.
func (h Home) Accounts() ([]Account, error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var accounts []Account
	for _, e := range entries {
		if id, err := strconv.ParseInt(e.Name(), 10, 64); err == nil {
			a := h.account(id)
			kept, err := a.read()
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return nil, err
			}
			a.Name = kept.Name
			accounts = append(accounts, a)
		}
	}
	slices.SortFunc(accounts, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	return accounts, nil
}

// Find is the account with an id or a name, "" for the one that was logged in last. ErrNoAccount.
func (h Home) Find(who string) (Account, error) {
	if who == "" {
		last, err := os.ReadFile(filepath.Join(h.dir, "last"))
		if errors.Is(err, fs.ErrNotExist) {
			return Account{}, ErrNoAccount
		} else if err != nil {
			return Account{}, err
		}
		who = string(last)
	}
	accounts, err := h.Accounts()
	if err != nil {
		return Account{}, err
	}
	for _, a := range accounts {
		if strconv.FormatInt(a.ID, 10) == who || strings.EqualFold(a.Name, who) {
			return a, nil
		}
	}
	return Account{}, ErrNoAccount
}

// Device names this installation to servers: what the computer is called, and a part that is random.
func (h Home) Device() (device string, err error) {
	if err := os.MkdirAll(h.root, 0o700); err != nil {
		return "", err
	}
	lock := flock.New(filepath.Join(h.root, "device.lock"), flock.SetPermissions(0o600)) // the first to come makes it
	if err := lock.Lock(); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	path := filepath.Join(h.root, "device")
	kept, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return string(kept), err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "computer"
	}
	random := make([]byte, 4)
	rand.Read(random)
	host = strings.ToValidUTF8(host[:min(len(host), 40)], "")
	device = host + "-" + hex.EncodeToString(random)
	return device, replace(path, []byte(device))
}

// Keep writes down that an account was logged in by password, which makes it the last one. It waits for
// those who log in by the token that was good until then.
func (h Home) Keep(ctx context.Context, id int64, name, token string) (Account, error) {
	a := h.account(id)
	a.Name = name
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return Account{}, err
	}
	lock, err := a.lock(ctx)
	if err != nil {
		return Account{}, err
	}
	err = errors.Join(a.write(login{Name: name, Token: token}), lock.Unlock())
	if err != nil {
		return Account{}, err
	}
	return a, replace(filepath.Join(h.dir, "last"), []byte(strconv.FormatInt(id, 10)))
}

func (h Home) account(id int64) Account {
	return Account{ID: id, dir: filepath.Join(h.dir, strconv.FormatInt(id, 10))}
}

// replace puts text in the place of the file at path, all of it or nothing, and makes its folder.
func replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
