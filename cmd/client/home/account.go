package home

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// look is how often a process that waits for its turn looks whether it has come.
const look = 20 * time.Millisecond

// Account is an account that is logged in on this computer.
type Account struct {
	ID   int64
	Name string
	dir  string
}

// login is what login.json holds.
type login struct {
	Name  string `json:"name"`
	Token string `json:"token"`
}

// Borrow waits until nobody else logs in as the account and returns its token. give ends the turn, once: it
// keeps the token's successor, "" where none came. ErrNoAccount: the account was logged out.
func (a Account) Borrow(ctx context.Context) (token string, give func(successor string) error, err error) {
	lock, err := a.lock(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, ErrNoAccount
	} else if err != nil {
		return "", nil, err
	}
	kept, err := a.read()
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoAccount
	}
	if err != nil {
		return "", nil, errors.Join(err, lock.Unlock())
	}
	return kept.Token, func(successor string) error {
		if successor != "" {
			kept.Token = successor
			err = a.write(kept)
		}
		return errors.Join(err, lock.Unlock())
	}, nil
}

// lock waits for its turn to log in as the account.
func (a Account) lock(ctx context.Context) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(a.dir, "login.lock"), flock.SetPermissions(0o600))
	_, err := lock.TryLockContext(ctx, look)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("another process is logging in as %s and does not finish: %w", a.Name, err)
	}
	return lock, err
}

// Forget drops the token. What readers kept stays, for a later login to go on from.
func (a Account) Forget() error { return os.Remove(a.file()) }

// Remember keeps words for the conversations of the account, for Words.
func (a Account) Remember(words []string) error {
	text := strings.Join(words, "\n")
	if kept, err := os.ReadFile(a.words()); err == nil && string(kept) == text {
		return nil
	}
	return replace(a.words(), []byte(text))
}

// Words are those that were remembered last.
func (a Account) Words() []string {
	text, err := os.ReadFile(a.words())
	if err != nil || len(text) == 0 {
		return nil
	}
	return strings.Split(string(text), "\n")
}

func (a Account) words() string { return filepath.Join(a.dir, "words") }

// Path is where the reader of a name keeps its positions and its outbox.
func (a Account) Path(reader string) string { return filepath.Join(a.dir, reader+".db") }

func (a Account) file() string { return filepath.Join(a.dir, "login.json") }

func (a Account) read() (login, error) {
	var kept login
	text, err := os.ReadFile(a.file())
	if err != nil {
		return kept, err
	}
	if err := json.Unmarshal(text, &kept); err != nil {
		return kept, fmt.Errorf("%s is damaged (%w): remove it and log in again", a.file(), err)
	}
	return kept, nil
}

func (a Account) write(kept login) error {
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return replace(a.file(), text)
}
