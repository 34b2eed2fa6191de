package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// atOnce is how many registrations and logins are under way: enough to keep a node busy, and fewer
// than it lets wait.
const atOnce = 32

// account is a user that the bench made. Its file has one as JSON a line.
type account struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Token    string `json:"token,omitempty"` // logs in without a hash of the password

	slowed int64 // logins that the server asked to send again
}

// book is the accounts that the bench has. Its file keeps them for the next run.
type book struct {
	path     string // "": it is not kept
	accounts []*account
}

// enroll returns count accounts of the book. It registers those that are missing at addrs, under
// names that start with prefix.
func (b *book) enroll(ctx context.Context, count int, addrs []string, prefix string) ([]*account, error) {
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	made := make([]*account, max(0, count-len(b.accounts)))
	for i := range made {
		a := &account{Name: fmt.Sprintf("%s-%d", prefix, len(b.accounts)+i), Password: rand.Text()}
		made[i] = a
		group.Go(func() error { return a.register(working, addrs) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	b.accounts = append(b.accounts, made...)
	return b.accounts[:count], b.save()
}

// register makes the account, as often as the server asks to try again.
func (a *account) register(ctx context.Context, addrs []string) error {
	for {
		id, err := client.Register(ctx, addrs, a.Name, a.Password)
		if err == nil {
			a.ID = id
			return nil
		}
		if err := wait(ctx, err); err != nil {
			return fmt.Errorf("register %s: %w", a.Name, err)
		}
	}
}

// wait waits as long as the server asks for, and returns err where it does not ask.
func wait(ctx context.Context, err error) error {
	var fault *wire.Fault
	if !errors.As(err, &fault) || fault.Retry == 0 {
		return err
	}
	select {
	case <-time.After(fault.Retry):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// openBook reads the book at path, which is empty where there is none yet.
func openBook(path string) (*book, error) {
	b := &book{path: path}
	if path == "" {
		return b, nil
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(content) {
		a := new(account)
		if err := json.Unmarshal(line, a); err != nil {
			return nil, fmt.Errorf("%s:%d is no account: %w", path, len(b.accounts)+1, err)
		}
		b.accounts = append(b.accounts, a)
	}
	return b, nil
}

// save writes the file, whole or not at all. Nobody but its owner may read it.
func (b *book) save() error {
	if b.path == "" {
		return nil
	}
	file, err := os.CreateTemp(filepath.Dir(b.path), ".accounts-*") // its mode is 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	out := bufio.NewWriter(file)
	lines := json.NewEncoder(out)
	for _, a := range b.accounts {
		if err := lines.Encode(a); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	if err := errors.Join(out.Flush(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), b.path)
}
