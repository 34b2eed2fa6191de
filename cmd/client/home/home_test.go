package home

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// here is an empty home.
func here(t *testing.T) Home {
	return Of(filepath.Join(t.TempDir(), "state"), []string{"b:1", "a:1"})
}

func keep(t *testing.T, h Home, id int64, name, token string) Account {
	t.Helper()
	a, err := h.Keep(t.Context(), id, name, token)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAccountsAreFoundByIDAndNameAndTheLastOneByNothing(t *testing.T) {
	h := here(t)
	keep(t, h, 2, "bob", "tb")
	keep(t, h, 1, "Änn", "ta")

	for who, want := range map[string]int64{"": 1, "1": 1, "änn": 1, "bob": 2, "2": 2} {
		if a, err := h.Find(who); err != nil || a.ID != want {
			t.Errorf("%q is %+v, %v; want %d", who, a, err, want)
		}
	}
	if _, err := h.Find("eve"); err != ErrNoAccount {
		t.Errorf("a stranger: %v", err)
	}
	if all, err := h.Accounts(); err != nil || len(all) != 2 || all[0].ID != 1 || all[1].Name != "bob" {
		t.Errorf("the accounts are %+v, %v", all, err)
	}
}

func TestEachServerHasAccountsOfItsOwn(t *testing.T) {
	h := here(t)
	keep(t, h, 1, "ann", "t")

	if _, err := Of(h.root, []string{"a:1", "b:1", "a:1"}).Find("ann"); err != nil {
		t.Errorf("the same addresses in another order: %v", err)
	}
	if _, err := Of(h.root, []string{"a:1"}).Find(""); err != ErrNoAccount {
		t.Errorf("other addresses: %v", err)
	}
}

func TestNobodyElseCanReadWhatIsKept(t *testing.T) {
	h := here(t)
	a := keep(t, h, 1, "ann", "t")
	if _, err := h.Device(); err != nil {
		t.Fatal(err)
	}
	if err := a.Remember([]string{"@bob"}); err != nil {
		t.Fatal(err)
	}

	err := filepath.WalkDir(h.root, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if want := map[bool]os.FileMode{true: 0o700, false: 0o600}[e.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDeviceIsNamedOnce(t *testing.T) {
	h := here(t)

	first, err := h.Device()
	again, errAgain := h.Device()

	if err != nil || errAgain != nil || first != again || first == "" || len(first) > 64 {
		t.Errorf("the device is %q, %v and then %q, %v", first, err, again, errAgain)
	}
}

func TestOneLoginAtATimeHasTheToken(t *testing.T) {
	h := here(t)
	a := keep(t, h, 1, "ann", "t1")
	token, give, err := a.Borrow(t.Context())
	if err != nil || token != "t1" {
		t.Fatalf("borrowed %q, %v", token, err)
	}

	soon, stop := context.WithTimeout(t.Context(), 2*look)
	defer stop()
	if _, _, err := a.Borrow(soon); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "another process is logging in as ann") {
		t.Errorf("meanwhile: %v", err)
	}

	if err := give("t2"); err != nil {
		t.Fatal(err)
	}
	token, give, err = a.Borrow(t.Context())
	if err != nil || token != "t2" {
		t.Errorf("then borrowed %q, %v", token, err)
	}
	if err := give(""); err != nil {
		t.Fatal(err)
	}
	if token, _, err = a.Borrow(t.Context()); err != nil || token != "t2" {
		t.Errorf("where no successor came borrowed %q, %v", token, err)
	}
}

func TestLoginByPasswordWaitsForTheOneByToken(t *testing.T) {
	h := here(t)
	a := keep(t, h, 1, "ann", "t1")
	_, give, err := a.Borrow(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	soon, stop := context.WithTimeout(t.Context(), 2*look)
	defer stop()
	if _, err := h.Keep(soon, 1, "ann", "p1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("meanwhile: %v", err)
	}

	if err := give("t2"); err != nil {
		t.Fatal(err)
	}
	keep(t, h, 1, "ann", "p1")
	if token, _, err := a.Borrow(t.Context()); err != nil || token != "p1" {
		t.Errorf("then borrowed %q, %v", token, err)
	}
}

func TestLoggedOutAnAccountHasNoTokenButStillItsReaders(t *testing.T) {
	h := here(t)
	a := keep(t, h, 1, "ann", "t")
	if err := os.WriteFile(a.Path("tail"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	if err := a.Forget(); err != nil {
		t.Fatal(err)
	}

	if _, _, err := a.Borrow(t.Context()); !errors.Is(err, ErrNoAccount) {
		t.Errorf("borrow: %v", err)
	}
	if _, err := h.Find(""); err != ErrNoAccount {
		t.Errorf("find: %v", err)
	}
	if _, err := os.Stat(a.Path("tail")); err != nil {
		t.Error(err)
	}
}

func TestWordsAreThoseOfTheLastLogin(t *testing.T) {
	a := keep(t, here(t), 1, "ann", "t")
	for _, words := range [][]string{{"@bob", "#gophers"}, {"@cid"}, nil} {
		if err := a.Remember(words); err != nil {
			t.Fatal(err)
		}
		if got := a.Words(); !slices.Equal(got, words) {
			t.Errorf("remembered %q, want %q", got, words)
		}
	}
}

func TestDamagedLoginIsSaid(t *testing.T) {
	a := keep(t, here(t), 1, "ann", "t")
	if err := os.WriteFile(a.file(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, _, err := a.Borrow(t.Context())

	if err == nil || !strings.Contains(err.Error(), "remove it and log in again") {
		t.Errorf("borrow: %v", err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*look)
	defer stop()
	if _, _, err := a.Borrow(ctx); errors.Is(err, context.DeadlineExceeded) {
		t.Error("the lock was not given back")
	}
}

func TestFoldersAreWhereXDGHasThem(t *testing.T) {
	t.Setenv("HOME", "/home/ann")
	for value, want := range map[string]string{
		"/var/state": "/var/state/chatserver",
		"":           "/home/ann/.local/state/chatserver",
		"relative":   "/home/ann/.local/state/chatserver",
	} {
		t.Setenv("XDG_STATE_HOME", value)
		if got, err := Folder(); err != nil || got != want {
			t.Errorf("with %q it is %q, %v; want %q", value, got, err, want)
		}
	}
	t.Setenv("XDG_CONFIG_HOME", "")
	if got, err := ConfigFolder(); err != nil || got != "/home/ann/.config/chatserver" {
		t.Errorf("configuration is in %q, %v", got, err)
	}
}

func TestProcessesThatStartAtOnceAreOneDevice(t *testing.T) {
	root := t.TempDir()
	devices := make(chan string, 16)
	for range cap(devices) {
		go func() {
			device, err := Of(root, []string{"a:1"}).Device()
			if err != nil {
				t.Error(err)
			}
			devices <- device
		}()
	}
	first := <-devices
	for range cap(devices) - 1 {
		if next := <-devices; next != first {
			t.Errorf("one is %s, another %s", first, next)
		}
	}
}
