package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBookKeepsItsAccounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts")
	b := &book{path: path, accounts: []*account{
		{ID: 1, Name: "b-0", Password: "secret", slowed: 3},
		{ID: 2, Name: "b-1", Password: "secret", Token: "t"},
	}}
	if err := b.save(); err != nil {
		t.Fatal(err)
	}

	again, err := openBook(path)

	if err != nil || len(again.accounts) != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	if got, want := *again.accounts[0], (account{ID: 1, Name: "b-0", Password: "secret"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := again.accounts[1].Token; got != "t" {
		t.Errorf("token %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestBookThatIsNotThereYetIsEmpty(t *testing.T) {
	b, err := openBook(filepath.Join(t.TempDir(), "accounts"))

	if err != nil || len(b.accounts) != 0 {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestBookSaysWhichLineIsNoAccount(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts")
	if err := os.WriteFile(path, []byte(`{"id":1}`+"\nhello\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := openBook(path)

	if err == nil || !strings.HasPrefix(err.Error(), path+":2 is no account") {
		t.Errorf("%v, want it to name line 2", err)
	}
}

func TestAccountsInTheBookAreNotRegisteredAgain(t *testing.T) {
	b := &book{accounts: []*account{{ID: 1}, {ID: 2}, {ID: 3}}}

	got, err := b.enroll(t.Context(), 2, nil, "b") // no address: nobody could be registered

	if err != nil || len(got) != 2 || len(b.accounts) != 3 {
		t.Errorf("%v, %v; want 2 of the 3", got, err)
	}
}
