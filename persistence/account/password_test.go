package account

import (
	"strings"
	"testing"
)

var cheap = Cost{Memory: 64, Time: 1, Threads: 1}

func TestAHashIsOfItsPasswordOnly(t *testing.T) {
	hash := cheap.Hash("sesame ümlaut 密码")
	for password, want := range map[string]bool{"sesame ümlaut 密码": true, "sesame": false, "": false, "Sesame ümlaut 密码": false} {
		if got := DefaultCost.Verify(hash, password); got != want {
			t.Errorf("%q: %v", password, got)
		}
	}
}

func TestAHashCarriesItsCostAndASaltOfItsOwn(t *testing.T) {
	one, two := cheap.Hash("sesame"), cheap.Hash("sesame")
	if !strings.HasPrefix(one, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hash is %s", one)
	}
	if one == two {
		t.Error("two hashes are equal")
	}
}

func TestAHashOfAnotherImplementationIsRead(t *testing.T) {
	// The reference implementation's own test vector: its version 19, m=2^8, t=2, p=1.
	hash := "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if !cheap.Verify(hash, "password") {
		t.Error("not read")
	}
}

func TestAHashThatCannotBeReadIsOfNoPassword(t *testing.T) {
	good := cheap.Hash("sesame")
	for what, hash := range map[string]string{
		"empty":      "",
		"plain text": "sesame",
		"argon2i":    strings.Replace(good, "argon2id", "argon2i", 1),
		"version":    strings.Replace(good, "v=19", "v=16", 1),
		"memory":     strings.Replace(good, "m=64", "m=4294967295", 1),
		"time":       strings.Replace(good, "t=1", "t=99999999", 1),
		"threads":    strings.Replace(good, "p=1", "p=0", 1),
		"salt":       "$argon2id$v=19$m=64,t=1,p=1$!$" + strings.Repeat("A", 43),
		"no salt":    "$argon2id$v=19$m=64,t=1,p=1$$" + strings.Repeat("A", 43),
		"no hash":    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$",
		"cut":        good[:len(good)-30],
		"more":       good + "$",
	} {
		if cheap.Verify(hash, "sesame") {
			t.Errorf("%s: %s was taken", what, hash)
		}
	}
}

func TestACostIsReadAsItIsWritten(t *testing.T) {
	for _, s := range []string{"m=19456,t=2,p=1", "m=8,t=1,p=1", "m=262144,t=16,p=16"} {
		if c, err := ParseCost(s); err != nil || c.String() != s {
			t.Errorf("%s was read as %v, %v", s, c, err)
		}
	}
}

func TestACostOutOfBoundsIsRefused(t *testing.T) {
	for _, s := range []string{
		"", "19456", "m=19456", "t=2,m=19456,p=1", "m=19456,t=2,p=1,x=1", " m=19456,t=2,p=1", "m=+19456,t=2,p=1",
		"m=7,t=1,p=1", "m=15,t=1,p=2", "m=262145,t=1,p=1", "m=64,t=0,p=1", "m=64,t=17,p=1", "m=64,t=1,p=0", "m=4096,t=1,p=17",
		"m=4294967296,t=1,p=1", "m=-1,t=1,p=1",
	} {
		if c, err := ParseCost(s); err == nil {
			t.Errorf("%q was read as %v", s, c)
		}
	}
}
